import DSpecSyntax
package import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a claim.
  mutating func claim(_ expression: ExpressionSyntax, in scope: Scope) -> Claim? {
    if case .chain(.comparison, let first, let links) = expression.kind,
      ([first] + links.map(\.operand)).contains(where: { if case .measure = $0.kind { true } else { false } })
    {
      return measureClaim(first, links, at: expression.span, in: scope)
    }
    if case .measure(let measure) = expression.kind {
      report(
        .typeMismatch, "`\(measure.name.text)[…]` is a number, not a claim", at: expression.span,
        help: "compare it, as in `\(measure.name.text)[…] <= 10%`")
      return nil
    }
    return universal(expression, in: scope)
  }

  private mutating func universal(_ expression: ExpressionSyntax, in scope: Scope) -> Claim? {
    var scope = scope
    var binders: [Binder] = []
    var conditions: [ExpressionSyntax] = []
    var body = expression
    var isSound = true
    while case .quantified(let isUniversal, let syntax, let condition, let inner) = body.kind {
      guard isUniversal else {
        report(
          .unsupportedFeature, "`exists` is not supported by this version", at: body.span,
          help: "claim the property for chosen values, each in a property of its own")
        return nil
      }
      for binder in syntax {
        if let bound = bind(binder, isDraw: false, in: scope) {
          binders.append(bound)
          scope.variables[bound.name] = bound
        } else {
          scope.brokenVariables.insert(binder.name.text)
          isSound = false
        }
      }
      if let condition { conditions.append(condition) }
      body = inner
    }
    let typedConditions = conditions.map { boolean($0, in: scope) }
    guard let predicate = boolean(body, in: scope), isSound else { return nil }
    var result = predicate
    for condition in typedConditions.reversed() {
      guard let condition else { return nil }
      result = TypedExpression(
        kind: .implies(condition, result), type: .boolean, span: condition.span.union(result.span))
    }
    guard checkDeterministic(result) else { return nil }
    if case .boolean(let value) = result.kind {
      report(
        .trivialClaim, "the claim is always \(value); nothing is computed", at: expression.span)
    }
    return .forall(binders: binders, predicate: result)
  }

  /// Checks a binder of a `forall`, or of a measure if `isDraw`.
  mutating func bind(_ syntax: BinderSyntax, isDraw: Bool, in scope: Scope) -> Binder? {
    let name = syntax.name
    if let earlier = scope.variables[name.text] {
      report(
        .duplicateName, "`\(name.text)` is bound twice", at: name.span,
        notes: [DiagnosticNote("first bound here", at: earlier.span)], help: "rename one of them")
      return nil
    }
    if Self.reservedNames.contains(name.text) {
      report(
        .reservedName, "`\(name.text)` has a meaning of its own in the language", at: name.span,
        help: "choose another name")
      return nil
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
      return nil
    }
    guard let source = source(of: syntax, isDraw: isDraw, in: scope) else { return nil }
    let type: ValueType
    switch source {
    case .domain(let domain): type = .tensor(domain.type)
    case .enumeration(let cases): type = .enumeration(cases)
    case .dataset(let dataset): type = .tensor(dataset.elementType)
    case .law(let law, _): type = law.type
    }
    return Binder(name: name.text, source: source, type: type, span: name.span)
  }

  private mutating func source(of syntax: BinderSyntax, isDraw: Bool, in scope: Scope) -> BinderSource? {
    let expression = syntax.source
    if expression.kind == .missing { return nil }
    if case .call = expression.kind {
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
    case .domain(let domain):
      if case .box = domain.region { canBeUniform = true }
    case .enumeration: canBeUniform = true
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
    for (callee, span) in expression.applications() {
      guard let sampler = sampler(of: callee), !sampler.method.isDeterministic else { continue }
      guard case .ddim(_, let eta, _) = sampler.method else { continue }
      isSound = false
      report(
        .stochasticSampler,
        "`\(callee.name)` draws noise of its own (eta \(eta.sourceText)) and cannot stand under `forall`",
        at: span, notes: [DiagnosticNote("`\(sampler.name)` is declared here", at: sampler.span)],
        help: "set `eta: 0`, or claim a probability with `P[…]`")
    }
    return isSound
  }

  private func sampler(of callee: Callee) -> SamplerDeclaration? {
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
  package var operands: [TypedExpression] {
    switch kind {
    case .constant, .boolean, .enumCase, .variable, .record: []
    case .apply(_, let arguments): arguments
    case .index(let operand, _), .negate(let operand), .not(let operand): [operand]
    case .distance(_, let a, let b), .arithmetic(_, let a, let b), .compare(_, let a, let b),
      .implies(let a, let b):
      [a, b]
    case .and(let operands), .or(let operands): operands
    }
  }

  /// What the expression applies, in order, with places.
  package func applications() -> [(callee: Callee, span: SourceSpan)] {
    var result: [(callee: Callee, span: SourceSpan)] = []
    if case .apply(let callee, _) = kind { result.append((callee, span)) }
    return operands.reduce(into: result) { $0 += $1.applications() }
  }
}
