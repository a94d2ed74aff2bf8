import Certificates
package import DSpecSemantics
package import Diagnostics
import Foundation
package import Lowering
import ModelFormats

/// A specification on disk with everything that it names.
package struct Project: Sendable {
  /// The folder that holds every file of the project: that of the root file, or one above it.
  package let folder: String
  /// Name of the root file within the folder.
  package let root: String
  /// The checked specification.
  package let spec: TypedSpec
  /// Warnings and notes.
  package let diagnostics: [Diagnostic]

  /// Why a project cannot be used.
  package enum Failure: Error {
    /// The specification has errors.
    case invalid([Diagnostic], SourceMap)
    /// A file cannot be read.
    case file(String)
  }

  /// The largest root file in bytes.
  private static let largestFile = 64 << 20

  /// Reads and checks a specification, whose project is the folder of its file unless another one above it is named.
  package init(
    path: String, parameters: [String: String], within named: String? = nil
  ) throws(Failure) {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    if let named {
      let above = URL(fileURLWithPath: named, isDirectory: true).standardizedFileURL.pathComponents
      let own = url.pathComponents
      guard own.count > above.count, own.starts(with: above) else {
        throw .file("`\(path)` does not lie below the project `\(named)`; name a folder above the file")
      }
      folder = URL(fileURLWithPath: named, isDirectory: true).path
      root = own.dropFirst(above.count).joined(separator: "/")
    } else {
      folder = url.deletingLastPathComponent().path
      root = url.lastPathComponent
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw .file("`\(path)` does not exist; give the path of a `.dspec` file")
    }
    do {
      _ = try FileReading.content(of: path, limit: Project.largestFile)
    } catch {
      throw .file("\(error)")
    }
    let checked = SpecificationChecker.check(
      root: root, loader: ProjectFolder(path: folder), parameters: parameters)
    guard let spec = checked.spec else { throw .invalid(checked.diagnostics, checked.sources) }
    self.spec = spec
    diagnostics = checked.diagnostics
  }

  /// Reads the model and data files.
  package func library() throws(LoweringError) -> ModelLibrary {
    let library = try ModelLibrary(spec, from: ProjectFolder(path: folder))
    for file in library.modelFiles + library.dataFiles {
      guard !file.declared.isEmpty else { continue }
      let found = ContentDigest(of: file.bytes).hex
      for declared in file.declared where found != declared.sha256 {
        throw .mismatch(
          "`\(file.path)` has sha256 \(found), the specification declares \(declared.sha256): restore the file, or "
            + "state its digest after reviewing the change", declared.span)
      }
    }
    return library
  }
}
