import Certificates
package import DSpecSemantics
package import Diagnostics
import Foundation
package import Lowering
import ModelFormats

/// A specification on disk with everything that it names.
package struct Project: Sendable {
  /// Folder of the root file.
  package let folder: String
  /// Name of the root file within it.
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

  /// Reads and checks a specification.
  package init(path: String, parameters: [String: String]) throws(Failure) {
    let url = URL(fileURLWithPath: path)
    folder = url.deletingLastPathComponent().path
    root = url.lastPathComponent
    guard FileManager.default.fileExists(atPath: path) else {
      throw .file("`\(path)` does not exist; give the path of a `.dspec` file")
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
      guard let declared = file.declaredDigest else { continue }
      let found = ContentDigest(of: file.bytes).hex
      guard found == declared else {
        throw .mismatch(
          "`\(file.path)` has sha256 \(found), the specification declares \(declared): restore the file, or state "
            + "its digest after reviewing the change", file.span)
      }
    }
    return library
  }
}
