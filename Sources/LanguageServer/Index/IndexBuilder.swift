import DSpecSemantics
import DSpecSyntax
import Diagnostics

/// Collects the names of a document.
///
/// The recursion over expressions is bounded by `ExpressionSyntax.maximumHeight`.
struct IndexBuilder {
  /// How a name or a callee at some place is to be read.
  enum Reading {
    /// Names and callees stand for symbols or built-in functions.
    case value
    /// Callees are built-in, as in `box(-4, 4)`; other names stand for symbols.
    case construction
    /// Names and callees are built-in choices, as in `evidence: proof`.
    case choice
  }

  var index: DocumentIndex

  init(_ index: DocumentIndex) {
    self.index = index
  }

  mutating func build() {
    indexHeader()
    for (position, declaration) in index.declarations.enumerated() { define(declaration, at: position) }
    for (position, declaration) in index.declarations.enumerated() { walk(declaration, at: position) }
    index.symbols.sort { $0.key < $1.key }
  }

  // MARK: Definitions

  @discardableResult
  private mutating func define(_ name: NameSyntax, _ kind: SymbolKind, declaration: Int?) -> Symbol {
    let symbol = Symbol(
      key: SymbolKey(path: index.path, offset: name.span.lower), name: name.text, span: name.span,
      kind: kind, declaration: declaration)
    index.symbols.append(symbol)
    return symbol
  }

  private mutating func defineGlobal(_ name: NameSyntax, _ kind: SymbolKind, declaration: Int?) {
    let symbol = define(name, kind, declaration: declaration)
    if index.globals[name.text] == nil { index.globals[name.text] = symbol }
  }

  private mutating func indexHeader() {
    for item in index.parsed.syntax.imports {
      let alias: NameSyntax
      let target: String
      switch item.target {
      case .file(let relative):
        alias = item.alias ?? NameSyntax(text: SourcePath.stem(relative), span: item.targetSpan)
        target = SourcePath.resolve(relative, from: index.path)
      case .module(let path):
        guard let last = path.names.last, let found = SourcePath.standardLibrary(path.names.map(\.text))
        else {
          continue
        }
        (alias, target) = (item.alias ?? last, found)
      }
      if index.imports[alias.text] == nil { index.imports[alias.text] = target }
      defineGlobal(
        alias, .importAlias(target: target, isWritten: item.alias != nil), declaration: nil)
    }
  }

  private mutating func define(_ declaration: DeclarationSyntax, at position: Int) {
    if let name = declaration.name {
      defineGlobal(name, .declaration(declaration.keyword), declaration: position)
    }
    switch declaration.body {
    case .enumeration(let cases):
      for item in cases {
        let symbol = define(item, .enumCase(of: declaration.name?.text ?? ""), declaration: position)
        if index.cases[position]?[item.text] == nil {
          index.cases[position, default: [:]][item.text] = symbol
        }
      }
    case .network(let signature, _), .sampler(let signature, _):
      for port in signature.inputs {
        let symbol = define(port.name, .port(port), declaration: position)
        if index.ports[position]?[port.name.text] == nil {
          index.ports[position, default: [:]][port.name.text] = symbol
        }
      }
    case .definition(let inputs, _, _):
      for port in inputs ?? [] { define(port.name, .port(port), declaration: position) }
    case .mitigation(_, _, let block):
      if let field = block.fields.first(where: { $0.name.text == "yields" }),
        case .name(let text) = field.value.kind
      {
        defineGlobal(
          NameSyntax(text: text, span: nameSpan(of: field.value, text)), .yield, declaration: position)
      }
    default: break
    }
  }

  // MARK: References

  private mutating func word(_ name: NameSyntax, _ kind: WordOccurrence.Kind) {
    index.words.append(WordOccurrence(span: name.span, text: name.text, kind: kind))
  }

  private mutating func walk(_ declaration: DeclarationSyntax, at position: Int) {
    switch declaration.body {
    case .enumeration, .damaged: break
    case .goal(_, let block): walk(block, of: .goal, at: position)
    case .test(_, let block): walk(block, of: .test, at: position)
    case .training(let network, let block):
      index.paths.append(network.names)
      walk(block, of: .training, at: position)
    case .definition(let inputs, let type, let value):
      var variables: [String: Symbol] = [:]
      for port in inputs ?? [] {
        walk(port.type)
        variables[port.name.text] = index.symbols.first { $0.key.offset == port.name.span.lower }
      }
      if let type { walk(type) }
      walk(value, .value, variables)
    case .parameter(let type, let value):
      walk(type)
      if let value { walk(value, .value, [:]) }
    case .domain(let type, let value), .law(let type, let value):
      walk(type)
      walk(value, .construction, [:])
    case .network(let signature, let block), .sampler(let signature, let block):
      for port in signature.inputs { walk(port.type) }
      walk(signature.output)
      walk(block, of: declaration.keyword, at: position)
    case .dataset(let type, let block):
      walk(type)
      walk(block, of: .dataset, at: position)
    case .mitigation(let sampler, let kind, let block):
      index.paths.append(sampler.names)
      word(kind, .builtin)
      walk(block, of: .mitigation, at: position)
      if let field = block.fields.first(where: { $0.name.text == "attribute" }),
        case .name(let text) = field.value.kind
      {
        let name = NameSyntax(text: text, span: nameSpan(of: field.value, text))
        index.attributes.append((sampler.names, name))
      }
    case .hazard(_, let block): walk(block, of: .hazard, at: position)
    case .property(_, let block): walk(block, of: .property, at: position)
    }
  }

  private mutating func walk(_ block: BlockSyntax, of keyword: DeclarationSyntax.Keyword, at position: Int) {
    for field in block.fields {
      word(field.name, .field)
      switch (keyword, field.name.text) {
      case (.sampler, "denoiser"), (.sampler, "decoder"), (.property, "mitigates"), (.dataset, "scale"):
        walk(field.value, .value, [:])
      case (.property, "claim"), (.property, "relies_on"), (.hazard, "maps"), (.goal, _),
        (.mitigation, "ensures"), (.mitigation, "erases"), (.mitigation, "preserves"),
        (.mitigation, "relies_on"):
        walk(field.value, .value, [:])
      case (.test, _): walk(field.value, .construction, [:])
      case (.mitigation, "yields"), (.mitigation, "attribute"): break
      default: walk(field.value, .choice, [:])
      }
      if keyword == .sampler, field.name.text == "denoiser", let path = Self.path(of: field.value) {
        index.denoisers[position] = path
      }
    }
  }

  private mutating func walk(_ type: TypeSyntax) {
    if type.path.names.count == 1, LanguageCatalog.types.contains(where: { $0.name == type.path.text }) {
      word(type.path.names[0], .type)
    } else {
      index.paths.append(type.path.names)
    }
    for extent in type.extents { walk(extent, .value, [:]) }
    if let range = type.range {
      walk(range.lower, .value, [:])
      walk(range.upper, .value, [:])
    }
  }

  /// The names of a dotted expression, or nil for any other expression.
  static func path(of expression: ExpressionSyntax) -> [NameSyntax]? {
    switch expression.kind {
    case .name(let text):
      return [NameSyntax(text: text, span: expression.span)]
    case .member(let base, let name): return path(of: base).map { $0 + [name] }
    default: return nil
    }
  }

  private mutating func refer(to path: [NameSyntax], _ variables: [String: Symbol]) {
    guard let first = path.first else { return }
    if let variable = variables[first.text] {
      index.variableUses.append(Occurrence(span: first.span, symbol: variable.key, isDefinition: false))
    } else if path.count == 1, index.globals[first.text] == nil,
      LanguageCatalog.functions.contains(where: { $0.name == first.text })
    {
      word(first, .builtin)
    } else {
      index.paths.append(path)
    }
  }

  private mutating func walk(
    _ expression: ExpressionSyntax, _ reading: Reading, _ variables: [String: Symbol]
  ) {
    switch expression.kind {
    case .number, .string, .boolean, .missing: break
    case .name(let text):
      // A parenthesised name spans its parentheses, which are no part of the name.
      let name = NameSyntax(text: text, span: nameSpan(of: expression, text))
      if reading == .choice { word(name, .builtin) } else { refer(to: [name], variables) }
    case .member(let base, let name):
      if reading != .choice, var path = Self.path(of: expression), let first = path.first {
        path[0] = NameSyntax(text: first.text, span: nameSpan(first))
        refer(to: path, variables)
      } else {
        walk(base, reading, variables)
        word(name, .builtin)
      }
    case .call(let callee, let arguments):
      walk(callee: callee, reading, variables)
      // The label of `G.using(denoiser: w)` is the name of a network, and renamed with it.
      var labelsAreNames = false
      if case .member(_, let member) = callee.kind, member.text == "using" { labelsAreNames = true }
      for argument in arguments {
        if let label = argument.label {
          if labelsAreNames { refer(to: [label], [:]) } else { word(label, .label) }
        }
        let isChoice = ["norm", "spacing"].contains(argument.label?.text)
        walk(argument.value, isChoice ? .choice : .value, variables)
      }
    case .list(let items):
      for item in items { walk(item, reading, variables) }
    case .subscripted(let base, let indices):
      walk(base, .value, variables)
      for item in indices { walk(item, .value, variables) }
    case .minus(let operand), .not(let operand): walk(operand, .value, variables)
    case .chain(_, let first, let links):
      walk(first, .value, variables)
      for link in links { walk(link.operand, .value, variables) }
    case .implies(let left, let right):
      walk(left, .value, variables)
      walk(right, .value, variables)
    case .conditional(let condition, let positive, let negative):
      for part in [condition, positive, negative] { walk(part, .value, variables) }
    case .quantified(_, let binders, let condition, let body):
      let inner = bind(binders, variables)
      for part in [condition, body].compactMap(\.self) { walk(part, .value, inner) }
    case .measure(let measure):
      word(measure.name, .measure)
      let inner = bind(measure.binders, variables)
      for part in [measure.condition, measure.body, measure.target, measure.given].compactMap(\.self) {
        walk(part, .value, inner)
      }
    }
  }

  private mutating func walk(
    callee: ExpressionSyntax, _ reading: Reading, _ variables: [String: Symbol]
  ) {
    switch callee.kind {
    case .name(let text) where reading != .value:
      word(NameSyntax(text: text, span: nameSpan(of: callee, text)), .builtin)
    case .member(let base, let name) where Self.path(of: callee) == nil:
      walk(base, reading, variables)
      word(name, .builtin)
    default: walk(callee, .value, variables)
    }
  }

  private mutating func bind(
    _ binders: [BinderSyntax], _ variables: [String: Symbol]
  ) -> [String: Symbol] {
    var inner = variables
    for binder in binders {
      walk(binder.source, .construction, variables)
      inner[binder.name.text] = define(
        binder.name, .variable(binder), declaration: declaration(at: binder.name.span))
    }
    return inner
  }

  private func declaration(at span: SourceSpan) -> Int? {
    var low = 0
    var high = index.declarations.count
    while low < high {
      let middle = low + (high - low) / 2
      if index.declarations[middle].span.upper < span.lower { low = middle + 1 } else { high = middle }
    }
    return low < index.declarations.count ? low : nil
  }

  private func nameSpan(_ name: NameSyntax) -> SourceSpan {
    guard name.span.upper - name.span.lower != name.text.utf8.count else { return name.span }
    return token(named: name.text, in: name.span) ?? name.span
  }

  private func nameSpan(of expression: ExpressionSyntax, _ text: String) -> SourceSpan {
    nameSpan(NameSyntax(text: text, span: expression.span))
  }

  private func token(named text: String, in span: SourceSpan) -> SourceSpan? {
    guard var position = index.tokenIndex(before: span.lower + 1) else { return nil }
    while position < index.parsed.tree.tokens.count, index.parsed.tree.tokens[position].start < span.upper {
      let token = index.parsed.tree.tokens[position]
      if token.kind == .identifier, index.text(of: token) == text {
        return SourceSpan(source: span.source, lower: token.start, upper: token.end)
      }
      position += 1
    }
    return nil
  }
}
