import DSpecSyntax
import Diagnostics

extension Checker {
  /// Checks a mitigation, all but the clauses of its contract, which may speak of what it yields.
  mutating func mitigation(
    _ name: NameSyntax, _ path: PathSyntax, _ kind: NameSyntax, _ block: BlockSyntax, in scope: Scope
  ) -> Entity? {
    guard kind.text != Vocabulary.attributeSwitching else {
      let fields = fields(block, of: name, allowed: Vocabulary.mitigationFields(of: kind.text))
      return attributeSwitching(name, path, fields, in: scope)
    }
    guard let known = MitigationKind(rawValue: kind.text) else {
      let words = Vocabulary.mitigationKinds
      let meant = SpellingSuggestion.nearest(to: kind.text, among: words)
      report(
        .malformedValue, "`\(kind.text)` is no kind of mitigation", at: kind.span,
        help: meant.map { "did you mean `\($0)`?" }
          ?? "the kinds are \(words.map { "`\($0)`" }.joined(separator: ", "))",
        fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: kind.span, with: $0)] } ?? [])
      return nil
    }
    let fields = fields(block, of: name, allowed: Vocabulary.mitigationFields(of: kind.text))
    let yields = yielded(fields, path)
    let base = baseSampler(path, in: scope)
    if let weights = fields["weights"] {
      _ = artifact(weights, formats: Vocabulary.networkFormats, in: scope)
    }
    if let scale = fields["scale"] { _ = constant(scale, in: scope) }
    let needsRule = known == .outputFilter
    let rule =
      needsRule ? required("rule", fields, example: "if guard(x) > 40% then blank else x") : nil
    guard let (base, baseName) = base, let yields else { return nil }
    var judges: [String] = []
    if needsRule {
      guard let rule, let found = checkRule(rule, base, in: scope) else { return nil }
      judges = found
    } else if let rule = fields["rule"] {
      report(.unknownField, "only an `output_filter` has a `rule`", at: rule.span)
      return nil
    }
    var mitigation = MitigationDeclaration(
      name: modules[scope.module].qualified(name.text), yields: modules[scope.module].qualified(yields),
      base: baseName, effect: .contract(known), span: name.span)
    mitigation.judges = judges
    return .mitigation(mitigation)
  }

  private mutating func attributeSwitching(
    _ name: NameSyntax, _ path: PathSyntax, _ fields: Fields, in scope: Scope
  ) -> Entity? {
    let yields = yielded(fields, path)
    let attributeSyntax = required("attribute", fields, example: "s")
    let attribute = attributeSyntax.flatMap { plainName($0, needed: "the name of an input") }
    let atSyntax = required("at", fields, example: "step(5)")
    guard let (base, baseName) = baseSampler(path, in: scope) else { return nil }
    guard base.name == baseName else {
      report(
        .unsupportedFeature, "a mitigated sampler cannot be switched once more by this version",
        at: path.span,
        help: "switch `\(base.name)` itself")
      return nil
    }
    guard let attribute, let attributeSyntax,
      checkAttribute(attribute, of: base, at: attributeSyntax.span), let yields, let atSyntax,
      let call = call(atSyntax, shapes: Vocabulary.switchTimes, needed: "a step"),
      let number = call["number"],
      let step = integer(number, in: scope, within: 0...base.method.steps)
    else { return nil }
    return .mitigation(
      MitigationDeclaration(
        name: modules[scope.module].qualified(name.text), yields: modules[scope.module].qualified(yields),
        base: base.name, effect: .attributeSwitching(attribute: attribute, step: step), span: name.span))
  }

  private mutating func yielded(_ fields: Fields, _ path: PathSyntax) -> String? {
    required("yields", fields, example: "\(path.names.last?.text ?? "G")s").flatMap {
      plainName($0, needed: "the name of the mitigated sampler")
    }
  }

  /// The sampler that a mitigation starts from, and the name by which it does.
  private mutating func baseSampler(
    _ path: PathSyntax, in scope: Scope
  ) -> (SamplerDeclaration, String)? {
    guard let (found, name) = entity(at: path.names, span: path.span, in: scope, needed: "a sampler")
    else { return nil }
    switch found {
    case .sampler(let base): return (base, base.name)
    case .pipeline(let mitigation, let base): return (base, mitigation.yields)
    default:
      reportWrong(.entity(found, name: name), at: path.span, needed: "a sampler")
      return nil
    }
  }

  private mutating func plainName(_ expression: ExpressionSyntax, needed: String) -> String? {
    if expression.kind == .missing { return nil }
    if case .name(let text) = expression.kind { return text }
    report(.malformedValue, "\(needed) is needed here", at: expression.span)
    return nil
  }

  private mutating func checkAttribute(
    _ attribute: String, of base: SamplerDeclaration, at span: SourceSpan
  ) -> Bool {
    let conditions = base.inputs.filter { if case .enumeration = $0.type { true } else { false } }
    guard let port = base.inputs.first(where: { $0.name == attribute }) else {
      let meant = SpellingSuggestion.nearest(to: attribute, among: conditions.map(\.name))
      report(
        .unknownName, "`\(base.name)` has no input `\(attribute)`", at: span,
        help: meant.map { "did you mean `\($0)`?" }
          ?? "name the input to switch, one of \(conditions.map { "`\($0.name)`" }.joined(separator: ", "))",
        fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: span, with: $0)] } ?? [])
      return false
    }
    guard case .enumeration(let type) = port.type, type.cases.count == 2 else {
      report(
        .typeMismatch,
        "an attribute to switch has an enumeration of two cases, `\(attribute)` is \(port.type)",
        at: span)
      return false
    }
    return true
  }

  /// Checks the rule of an output filter: `x` is what the base yields, `blank` what is shown in its place.
  ///
  /// Gives the networks that the rule applies.
  private mutating func checkRule(
    _ rule: ExpressionSyntax, _ base: SamplerDeclaration, in scope: Scope
  ) -> [String]? {
    var scope = scope
    for word in ["x", "blank"] {
      scope.arguments[word] = .value(
        TypedExpression(kind: .variable(word), type: base.output, span: rule.span))
    }
    guard let value = typed(rule, in: scope) else { return nil }
    guard value.type == base.output else {
      report(
        .typeMismatch, "the rule yields \(value.type), `\(base.name)` yields \(base.output)", at: rule.span)
      return nil
    }
    guard case .conditional = value.kind else {
      report(
        .malformedValue, "a rule decides between the image and a replacement", at: rule.span,
        help: "write `if guard(x) > 40% then blank else x`")
      return nil
    }
    return value.applications().map(\.callee.name)
  }
}

// MARK: Contracts

extension Checker {
  /// Checks the contracts of all mitigations, once every declaration is known.
  mutating func checkContracts() {
    var judged: [MitigationDeclaration] = []
    defer {
      for mitigation in judged {
        for property in properties { checkJudge(mitigation, property.claim) }
      }
    }
    for module in order {
      for (index, declaration) in modules[module].syntax.declarations.enumerated() {
        guard case .mitigation(_, let kind, let block) = declaration.body else { continue }
        let reference = DeclarationReference(module: module, index: index, isYield: false)
        guard case .done(.mitigation(var mitigation)?) = states[reference] else { continue }
        mitigation.contracts = contracts(block, in: Scope(module: module))
        checkFrame(mitigation, kind, block)
        if !mitigation.judges.isEmpty { judged.append(mitigation) }
        for contract in mitigation.contracts where contract.role != .preserves {
          checkJudge(mitigation, contract.claim)
        }
        if let syntax = block.fields.first(where: { $0.name.text == "relies_on" })?.value {
          mitigation.reliesOn = reliedOn(syntax, in: Scope(module: module)) ?? []
        }
        states[reference] = .done(.mitigation(mitigation))
      }
    }
  }

  private mutating func contracts(_ block: BlockSyntax, in scope: Scope) -> [MitigationContract] {
    var result: [MitigationContract] = []
    for field in block.fields {
      guard let role = MitigationContract.Role(rawValue: field.name.text), field.value.kind != .missing,
        let claim = claim(field.value, in: scope)
      else { continue }
      result.append(
        MitigationContract(
          role: role, claim: claim, text: sources.text(field.value.span), span: field.value.span))
    }
    return result
  }

  /// A generator that is blank everywhere meets every promise to erase or to prevent.
  private mutating func checkFrame(
    _ mitigation: MitigationDeclaration, _ kind: NameSyntax, _ block: BlockSyntax
  ) {
    guard case .contract = mitigation.effect, !block.isDamaged,
      !block.fields.contains(where: { $0.name.text == "preserves" })
    else { return }
    report(
      .missingFrame, "`\(kind.text)` without `preserves` is met by a generator that yields nothing",
      at: kind.span, help: "state what stays as it was, as in `preserves: forall z in Z, c in Kept: …`")
  }

  /// The mitigations that a field `relies_on` names.
  mutating func reliedOn(_ expression: ExpressionSyntax, in scope: Scope) -> [String]? {
    var items = [expression]
    if case .list(let list) = expression.kind { items = list }
    var names: [String] = []
    for item in items {
      guard let (found, name) = entity(of: item, in: scope, needed: "a mitigation") else { continue }
      guard case .mitigation = found else {
        reportWrong(.entity(found, name: name), at: item.span, needed: "a mitigation")
        continue
      }
      if !declaresContract(name) {
        report(
          .emptyContract, "`\(name)` promises nothing that could be relied on", at: item.span,
          help: "give it `ensures`, `erases` or `preserves`")
      }
      names.append(name)
    }
    return names.count == items.count ? names : nil
  }

  private func declaresContract(_ name: String) -> Bool {
    let roles = MitigationContract.Role.allCases.map(\.rawValue)
    return modules.contains { module in
      module.syntax.declarations.contains { declaration in
        guard case .mitigation(_, _, let block) = declaration.body, let own = declaration.name else {
          return false
        }
        return module.qualified(own.text) == name
          && block.fields.contains { roles.contains($0.name.text) }
      }
    }
  }

  /// Reports a claim about a filtered pipeline that the filter's own classifier judges.
  private mutating func checkJudge(_ mitigation: MitigationDeclaration, _ claim: Claim) {
    let applied = claim.expressions.flatMap { $0.applications() }
    guard applied.contains(where: { $0.callee.name == mitigation.yields }) else { return }
    for name in mitigation.judges {
      guard case .network(let judge)? = entities[name] else { continue }
      for (callee, span) in applied {
        guard case .network(let other)? = entities[callee.name],
          other.name == judge.name
            || other.artifact.sha256 != nil && other.artifact.sha256 == judge.artifact.sha256
        else { continue }
        report(
          .circularJudge,
          "`\(mitigation.name)` filters by `\(judge.name)`, and "
            + (other.name == judge.name ? "the claim judges by it" : "`\(other.name)` is the same file"),
          at: span,
          help:
            "judge by a classifier that the filter does not use; as it stands the filter makes the claim true"
        )
      }
    }
  }
}

extension Claim {
  /// The expressions that it consists of.
  package var expressions: [TypedExpression] {
    switch self {
    case .forall(_, let predicate): [predicate]
    case .general(let expression): [expression]
    case .measure(let claim):
      switch claim.measure {
      case .probability(let value), .balancedErrorRate(let value, _), .expectation(let value):
        [value] + (claim.given.map { [$0] } ?? [])
      }
    }
  }
}
