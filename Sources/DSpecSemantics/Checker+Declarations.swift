import DSpecSyntax
import Diagnostics

extension Checker {
  /// Checks a declaration and gives what its name stands for.
  mutating func check(_ declaration: DeclarationSyntax, _ reference: DeclarationReference) -> Entity? {
    let module = reference.module
    if case .test(let title, let block) = declaration.body {
      test(title, block, in: Scope(module: module))
      return nil
    }
    guard let name = declaration.name else {
      if declaration.keyword == .property { hasBrokenMitigates = true }
      return nil
    }
    let scope = Scope(module: module)
    switch declaration.body {
    case .enumeration(let cases): return enumeration(name, cases, module: module)
    case .parameter(let type, let value): return parameter(name, type, value, in: scope)
    case .domain(let type, let value): return domain(name, type, value, in: scope)
    case .law(let type, let value): return law(name, type, value, in: scope)
    case .network(let signature, let block): return network(name, signature, block, in: scope)
    case .sampler(let signature, let block): return sampler(name, signature, block, in: scope)
    case .mitigation(let path, let kind, let block):
      return mitigation(name, path, kind, block, in: scope)
    case .dataset(let type, let block): return dataset(name, type, block, in: scope)
    case .hazard(let title, let block): return hazard(name, title, block, module: module)
    case .property(let title, let block): return property(name, title, block, in: scope)
    case .goal(let title, let block): return goal(name, title, block, in: scope)
    case .training(let path, let block): return training(name, path, block, in: scope)
    case .definition(let inputs, let type, let value):
      return definition(name, inputs, type, value, reference: reference)
    case .test: return nil
    case .damaged:
      if declaration.keyword == .property { hasBrokenMitigates = true }
      return nil
    }
  }

  private mutating func enumeration(_ name: NameSyntax, _ cases: [NameSyntax], module: Int) -> Entity? {
    var places: [String: SourceSpan] = [:]
    for item in cases {
      if let first = places[item.text] {
        report(
          .duplicateName, "case `\(item.text)` is declared twice", at: item.span,
          notes: [DiagnosticNote("first declared here", at: first)], help: "rename one of them")
      }
      places[item.text] = item.span
    }
    guard places.count == cases.count else { return nil }
    return .enumeration(EnumType(name: modules[module].qualified(name.text), cases: cases.map(\.text)))
  }

  /// The severity of a hazard: a word of the author's own scale, but no misspelt one of those that rules speak of.
  private mutating func severity(_ expression: ExpressionSyntax) -> String? {
    guard let text = string(expression, needed: "the severity") else { return nil }
    let known = HazardDeclaration.severities
    guard !known.contains(text), let meant = SpellingSuggestion.nearest(to: text, among: known) else {
      return text
    }
    report(
      .malformedValue, "`\(text)` is not a severity", at: expression.span, help: "did you mean `\(meant)`?",
      fixIts: [FixIt("replace it with `\(meant)`", replace: expression.span, with: "\"\(meant)\"")])
    return nil
  }

  private mutating func hazard(
    _ name: NameSyntax, _ title: String?, _ block: BlockSyntax, module: Int
  ) -> Entity? {
    let fields = fields(block, of: name, allowed: Vocabulary.fields(of: .hazard))
    let severity = fields["severity"].flatMap { self.severity($0) }
    let code = fields["code"].flatMap { string($0, needed: "the code") }
    let source = fields["source"].flatMap { string($0, needed: "the source") }
    let accepted = fields["accepted"].flatMap { string($0, needed: "the reason for accepting the risk") }
    let maps = fields["maps"].flatMap { hazardNames($0, in: Scope(module: module)) }
    return .hazard(
      HazardDeclaration(
        name: modules[module].qualified(name.text), title: title, severity: severity, code: code,
        source: source, maps: maps ?? [], accepted: accepted, span: name.span))
  }
}
