import DSpecSemantics
import Diagnostics
import Foundation
import Lowering

/// The files of the corpus by path from its root, the text of one of them replaced.
struct CorpusFolder: SourceLoader, ArtifactSource {
  let replaced: (path: String, text: String)

  func bytes(at path: String) -> [UInt8]? {
    if path == replaced.path { return Array(replaced.text.utf8) }
    return (try? Data(contentsOf: Corpus.root.appending(path: path))).map { Array($0) }
  }

  func bytes(at path: String, as role: ArtifactRole) throws -> [UInt8] {
    Array(try Data(contentsOf: Corpus.root.appending(path: path)))
  }
}

/// A specification of the corpus with its models, ready to be lowered.
struct CorpusProject: Sendable {
  let spec: TypedSpec
  let library: ModelLibrary

  /// Why a text is no specification: the codes of its errors, and what the user would see.
  struct Rejection: Error {
    let codes: [String]
    let text: String
  }

  /// Checks a text as if it stood at `path` in the corpus, and reads its models.
  init(path: String, text: String) throws {
    let folder = CorpusFolder(replaced: (path, text))
    let checked = SpecificationChecker.check(root: path, loader: folder, parameters: [:])
    guard let spec = checked.spec else {
      throw Rejection(
        codes: checked.diagnostics.filter { $0.severity == .error }.map(\.code.rawValue),
        text: TerminalRenderer(sources: checked.sources).render(checked.diagnostics))
    }
    self.spec = spec
    library = try ModelLibrary(spec, from: folder)
  }
}
