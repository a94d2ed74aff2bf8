package import Certificates
import DSpecSemantics
import Diagnostics
import Foundation
package import Lowering
import ModelFormats
import Replay
import RigorousArithmetic

extension SpecRecord {
  /// What a certificate says of a project's specification, as far as the files alone say it.
  ///
  /// - Throws: `CertificateError` PATH for a file outside the project's folder.
  package init(_ project: Project) throws(CertificateError) {
    var sources: [FileRecord] = []
    for file in project.spec.sources.sourceFiles {
      sources.append(FileRecord(name: try CertificateAssembly.relative(file.name), content: file.utf8))
    }
    var parameters: [String: String] = [:]
    for item in project.spec.parameters where item.isOverridden {
      parameters[item.name] = Self.text(item.value)
    }
    self.init(
      root: try CertificateAssembly.relative(project.root), sources: sources, parameters: parameters)
  }

  private static func text(_ value: ParameterValue) -> String {
    switch value {
    case .number(let number): number.description
    case .enumCase(let type, let index): "\(type.name).\(type.cases[index])"
    }
  }
}

extension FileRecord {
  /// The record of a network or of data that was read.
  ///
  /// - Throws: `CertificateError` PATH for a file outside the project's folder.
  package init(_ file: LoadedFile) throws(CertificateError) {
    self.init(name: try CertificateAssembly.relative(file.path), content: file.bytes)
  }
}

extension Project {
  /// Networks and data that the specification names, as far as they are there.
  ///
  /// - Throws: `CertificateError` PATH for a file outside the project's folder, READ for one that cannot be read.
  package func presentFiles() throws(CertificateError) -> [FileRecord] {
    var files: [FileRecord] = []
    for path in ModelLibrary.paths(of: spec) {
      let name = try CertificateAssembly.relative(path)
      guard FileManager.default.fileExists(atPath: folder + "/" + path) else { continue }
      let bytes: [UInt8]
      do {
        bytes = try ModelFile.bytes(at: folder + "/" + path)
      } catch {
        throw CertificateError(.read, at: path, "\(error)", fix: "make the file readable")
      }
      files.append(FileRecord(name: name, content: bytes))
    }
    return files
  }
}
