import DSpecSyntax
import Diagnostics

extension Session {
  /// Answers `textDocument/documentSymbol`: the declarations, with cases, inputs and yielded samplers in
  /// them; a flat list for clients that show no tree.
  func documentSymbols(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    let document = try document(parameters)
    var children: [Int: [Symbol]] = [:]
    for symbol in document.symbols {
      switch symbol.kind {
      case .enumCase, .port, .yield:
        if let declaration = symbol.declaration { children[declaration, default: []].append(symbol) }
      default: break
      }
    }
    var result: [JSONValue] = []
    for (position, declaration) in document.declarations.enumerated() {
      guard let name = declaration.name else { continue }
      let inner = children[position] ?? []
      guard hasSymbolTree else {
        result.append(flat(name.text, declaration.keyword.symbolNumber, declaration.span, in: document))
        result += inner.map {
          flat($0.name, $0.kind.symbolNumber, $0.span, container: name.text, in: document)
        }
        continue
      }
      result.append([
        "name": .string(name.text), "kind": .integer(declaration.keyword.symbolNumber),
        "detail": .string(detail(declaration, in: document)),
        "range": document.map.range(declaration.span), "selectionRange": document.map.range(name.span),
        "children": .array(
          inner.map {
            [
              "name": .string($0.name), "kind": .integer($0.kind.symbolNumber),
              "range": document.map.range($0.span), "selectionRange": document.map.range($0.span),
            ]
          }),
      ])
    }
    return .array(result)
  }

  private func flat(
    _ name: String, _ kind: Int, _ span: SourceSpan, container: String? = nil, in document: DocumentIndex
  ) -> JSONValue {
    var value: [String: JSONValue] = [
      "name": .string(name), "kind": .integer(kind),
      "location": ["uri": .string(uri(of: document.path)), "range": document.map.range(span)],
    ]
    if let container { value["containerName"] = .string(container) }
    return .object(value)
  }

  private func detail(_ declaration: DeclarationSyntax, in document: DocumentIndex) -> String {
    switch declaration.body {
    case .parameter(let type, _), .domain(let type, _), .law(let type, _), .dataset(let type, _):
      document.text(type.span)
    case .hazard(let title?, _), .property(let title?, _): title
    default: declaration.keyword.rawValue
    }
  }
}

extension DeclarationSyntax.Keyword {
  /// The number of the kind of symbol in the protocol.
  var symbolNumber: Int {
    switch self {
    case .enum: 10
    case .param, .let: 14
    case .domain, .dist: 23
    case .network, .sampler: 12
    case .mitigation: 6
    case .dataset: 18
    case .hazard: 24
    case .property, .goal, .test, .training: 7
    }
  }
}

extension SymbolKind {
  /// The number of the kind of symbol in the protocol.
  var symbolNumber: Int {
    switch self {
    case .declaration(let keyword): keyword.symbolNumber
    case .yield: 12
    case .enumCase: 22
    case .variable, .port: 13
    case .importAlias: 3
    }
  }
}
