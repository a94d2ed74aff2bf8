import DSpecSyntax
import Diagnostics

extension Session {
  /// Answers `textDocument/prepareRename`: the place of the name, or an error that says why it stays.
  func prepareRename(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    guard let found = try symbol(parameters) else { return .null }
    try checkRenamable(found.symbol)
    return [
      "range": found.document.map.range(found.occurrence.span), "placeholder": .string(found.symbol.name),
    ]
  }

  /// Answers `textDocument/rename` with the edits of all open and imported files.
  ///
  /// A new name that the language reserves, or that means something else at one of the places, is refused,
  /// and so is any renaming while one of the files has a syntax error, since names might be overlooked.
  func rename(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    guard let newName = parameters["newName"]?.stringValue else {
      throw ResponseError(.invalidParameters, "a renaming needs a new name")
    }
    guard let found = try symbol(parameters) else {
      throw ResponseError(.requestFailed, "nothing that can be renamed stands here")
    }
    try checkRenamable(found.symbol)
    try checkForm(newName)
    let occurrences = index.occurrences(of: found.symbol.key)
    if newName != found.symbol.name {
      try checkClashes(found.symbol, newName, in: Set(occurrences.map(\.path)))
    }
    var changes: [String: [JSONValue]] = [:]
    for (path, occurrence) in occurrences {
      guard let document = index.documents[path] else { continue }
      changes[uri(of: path), default: []].append([
        "range": document.map.range(occurrence.span), "newText": .string(newName),
      ])
    }
    return ["changes": .object(changes.mapValues { .array($0) })]
  }

  private func checkRenamable(_ symbol: Symbol) throws(ResponseError) {
    if case .importAlias(_, isWritten: false) = symbol.kind {
      throw ResponseError(
        .requestFailed, "`\(symbol.name)` is the name of the file; give the import a name with `as` first")
    }
    for path in index.documents.keys.sorted() where index.documents[path]?.hasSyntaxErrors == true {
      throw ResponseError(
        .requestFailed, "`\(path)` has syntax errors, so names in it may be overlooked; mend them first")
    }
  }

  private func checkForm(_ name: String) throws(ResponseError) {
    let isIdentifier =
      name.utf8.first.map { $0 == 0x5F || (0x61...0x7A).contains($0 | 0x20) } ?? false
      && name.utf8.allSatisfy {
        $0 == 0x5F || (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0)
      }
    guard isIdentifier else {
      throw ResponseError(
        .requestFailed, "`\(name)` is no name; names are letters, digits and `_`, and begin with no digit")
    }
    guard Keyword(rawValue: name) == nil, !LanguageCatalog.reservedNames.contains(name) else {
      throw ResponseError(.requestFailed, "`\(name)` has a meaning of its own in the language")
    }
  }

  private func checkClashes(
    _ symbol: Symbol, _ newName: String, in paths: Set<String>
  ) throws(ResponseError) {
    guard let home = index.documents[symbol.key.path] else { return }
    let clash: Symbol?
    switch symbol.kind {
    case .enumCase:
      clash = symbol.declaration.flatMap { home.cases[$0]?[newName] }
    case .port: clash = clashingPort(symbol, newName, in: paths)
    case .variable:
      clash =
        home.globals[newName]
        ?? variables(of: home, named: newName).first {
          $0.declaration == symbol.declaration
        }
    case .declaration, .yield, .importAlias:
      clash = home.globals[newName] ?? variables(of: home, named: newName).first
    }
    guard let clash else { return }
    let place = index.documents[clash.key.path]?.map.position(of: clash.span.lower)
    throw ResponseError(
      .requestFailed,
      "`\(newName)` is already declared in `\(clash.key.path)`, line \((place?.line ?? 0) + 1)")
  }

  private func variables(of document: DocumentIndex, named name: String) -> [Symbol] {
    document.symbols.filter {
      guard $0.name == name, case .variable = $0.kind else { return false }
      return true
    }
  }

  /// An input of the new name beside an input that would be renamed.
  private func clashingPort(_ symbol: Symbol, _ newName: String, in paths: Set<String>) -> Symbol? {
    for path in paths.sorted() {
      guard let document = index.documents[path] else { continue }
      let concerned = (index.occurrences[path] ?? []).filter { $0.symbol == symbol.key }.map(\.span.lower)
      for ports in document.ports.values {
        guard let clash = ports[newName], ports.values.contains(where: { concerned.contains($0.span.lower) })
        else { continue }
        return clash
      }
    }
    return nil
  }
}
