import DSpecSemantics
import DSpecSyntax
import Diagnostics

extension Session {
  /// Answers `textDocument/definition`; the name of an import leads to the imported file.
  func definition(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    let (document, offset) = try place(parameters)
    guard let found = try symbol(parameters) else {
      return importedFile(at: offset, in: document) ?? .null
    }
    if case .importAlias(let target, _) = found.symbol.kind { return start(of: target) ?? .null }
    return location(found.symbol.key.path, found.symbol.span) ?? .null
  }

  private func importedFile(at offset: Int, in document: DocumentIndex) -> JSONValue? {
    for item in document.parsed.syntax.imports
    where item.targetSpan.lower <= offset && offset <= item.targetSpan.upper {
      switch item.target {
      case .file(let relative): return start(of: SourcePath.resolve(relative, from: document.path))
      case .module(let path):
        return SourcePath.standardLibrary(path.names.map(\.text)).flatMap { start(of: $0) }
      }
    }
    return nil
  }

  private func start(of path: String) -> JSONValue? {
    location(path, SourceSpan(source: SourceID(index: 0), lower: 0, upper: 0))
  }

  /// Answers `textDocument/references` over the open documents and all that they import.
  func references(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    guard let found = try symbol(parameters) else { return .null }
    let withDefinition = parameters["context"]?["includeDeclaration"]?.booleanValue ?? true
    return .array(
      index.occurrences(of: found.symbol.key)
        .filter { withDefinition || !$0.occurrence.isDefinition }
        .compactMap { location($0.path, $0.occurrence.span) })
  }

  /// Answers `textDocument/documentHighlight`.
  func highlights(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    guard let found = try symbol(parameters) else { return .null }
    return .array(
      (index.occurrences[found.document.path] ?? []).filter { $0.symbol == found.symbol.key }.map {
        // 2 reads and 3 writes a symbol.
        ["range": found.document.map.range($0.span), "kind": $0.isDefinition ? 3 : 2]
      })
  }
}
