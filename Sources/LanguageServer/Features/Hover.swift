import DSpecSemantics
import DSpecSyntax
import Diagnostics

extension Session {
  /// Answers `textDocument/hover` with kind, type and documentation of what stands at the place.
  func hover(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    let (document, offset) = try place(parameters)
    if let found = try symbol(parameters) {
      return Self.hover(
        describe(found.symbol, from: document.path), document.map.range(found.occurrence.span))
    }
    if let word = document.words.first(where: { $0.span.lower <= offset && offset <= $0.span.upper }),
      let text = describe(word, in: document)
    {
      return Self.hover(text, document.map.range(word.span))
    }
    for declaration in document.declarations
    where declaration.keywordSpan.lower <= offset && offset <= declaration.keywordSpan.upper {
      let entry = LanguageCatalog.declarations.first { $0.name == declaration.keyword.rawValue }
      guard let entry else { break }
      return Self.hover("`\(entry.name)`: \(entry.summary)", document.map.range(declaration.keywordSpan))
    }
    return .null
  }

  private static func hover(_ text: String, _ range: JSONValue) -> JSONValue {
    ["contents": ["kind": "markdown", "value": .string(text)], "range": range]
  }

  private func describe(_ word: WordOccurrence, in document: DocumentIndex) -> String? {
    let entry: LanguageCatalog.Entry?
    switch word.kind {
    case .field:
      let field = DeclarationSyntax.Keyword.allCases.lazy
        .filter { keyword in
          document.declarations.contains {
            $0.keyword == keyword && $0.span.lower <= word.span.lower && word.span.upper <= $0.span.upper
          }
        }
        .flatMap { LanguageCatalog.fields(of: $0) }.first { $0.name == word.text }
      return field.map { "field `\($0.name)`: \($0.summary)" }
    case .type: entry = LanguageCatalog.types.first { $0.name == word.text }
    case .measure: entry = LanguageCatalog.measures.first { $0.name == word.text }
    case .builtin: entry = LanguageCatalog.builtin(word.text)
    case .label: entry = nil
    }
    return entry.map { "`\($0.name)`: \($0.summary)" }
  }

  // MARK: Symbols

  /// A symbol in Markdown: its kind, its declaration as written, what the checker knows, and its
  /// documentation.
  func describe(_ symbol: Symbol, from path: String) -> String {
    guard let home = index.documents[symbol.key.path] else { return "`\(symbol.name)`" }
    let declaration = symbol.declaration.map { home.declarations[$0] }
    var parts = ["\(kindText(symbol)) `\(symbol.name)`"]
    if let code = code(symbol, declaration, in: home) { parts.append("```dspec\n\(code)\n```") }
    parts += facts(symbol, from: path)
    switch symbol.kind {
    case .declaration, .yield:
      if let text = declaration?.documentation { parts.append(text) }
    default: break
    }
    return parts.joined(separator: "\n\n")
  }

  private func kindText(_ symbol: Symbol) -> String {
    switch symbol.kind {
    case .declaration(let keyword):
      switch keyword {
      case .enum: "enumeration"
      case .param: "parameter"
      case .dist: "law"
      case .let: "definition"
      default: keyword.rawValue
      }
    case .yield: "mitigated sampler"
    case .enumCase(let type): "case of `\(type)`"
    case .variable(let binder): binder.isDraw ? "drawn variable" : "variable"
    case .port: "input"
    case .importAlias: "import"
    }
  }

  private func code(
    _ symbol: Symbol, _ declaration: DeclarationSyntax?, in home: DocumentIndex
  ) -> String? {
    switch symbol.kind {
    case .declaration, .yield: declaration.map { head(of: $0, in: home) }
    case .enumCase(let type): "\(type).\(symbol.name)"
    case .variable(let binder):
      "\(symbol.name) \(binder.isDraw ? "~" : "in") \(home.text(binder.source.span))"
    case .port(let port): "\(symbol.name): \(home.text(port.type.span))"
    case .importAlias(let target, _): "import \"\(target)\" as \(symbol.name)"
    }
  }

  /// The text of a declaration up to its block, and all of a declaration without one.
  private func head(of declaration: DeclarationSyntax, in home: DocumentIndex) -> String {
    var end = declaration.span.upper
    switch declaration.body {
    case .network(_, let block), .sampler(_, let block), .dataset(_, let block), .mitigation(_, _, let block),
      .hazard(_, let block), .property(_, let block), .goal(_, let block), .test(_, let block),
      .training(_, let block):
      end = block.span.lower
    case .damaged: end = declaration.name?.span.upper ?? declaration.keywordSpan.upper
    default: break
    }
    let text = home.file.text(in: declaration.span.lower..<end)
    let trimmed = text.prefix(1000)
    return String(trimmed.reversed().drop(while: \.isWhitespace).reversed())
  }

  /// What the checker knows of a symbol, if the specification of the document at `path` has no errors.
  private func facts(_ symbol: Symbol, from path: String) -> [String] {
    guard let spec = checks[path]?.spec ?? checks[symbol.key.path]?.spec else { return [] }
    func isHere(_ span: SourceSpan) -> Bool {
      span.lower == symbol.key.offset && spec.sources[span.source]?.name == symbol.key.path
    }
    switch symbol.kind {
    case .declaration(.param):
      return spec.parameters.filter { isHere($0.span) }.prefix(1).map {
        "type `\($0.type)`, value `\($0.value.text)`"
      }
    case .declaration(.domain):
      return spec.domains.filter { isHere($0.span) }.prefix(1).map {
        "type `\($0.type)`" + Self.size($0.type)
      }
    case .declaration(.dataset):
      return spec.datasets.filter { isHere($0.span) }.prefix(1).map { dataset in
        let rows = dataset.rows.map { ", \($0.count) records" } ?? ""
        return "records of type `\(dataset.elementType)`" + Self.size(dataset.elementType) + rows
      }
    case .declaration(.network):
      return spec.networks.filter { isHere($0.span) }.prefix(1).map { Self.signature($0.inputs, $0.output) }
    case .declaration(.sampler):
      return spec.samplers.filter { isHere($0.span) }.prefix(1).map { Self.signature($0.inputs, $0.output) }
    case .yield:
      let found = spec.mitigations.first { mitigation in
        mitigation.yields.split(separator: ".").last.map(String.init) == symbol.name
          && spec.sources[mitigation.span.source]?.name == symbol.key.path
      }
      guard let found else { return [] }
      var facts: [String] = []
      switch found.effect {
      case .attributeSwitching(let attribute, let step):
        facts.append("`\(found.base)` with `\(attribute)` switched after \(step) steps")
      case .contract(let kind): facts.append("`\(found.base)` after \(kind.rawValue)")
      }
      var base = found.base
      while let earlier = spec.mitigation(yielding: base) { base = earlier.base }
      if let sampler = spec.sampler(named: base) {
        facts.append(Self.signature(sampler.inputs, sampler.output))
      }
      return facts
    case .variable:
      return spec.properties.lazy.flatMap { $0.claim.binders }.filter { isHere($0.span) }.prefix(1).map {
        "type `\($0.type)`"
      }
    default: return []
    }
  }

  private static func size(_ type: TensorType) -> String {
    ", \(type.elementCount) \(type.elementCount == 1 ? "number" : "numbers")"
  }

  private static func signature(_ inputs: [Port], _ output: ValueType) -> String {
    let ports = inputs.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
    return "type `(\(ports)) -> \(output)`"
  }
}

extension Claim {
  /// The variables that the claim binds.
  var binders: [Binder] {
    switch self {
    case .forall(let binders, let predicate): binders + predicate.binders
    case .measure(let claim): claim.binders + expressions.flatMap(\.binders)
    case .general(let expression): expression.binders
    }
  }
}

extension TypedExpression {
  /// The variables that quantifiers and measures within the expression bind.
  fileprivate var binders: [Binder] {
    let own: [Binder]
    switch kind {
    case .quantified(_, let binders, _): own = binders
    case .measure(let term): own = term.binders
    default: own = []
    }
    return own + operands.flatMap(\.binders)
  }
}

extension ParameterValue {
  /// The value as in source text.
  var text: String {
    switch self {
    case .number(let value): value.sourceText
    case .enumCase(let type, let index): "\(type.name).\(type.cases[index])"
    }
  }
}
