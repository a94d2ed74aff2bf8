import DSpecSyntax
package import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a claim.
  mutating func claim(_ expression: ExpressionSyntax, in scope: Scope) -> Claim? {
    let before = diagnostics.count
    guard let unfolded = unfoldedFully(expression, in: scope) else { return nil }
    let claim = self.claim(unfolded: unfolded.expression, in: unfolded.scope)
    for use in unfolded.uses.reversed() { explainUse(of: use.definition, at: use.span, since: before) }
    return claim
  }

  private mutating func claim(unfolded expression: ExpressionSyntax, in scope: Scope) -> Claim? {
    if case .chain(.comparison, let first, let links) = expression.kind {
      var operands: [UnfoldedExpression] = []
      for operand in [first] + links.map(\.operand) {
        guard let unfolded = unfoldedFully(operand, in: scope) else { return nil }
        operands.append(unfolded)
      }
      if operands.count(where: isMeasure) == 1 {
        return measureClaim(expression, operands, links, in: scope)
      }
    }
    if case .measure(let measure) = expression.kind {
      report(
        .typeMismatch, "`\(measure.name.text)[…]` is a number, not a claim", at: expression.span,
        help: "compare it, as in `\(measure.name.text)[…] <= 10%`")
      return nil
    }
    return universal(expression, in: scope)
  }

  /// A claim of neither simple form, as one expression.
  mutating func general(_ expression: ExpressionSyntax, in scope: Scope) -> Claim? {
    guard let value = boolean(expression, in: scope), checkDeterministic(value) else { return nil }
    if let known = value.truth { reportTrivial(known, at: expression.span) }
    return .general(value)
  }

  private mutating func reportTrivial(_ value: Bool, at span: SourceSpan) {
    report(.trivialClaim, "the claim is always \(value), whatever the networks compute", at: span)
  }

  /// Warns of a condition that is always true.
  mutating func warnIfRedundant(_ condition: TypedExpression) {
    guard condition.truth == true else { return }
    report(
      .redundantCondition, "the condition is always true and restricts nothing", at: condition.span,
      help: "remove it")
  }

  private mutating func universal(_ expression: ExpressionSyntax, in outer: Scope) -> Claim? {
    var scope = outer
    var binders: [Binder] = []
    var antecedents: [TypedExpression?] = []
    var body = expression
    var isSound = true
    let before = diagnostics.count
    var uses: [(definition: Definition, span: SourceSpan)] = []
    defer { for use in uses.reversed() { explainUse(of: use.definition, at: use.span, since: before) } }
    while case .quantified(true, let syntax, let condition, let inner) = body.kind {
      let count = binders.count
      for binder in syntax { bind(binder, isDraw: false, into: &scope, &binders) }
      if binders.count - count < syntax.count { isSound = false }
      if let condition { antecedents.append(boolean(condition, in: scope)) }
      guard let next = unfoldedFully(inner, in: scope) else { return nil }
      (body, scope) = (next.expression, next.scope)
      uses += next.uses
    }
    guard let predicate = boolean(body, in: scope), isSound else { return nil }
    var result = predicate
    for antecedent in antecedents.reversed() {
      guard let antecedent else { return nil }
      result = TypedExpression(
        kind: .implies(antecedent, result), type: .boolean, span: antecedent.span.union(result.span))
    }
    guard checkDeterministic(result) else { return nil }
    let (conditions, consequent) = result.implication
    if let value = consequent.truth {
      reportTrivial(value, at: expression.span)
    } else {
      for condition in conditions { warnIfRedundant(condition) }
    }
    guard result.isQuantifierFree else {
      let whole =
        binders.isEmpty
        ? result
        : TypedExpression(
          kind: .quantified(isUniversal: true, binders, result), type: .boolean, span: expression.span)
      return .general(whole)
    }
    return .forall(binders: binders, predicate: result)
  }

  /// Checks a binder and adds its variable to the scope.
  mutating func bind(_ syntax: BinderSyntax, isDraw: Bool, into scope: inout Scope, _ binders: inout [Binder])
  {
    if let bound = bind(syntax, isDraw: isDraw, in: scope) {
      binders.append(bound)
      scope.variables[syntax.name.text] = bound
    } else {
      scope.brokenVariables.insert(syntax.name.text)
    }
  }

  /// Checks a binder of a `forall`, or of a measure if `isDraw`.
  mutating func bind(_ syntax: BinderSyntax, isDraw: Bool, in scope: Scope) -> Binder? {
    let name = syntax.name
    guard isFree(name, in: scope), let source = source(of: syntax, isDraw: isDraw, in: scope) else {
      return nil
    }
    let type: ValueType
    switch source {
    case .domain(let domain): type = .tensor(domain.type)
    case .enumeration(let cases): type = .enumeration(cases)
    case .dataset(let dataset): type = .tensor(dataset.elementType)
    case .weights(let domain): type = .weights(network: domain.network)
    case .law(let law, _): type = law.type
    }
    return Binder(name: distinct(name.text, in: scope), source: source, type: type, span: name.span)
  }

  /// Whether a variable may have this name; reports if it may not.
  mutating func isFree(_ name: NameSyntax, in scope: Scope) -> Bool {
    if let earlier = scope.variables[name.text] {
      report(
        .duplicateName, "`\(name.text)` is bound twice", at: name.span,
        notes: [DiagnosticNote("first bound here", at: earlier.span)], help: "rename one of them")
      return false
    }
    if Vocabulary.reservedNames.contains(name.text) {
      report(
        .reservedName, "`\(name.text)` has a meaning of its own in the language", at: name.span,
        help: "choose another name")
      return false
    }
    if scope.arguments[name.text] != nil {
      report(
        .shadowedName, "the variable `\(name.text)` hides an input of the definition", at: name.span,
        help: "rename the variable")
      return false
    }
    let declared =
      scopes[scope.module][name.text].map {
        let declaration = modules[$0.module].syntax.declarations[$0.index]
        return declaration.name?.span ?? declaration.span
      } ?? modules[scope.module].aliasSpans[name.text]
    if let declared {
      report(
        .shadowedName, "the variable `\(name.text)` hides a declaration", at: name.span,
        notes: [DiagnosticNote("declared here", at: declared)], help: "rename the variable")
      return false
    }
    return true
  }

  /// The name, primed until no variable around the use of a definition has it, so that none is captured.
  private func distinct(_ name: String, in scope: Scope) -> String {
    var result = name
    while scope.taken.contains(result) { result += "'" }
    return result
  }

  private mutating func source(of syntax: BinderSyntax, isDraw: Bool, in scope: Scope) -> BinderSource? {
    let expression = syntax.source
    if expression.kind == .missing { return nil }
    let isSet = isRegion(expression) && (!isDraw || !isLaw(expression))
    if case .call = expression.kind, !isSet {
      guard let law = law(expression, type: nil, in: scope) else { return nil }
      guard isDraw else {
        reportLawUnderForall("the law", syntax, at: expression.span)
        return nil
      }
      return checkDraw(syntax, .law(law, name: nil))
    }
    let needed = isDraw ? "a law" : "a domain, enumeration or dataset"
    guard let (found, name) = entity(of: expression, in: scope, needed: needed) else { return nil }
    switch found {
    case .law(let law):
      guard isDraw else {
        reportLawUnderForall("`\(name)`, a law,", syntax, at: expression.span)
        return nil
      }
      return checkDraw(syntax, .law(law.law, name: name))
    case .domain(let domain):
      return isDraw ? reportSet(name, found, syntax) : checkRange(syntax, .domain(domain))
    case .enumeration(let type):
      return isDraw ? reportSet(name, found, syntax) : checkRange(syntax, .enumeration(type))
    case .dataset(let dataset):
      return isDraw ? reportSet(name, found, syntax) : checkRange(syntax, .dataset(dataset))
    case .weightDomain(let domain):
      return isDraw ? reportSet(name, found, syntax) : checkRange(syntax, .weights(domain))
    default:
      reportWrong(.entity(found, name: name), at: expression.span, needed: needed)
      return nil
    }
  }

  private mutating func reportLawUnderForall(_ what: String, _ syntax: BinderSyntax, at span: SourceSpan) {
    report(
      .lawUnderForall, "`forall` ranges over sets, and \(what) is none", at: span,
      help: "write `\(syntax.name.text) in Z` for a domain Z, or claim a probability with `P[…]`")
  }

  private mutating func reportSet(_ name: String, _ entity: Entity, _ syntax: BinderSyntax) -> BinderSource? {
    var canBeUniform = false
    switch entity {
    case .domain, .enumeration: canBeUniform = true
    default: break
    }
    let span = syntax.source.span
    report(
      .setUnderMeasure, "a probability needs laws, and `\(name)` is \(entity.kindText)", at: span,
      help: canBeUniform
        ? "draw from a `dist`, or write `\(syntax.name.text) ~ uniform(\(name))`" : "draw from a `dist`",
      fixIts: canBeUniform && syntax.isDraw
        ? [FixIt("write `uniform(\(name))`", replace: span, with: "uniform(\(name))")] : [])
    return nil
  }

  private mutating func checkDraw(_ syntax: BinderSyntax, _ source: BinderSource) -> BinderSource? {
    if syntax.isDraw { return source }
    report(
      .setUnderMeasure, "a variable is drawn from a law with `~`, not with `in`", at: syntax.source.span,
      help: "write `\(syntax.name.text) ~ …`")
    return nil
  }

  private mutating func checkRange(_ syntax: BinderSyntax, _ source: BinderSource) -> BinderSource? {
    if !syntax.isDraw { return source }
    report(
      .lawUnderForall, "a variable ranges over a set with `in`, not with `~`", at: syntax.source.span,
      help: "write `\(syntax.name.text) in …`")
    return nil
  }

  /// Reports samplers with noise of their own in a claim that must hold for every value.
  private mutating func checkDeterministic(_ expression: TypedExpression) -> Bool {
    var isSound = true
    for (callee, span) in expression.applicationsOutsideMeasures() {
      guard let sampler = sampler(of: callee), !sampler.method.isDeterministic else { continue }
      guard case .ddim(_, let eta, _) = sampler.method else { continue }
      isSound = false
      report(
        .stochasticSampler,
        "`\(callee.name)` draws noise of its own (eta \(eta.sourceText)) and cannot stand under `forall`",
        at: span, notes: [DiagnosticNote("`\(sampler.name)` is declared here", at: sampler.span)],
        help:
          "set `eta: 0`, bind the noise with `\(callee.name).noise(n)`, or claim a probability with `P[…]`")
    }
    return isSound
  }

  /// The sampler that draws noise in an application, if any.
  private func sampler(of callee: Callee) -> SamplerDeclaration? {
    switch callee {
    case .noised: return nil
    case .reweighted(let base, _), .switched(let base, _): return sampler(of: base)
    case .network, .sampler, .mitigated: break
    }
    switch entities[callee.name] {
    case .sampler(let sampler): return sampler
    case .mitigation(let mitigation):
      if case .sampler(let sampler)? = entities[mitigation.base] { return sampler }
      return nil
    default: return nil
    }
  }
}

extension TypedExpression {
  /// The operands, in order.
  package var operands: [TypedExpression] { kind.operands }
}

extension TypedExpression.Kind {
  /// The expressions of which the form is made.
  var operands: [TypedExpression] {
    switch self {
    case .constant, .boolean, .enumCase, .variable, .record, .accounted: []
    case .apply(_, let arguments): arguments
    case .index(let operand, _), .negate(let operand), .not(let operand): [operand]
    case .distance(_, let a, let b), .arithmetic(_, let a, let b), .compare(_, let a, let b),
      .implies(let a, let b):
      [a, b]
    case .and(let operands), .or(let operands): operands
    case .conditional(let a, let b, let c): [a, b, c]
    case .quantified(_, _, let body): [body]
    case .measure(let term):
      switch term.measure {
      case .probability(let value), .balancedErrorRate(let value, _), .expectation(let value):
        [value] + (term.given.map { [$0] } ?? [])
      }
    }
  }
}

extension TypedExpression {
  /// The value of a condition that constants alone decide, by their place in `not`, `and`, `or` and `implies`.
  package var truth: Bool? {
    switch kind {
    case .boolean(let value): return value
    case .not(let operand): return operand.truth.map { !$0 }
    case .and(let operands):
      let values = operands.map(\.truth)
      return values.contains(false) ? false : values.allSatisfy { $0 == true } ? true : nil
    case .or(let operands):
      let values = operands.map(\.truth)
      return values.contains(true) ? true : values.allSatisfy { $0 == false } ? false : nil
    case .implies(let a, let b):
      if a.truth == false || b.truth == true { return true }
      return a.truth == true && b.truth == false ? false : nil
    default: return nil
    }
  }

  /// The conditions before each `implies`, outermost first, and what they imply.
  package var implication: (conditions: [TypedExpression], consequent: TypedExpression) {
    var conditions: [TypedExpression] = []
    var rest = self
    while case .implies(let antecedent, let consequent) = rest.kind {
      conditions.append(antecedent)
      rest = consequent
    }
    return (conditions, rest)
  }

  /// That nothing is met of what the expression presupposes; nil where it presupposes nothing, and where implications stand within
  /// the conditions.
  ///
  /// Of an implication, that not all of its conditions hold; of several that are claimed together, that those of none do.
  package var negatedPresumption: TypedExpression? {
    if case .and(let parts) = kind {
      var negations: [TypedExpression] = []
      var known: Set<TypedExpression> = []
      for part in parts {
        guard let negation = part.negatedPresumption else { return nil }
        // One condition of several conclusions is asked for once.
        if known.insert(negation).inserted { negations.append(negation) }
      }
      return negations.count == 1
        ? negations[0] : TypedExpression(kind: .and(negations), type: type, span: span)
    }
    let conditions = implication.conditions
    guard let first = conditions.first, !conditions.contains(where: \.hasImplication) else { return nil }
    let all =
      conditions.count == 1
      ? first : TypedExpression(kind: .and(conditions), type: first.type, span: first.span)
    return TypedExpression(kind: .not(all), type: first.type, span: first.span)
  }

  /// Whether an implication occurs.
  package var hasImplication: Bool {
    if case .implies = kind { return true }
    return operands.contains(where: \.hasImplication)
  }

  /// Whether neither quantifiers nor measures occur.
  package var isQuantifierFree: Bool {
    switch kind {
    case .quantified, .measure, .accounted: false
    default: operands.allSatisfy(\.isQuantifierFree)
    }
  }

  /// The quantities of a privacy accountant that occur.
  package var accountedQuantities: [AccountedQuantity] {
    if case .accounted(let quantity) = kind { return [quantity] }
    return operands.flatMap(\.accountedQuantities)
  }

  /// Whether a quantity of a privacy accountant occurs.
  package var isAccounted: Bool {
    if case .accounted = kind { return true }
    return operands.contains(where: \.isAccounted)
  }

  /// What the expression applies outside of measures, in order, with places.
  package func applicationsOutsideMeasures() -> [(callee: Callee, span: SourceSpan)] {
    if case .measure = kind { return [] }
    var result: [(callee: Callee, span: SourceSpan)] = []
    if case .apply(let callee, _) = kind { result.append((callee, span)) }
    return operands.reduce(into: result) { $0 += $1.applicationsOutsideMeasures() }
  }

  /// What the expression applies, in order, with places.
  package func applications() -> [(callee: Callee, span: SourceSpan)] {
    var result: [(callee: Callee, span: SourceSpan)] = []
    if case .apply(let callee, _) = kind { result.append((callee, span)) }
    return operands.reduce(into: result) { $0 += $1.applications() }
  }
}
