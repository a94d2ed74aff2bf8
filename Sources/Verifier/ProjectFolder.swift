import DSpecSemantics
import Diagnostics
import Foundation
package import Lowering
import ModelFormats
import SpecLibrary

/// The files of a project's folder and of the standard library.
package struct ProjectFolder: SourceLoader, ArtifactSource {
  /// The folder.
  package let path: String
  /// Contents that take the place of files, by name.
  package var replaced: [String: [UInt8]] = [:]

  /// The files below a folder.
  package init(path: String) {
    self.path = path
  }

  package func bytes(at name: String) -> [UInt8]? {
    if let bytes = replaced[name] { return bytes }
    let library = SourcePath.standardLibrary + "/"
    guard name.hasPrefix(library) else { return try? ModelFile.bytes(at: path + "/" + name) }
    return StandardLibrary.folder.flatMap {
      try? ModelFile.bytes(at: $0 + "/" + name.dropFirst(library.count))
    }
  }

  package var modules: [String] { StandardLibrary.modules() }

  package func bytes(at name: String, as role: ArtifactRole) throws -> [UInt8] {
    try ModelFile.bytes(at: path + "/" + name)
  }
}
