import DSpecSemantics
import Diagnostics

extension Session {
  /// Answers `textDocument/codeAction` with the fix-its of the diagnostics in the range.
  func codeActions(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    let document = try document(parameters)
    guard let range = document.map.offsets(of: parameters["range"]) else {
      throw ResponseError(.invalidParameters, "code actions need a range")
    }
    if let only = parameters["context"]?["only"]?.arrayValue,
      !only.contains(where: { $0 == "quickfix" || $0 == "" })
    {
      return []
    }
    guard let checked = checks[document.path] else { return [] }
    let actions = checked.diagnostics.flatMap { diagnostic -> [JSONValue] in
      guard checked.sources[diagnostic.span.source]?.name == document.path,
        diagnostic.span.lower <= range.upperBound, range.lowerBound <= diagnostic.span.upper
      else { return [] }
      return diagnostic.fixIts.map { fixIt in
        [
          "title": .string(fixIt.title), "kind": "quickfix",
          "isPreferred": .boolean(diagnostic.fixIts.count == 1),
          "diagnostics": .array(matching(diagnostic, parameters, in: document)),
          "edit": ["changes": .object(changes(of: fixIt, in: checked.sources))],
        ]
      }
    }
    return .array(actions)
  }

  /// The diagnostics that the client sent along and that are `diagnostic`.
  private func matching(
    _ diagnostic: Diagnostic, _ parameters: JSONValue, in document: DocumentIndex
  ) -> [JSONValue] {
    (parameters["context"]?["diagnostics"]?.arrayValue ?? []).filter {
      $0["code"]?.stringValue == diagnostic.code.rawValue
        && $0["range"] == document.map.range(diagnostic.span)
    }
  }

  private func changes(of fixIt: FixIt, in sources: SourceMap) -> [String: JSONValue] {
    var changes: [String: [JSONValue]] = [:]
    for edit in fixIt.edits {
      guard let file = sources[edit.span.source] else { continue }
      changes[uri(of: file.name), default: []].append([
        "range": PositionMap(file.utf8).range(edit.span), "newText": .string(edit.replacement),
      ])
    }
    return changes.mapValues { .array($0) }
  }
}
