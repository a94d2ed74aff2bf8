import DSpecSyntax
import Diagnostics

extension Session {
  /// Answers `textDocument/completion`.
  func completion(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    let (document, offset) = try place(parameters)
    let context = CompletionContext(document, offset: offset)
    var seen: Set<String> = []
    let items = proposals(context, in: document).filter { seen.insert($0.label).inserted }
    return ["isIncomplete": false, "items": .array(items.map { item($0) })]
  }

  /// A proposal before it is put into the form of the protocol.
  struct Proposal: Hashable {
    /// The name.
    let label: String
    /// The number of the kind of proposal in the protocol.
    let kind: Int
    /// A short explanation beside the name.
    var detail: String?
    /// Markdown.
    var documentation: String?
    /// What to insert instead of the name, with the places of snippets.
    var snippet: String?
  }

  private func item(_ proposal: Proposal) -> JSONValue {
    var value: [String: JSONValue] = ["label": .string(proposal.label), "kind": .integer(proposal.kind)]
    if let detail = proposal.detail { value["detail"] = .string(detail) }
    if let text = proposal.documentation {
      value["documentation"] = ["kind": "markdown", "value": .string(text)]
    }
    if hasSnippets, let snippet = proposal.snippet {
      value["insertText"] = .string(snippet)
      value["insertTextFormat"] = 2
    }
    return .object(value)
  }

  private func proposals(_ context: CompletionContext, in document: DocumentIndex) -> [Proposal] {
    switch context.place {
    case .nothing: return []
    case .words(let words): return Self.words(words)
    case .topLevel:
      let hasDeclarations = !document.declarations.isEmpty
      return Self.entries(LanguageCatalog.declarations, kind: 14)
        + (hasDeclarations ? [] : Self.entries(LanguageCatalog.clauses, kind: 14))
    case .member(let path): return members(of: path, in: document)
    case .lawMember: return Self.entries(LanguageCatalog.lawMembers, kind: 3)
    case .type:
      return Self.entries(LanguageCatalog.types.filter { $0.name != "Bool" }, kind: 7)
        + globals(of: document) { $0 == .enum }
    case .fieldName: return fieldNames(context)
    case .fieldValue(let field): return values(of: field, context, in: document)
    case .binderSource(let isDraw):
      return globals(of: document) { isDraw ? $0 == .dist : [.domain, .enum, .dataset].contains($0) }
        + (isDraw ? Self.entries(LanguageCatalog.laws, kind: 3) : [])
    case .set: return Self.entries(LanguageCatalog.sets, kind: 3)
    case .law: return Self.entries(LanguageCatalog.laws, kind: 3)
    case .mitigationBase: return globals(of: document) { $0 == .sampler }
    case .mitigationKind:
      return Self.entries(LanguageCatalog.mitigationKinds, kind: 3)
    case .operand(let callee):
      let labels = callee.map { LanguageCatalog.labels(of: $0) } ?? []
      return labels.map { Proposal(label: $0, kind: 5, detail: "argument", snippet: "\($0): ") }
        + operands(context, in: document)
    case .labelled(let label):
      let choices = LanguageCatalog.choices(ofLabel: label)
      return choices.isEmpty ? operands(context, in: document) : Self.entries(choices, kind: 20)
    case .afterOperand(let inBlock):
      let operators: [Keyword] = [.and, .or, .implies, .where, .in, .predicts, .given]
      return (context.field == "claim" ? Self.words(operators.map(\.rawValue)) : [])
        + (inBlock ? fieldNames(context) : [])
    }
  }

  private static func words(_ words: [String]) -> [Proposal] {
    words.map { Proposal(label: $0, kind: 14) }
  }

  private static func entries(_ entries: [LanguageCatalog.Entry], kind: Int) -> [Proposal] {
    entries.map {
      Proposal(label: $0.name, kind: kind, documentation: $0.summary, snippet: $0.snippet)
    }
  }

  // MARK: Names

  /// The declarations of a document that `isWanted`, and all its imports.
  private func globals(
    of document: DocumentIndex, where isWanted: (DeclarationSyntax.Keyword) -> Bool
  ) -> [Proposal] {
    document.globals.values.sorted { $0.key < $1.key }.compactMap { symbol in
      switch symbol.kind {
      case .declaration(let keyword): isWanted(keyword) ? proposal(symbol, in: document) : nil
      case .yield: isWanted(.sampler) ? proposal(symbol, in: document) : nil
      case .importAlias: proposal(symbol, in: document)
      default: nil
      }
    }
  }

  private func proposal(_ symbol: Symbol, in document: DocumentIndex) -> Proposal {
    let declaration = symbol.declaration.map { document.declarations[$0] }
    let detail =
      switch symbol.kind {
      case .yield: "mitigated sampler"
      case .importAlias: "import"
      default: declaration?.keyword.rawValue ?? ""
      }
    return Proposal(
      label: symbol.name, kind: symbol.kind.completionNumber, detail: detail,
      documentation: declaration?.documentation)
  }

  private func members(of path: [String], in document: DocumentIndex) -> [Proposal] {
    let symbols = index.resolve(path, in: document)
    guard symbols.count == path.count, let last = symbols.last else { return [] }
    switch last.kind {
    case .importAlias(let target, _):
      guard let other = index.documents[target] else { return [] }
      return globals(of: other) { _ in true }.filter { $0.detail != "import" }
    case .declaration(.enum):
      guard let home = index.documents[last.key.path], let declaration = last.declaration,
        case .enumeration(let cases) = home.declarations[declaration].body
      else { return [] }
      return cases.map { Proposal(label: $0.text, kind: 20, detail: "case of \(last.name)") }
    default: return []
    }
  }

  private func operands(_ context: CompletionContext, in document: DocumentIndex) -> [Proposal] {
    let names = globals(of: document) {
      [.param, .network, .sampler, .enum, .dataset].contains($0)
        || [.domain, .dist].contains($0) && [.domain, .dist].contains(context.keyword)
    }
    let variables = context.variables.map { Proposal(label: $0, kind: 6, detail: "variable") }
    let prefixes: [Keyword] = [.forall, .exists, .not, .if, .true, .false]
    let words = context.field == "claim" ? Self.words(prefixes.map(\.rawValue)) : []
    let measures = context.field == "claim" ? LanguageCatalog.measures.filter { $0.name != "E" } : []
    return variables + names + Self.entries(LanguageCatalog.functions, kind: 3)
      + Self.entries(measures, kind: 3) + words
  }

  // MARK: Fields

  private func fieldNames(_ context: CompletionContext) -> [Proposal] {
    guard let keyword = context.keyword else { return [] }
    return LanguageCatalog.fields(of: keyword).filter { !context.givenFields.contains($0.name) }.map {
      Proposal(
        label: $0.name, kind: 5, detail: $0.isRequired ? "field" : "field, optional",
        documentation: $0.summary, snippet: "\($0.name): ")
    }
  }

  private func values(
    of field: String, _ context: CompletionContext, in document: DocumentIndex
  ) -> [Proposal] {
    guard let keyword = context.keyword,
      let known = LanguageCatalog.fields(of: keyword).first(where: { $0.name == field })
    else { return [] }
    switch (keyword, field) {
    case (.sampler, "denoiser"), (.sampler, "decoder"): return globals(of: document) { $0 == .network }
    case (.property, "mitigates"): return globals(of: document) { $0 == .hazard }
    case (.property, "claim"), (.dataset, "scale"): return operands(context, in: document)
    case (.mitigation, "attribute"):
      guard let sampler = index.resolve(context.base, in: document).last else { return [] }
      return index.ports(of: sampler).keys.sorted().map { Proposal(label: $0, kind: 5, detail: "input") }
    default: return Self.entries(known.choices, kind: 20)
    }
  }
}

extension SymbolKind {
  /// The number of the kind of completion item in the protocol.
  var completionNumber: Int {
    switch self {
    case .declaration(let keyword):
      switch keyword {
      case .enum: 13
      case .param, .let: 21
      case .network, .sampler: 3
      case .domain, .dist, .dataset: 22
      case .hazard: 23
      default: 10
      }
    case .yield: 3
    case .enumCase: 20
    case .variable, .port: 6
    case .importAlias: 9
    }
  }
}
