import DSpecSemantics
import Diagnostics

extension Session {
  /// Checks the document at `path` and the open documents that its text may concern, and returns the
  /// notifications of what changed.
  mutating func recheck(after path: String) -> [JSONValue] {
    isIndexStale = true
    for root in documents.keys where root == path || depends(root, on: path) { check(root) }
    return publish(always: path)
  }

  /// Checks all open documents, since files may have changed.
  mutating func recheckAll() -> [JSONValue] {
    isIndexStale = true
    for root in documents.keys { check(root) }
    return publish(always: nil)
  }

  private mutating func check(_ root: String) {
    checks[root] = SpecificationChecker.check(root: root, loader: loader)
  }

  private func depends(_ root: String, on path: String) -> Bool {
    guard let known = checks[root] else { return true }
    // A file that could not be read may be the one that has changed.
    return known.sources.files.contains { $0.name == path }
      || known.diagnostics.contains { $0.code == .unreadableImport }
  }

  /// The notifications for the documents whose diagnostics differ from what the client has, and for
  /// `path` if it is open, so that the client learns that its text has been checked.
  ///
  /// An open document gets the diagnostics of its own check; a file that is imported but not open gets
  /// those of all checks that read it.
  private mutating func publish(always path: String?) -> [JSONValue] {
    var current: [String: [JSONValue]] = [:]
    var seen: Set<JSONValue> = []
    for root in checks.keys.sorted() {
      for (file, diagnostics) in diagnosticsByFile(root) where file == root || documents[file] == nil {
        for diagnostic in diagnostics where seen.insert([.string(file), diagnostic]).inserted {
          current[file, default: []].append(diagnostic)
        }
      }
    }
    var messages: [JSONValue] = []
    for file in Set(current.keys).union(published.keys).union(documents.keys).sorted() {
      let diagnostics = JSONValue.array(current[file] ?? [])
      let isKnown = published[file] ?? .array([]) == diagnostics
      published[file] = diagnostics == .array([]) ? nil : diagnostics
      if isKnown, file != path { continue }
      var parameters: [String: JSONValue] = ["uri": .string(uri(of: file)), "diagnostics": diagnostics]
      if let version = documents[file]?.version { parameters["version"] = .integer(version) }
      messages.append([
        "jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": .object(parameters),
      ])
    }
    return messages
  }

  private func diagnosticsByFile(_ root: String) -> [(file: String, diagnostics: [JSONValue])] {
    guard let checked = checks[root] else { return [] }
    var maps: [SourceID: PositionMap] = [:]
    func map(_ id: SourceID) -> PositionMap {
      if let known = maps[id] { return known }
      let made = PositionMap(checked.sources[id]?.utf8 ?? [])
      maps[id] = made
      return made
    }
    func location(_ span: SourceSpan) -> JSONValue {
      let file = checked.sources[span.source]?.name ?? root
      return ["uri": .string(uri(of: file)), "range": map(span.source).range(span)]
    }
    let groups = Dictionary(grouping: checked.diagnostics) { checked.sources[$0.span.source]?.name ?? root }
    return groups.sorted { $0.key < $1.key }.map { file, diagnostics in
      let values = diagnostics.map { diagnostic -> JSONValue in
        var value: [String: JSONValue] = [
          "range": map(diagnostic.span.source).range(diagnostic.span),
          "severity": .integer(diagnostic.severity.protocolNumber),
          "code": .string(diagnostic.code.rawValue), "source": "dspec",
          "message": .string(diagnostic.message + (diagnostic.help.map { "\nhelp: \($0)" } ?? "")),
        ]
        if !diagnostic.notes.isEmpty {
          value["relatedInformation"] = .array(
            diagnostic.notes.map { ["location": location($0.span), "message": .string($0.message)] })
        }
        return .object(value)
      }
      return (file, values)
    }
  }
}

extension Severity {
  /// The number of the severity in the protocol.
  var protocolNumber: Int {
    switch self {
    case .error: 1
    case .warning: 2
    case .note: 3
    }
  }
}
