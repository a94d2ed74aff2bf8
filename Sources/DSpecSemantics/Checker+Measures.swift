import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a comparison chain with one measure among its operands.
  ///
  /// - Parameter operands: The operands with definitions unfolded, each in its scope.
  mutating func measureClaim(
    _ expression: ExpressionSyntax, _ operands: [UnfoldedExpression], _ links: [ChainLink], in scope: Scope
  ) -> Claim? {
    guard let position = operands.firstIndex(where: isMeasure) else { return general(expression, in: scope) }
    guard links.count == 1 || links.count == 2 && position == 1 else {
      report(
        .malformedValue, "a measure is compared as in `P[…] <= 10%` or `eps <= BER[…] <= 1 - eps`",
        at: expression.span)
      return nil
    }
    let term = measureTerm(operands[position])
    var isExpectation = false
    if case .expectation? = term?.measure { isExpectation = true }
    var bounds: [MeasureBound] = []
    var isSound = true
    for (index, link) in links.enumerated() {
      guard let operation = ComparisonOperator(rawValue: link.operation.text),
        operation != .equal, operation != .notEqual
      else {
        report(
          .malformedValue, "a measure is bounded, not compared for equality", at: link.operation.span,
          help: "write `<=` or `>=`")
        isSound = false
        continue
      }
      let isOnLeft = index < position
      let operand = isOnLeft ? operands[index] : operands[index + 1]
      guard let value = numeric(operand.expression, in: operand.scope) else {
        isSound = false
        continue
      }
      guard let bound = value.constantValue else {
        // The claim compares the measure with something else than a number.
        guard term != nil, isSound else { return nil }
        return general(expression, in: scope)
      }
      if !isExpectation, !checkProbability(bound, at: operand.expression.span) {
        isSound = false
        continue
      }
      bounds.append(
        MeasureBound(
          comparison: isOnLeft ? operation.mirrored : operation, bound: bound, span: operand.expression.span))
    }
    guard let term, isSound else { return nil }
    let claim = MeasureClaim(
      measure: term.measure, binders: term.binders, given: term.given, bounds: bounds)
    guard checkBounds(claim, at: expression.span, syntax: operands[position].expression) else { return nil }
    return .measure(claim)
  }

  /// Whether an operand is a measure, written here or given as an argument of the definition.
  func isMeasure(_ operand: UnfoldedExpression) -> Bool {
    if case .measure = operand.expression.kind { return true }
    return givenMeasure(operand) != nil
  }

  private mutating func measureTerm(_ operand: UnfoldedExpression) -> MeasureTerm? {
    if case .measure(let syntax) = operand.expression.kind { return measure(syntax, in: operand.scope) }
    return givenMeasure(operand)
  }

  private func givenMeasure(_ operand: UnfoldedExpression) -> MeasureTerm? {
    guard case .name(let text) = operand.expression.kind,
      case .value(let value)? = operand.scope.arguments[text], case .measure(let term) = value.kind
    else { return nil }
    return term
  }

  /// Checks a measure.
  mutating func measure(_ syntax: MeasureSyntax, in scope: Scope) -> MeasureTerm? {
    var scope = scope
    var binders: [Binder] = []
    for binder in syntax.binders { bind(binder, isDraw: true, into: &scope, &binders) }
    var isSound = binders.count == syntax.binders.count
    if let condition = syntax.condition {
      report(
        .unsupportedFeature, "`where` restricts sets, not laws", at: condition.span,
        help: "write the condition after `given`")
      isSound = false
    }
    let given = syntax.given.map { boolean($0, in: scope) }
    if case .some(.none) = given { isSound = false }
    let isErrorRate = syntax.measure == .balancedErrorRate
    if let target = syntax.target, !isErrorRate {
      report(
        .malformedValue, "`predicts` belongs to `BER`", at: target.span,
        help: "write `P[…: f(x) == s]`")
      return nil
    }
    let measure: Measure?
    switch syntax.measure {
    case .balancedErrorRate: measure = errorRate(syntax, in: scope)
    case .expectation: measure = numeric(syntax.body, in: scope).map { .expectation($0) }
    case .probability: measure = event(syntax, in: scope)
    }
    guard let measure, isSound else { return nil }
    if let condition = given ?? nil { warnIfRedundant(condition) }
    return MeasureTerm(measure: measure, binders: binders, given: given ?? nil)
  }

  private mutating func event(_ syntax: MeasureSyntax, in scope: Scope) -> Measure? {
    guard let event = boolean(syntax.body, in: scope) else { return nil }
    if let value = event.truth {
      report(
        .trivialClaim, "the event is always \(value), so its probability is \(value ? 1 : 0)",
        at: syntax.body.span)
    }
    return .probability(event: event)
  }

  private mutating func errorRate(_ syntax: MeasureSyntax, in scope: Scope) -> Measure? {
    guard let target = syntax.target else {
      report(
        .malformedValue, "`BER` needs what is predicted", at: syntax.body.span,
        help: "write `BER[…: f(x) predicts s]`")
      return nil
    }
    guard let prediction = typed(syntax.body, in: scope) else { return nil }
    guard case .name(let label) = target.kind else {
      report(.malformedValue, "what is predicted must be a variable", at: target.span)
      return nil
    }
    guard let binder = scope.variables[label] else {
      // A known name that is no variable of the measure; an unknown one is reported by `typed`.
      if let value = typed(target, in: scope) {
        report(
          .typeMismatch, "what is predicted must be a variable of the measure, \(describe(value))",
          at: target.span)
      }
      return nil
    }
    guard case .law(.categorical(let type, let weights), let lawName) = binder.source else {
      report(
        .typeMismatch,
        "what is predicted must be drawn from a law on an enumeration, `\(label)` is \(binder.type)",
        at: target.span)
      return nil
    }
    guard prediction.type == .enumeration(type) else {
      report(
        .typeMismatch, "`\(label)` is \(type.name), \(describe(prediction))", at: syntax.body.span,
        help: "a prediction of `\(label)` has its type")
      return nil
    }
    if let empty = weights.firstIndex(where: { $0 <= Rational(0) }) {
      report(
        .emptyGroup, "P[\(label) = \(type.cases[empty])] is 0, so the balanced error rate is undefined",
        at: target.span,
        help: "give every case of `\(type.name)` a positive weight\(lawName.map { " in `\($0)`" } ?? "")")
      return nil
    }
    guard type.cases.count > 1 else {
      report(.emptyGroup, "`\(type.name)` has only one case; there is nothing to predict", at: target.span)
      return nil
    }
    return .balancedErrorRate(prediction: prediction, label: binder.name)
  }

  /// Checks bounds for reachability, triviality and one-sidedness.
  private mutating func checkBounds(
    _ claim: MeasureClaim, at span: SourceSpan, syntax: ExpressionSyntax
  ) -> Bool {
    let lower = claim.bounds.first { $0.comparison == .greaterOrEqual || $0.comparison == .greater }
    let upper = claim.bounds.first { $0.comparison == .lessOrEqual || $0.comparison == .less }
    var cases: Int?
    if case .balancedErrorRate(let prediction, _) = claim.measure,
      case .enumeration(let type) = prediction.type
    {
      cases = type.cases.count
    }
    if let lower, let cases, let constantRate = Rational(cases - 1).divided(by: Rational(cases)),
      lower.bound > constantRate || lower.bound == constantRate && lower.comparison == .greater
    {
      report(
        .unreachableErrorRate,
        "a balanced error rate of \(lower.bound.sourceText) cannot be asked for: a constant probe has "
          + "\(constantRate.sourceText)", at: lower.span,
        help: "ask for less than \(constantRate.sourceText)")
      return false
    }
    if let lower, let upper,
      lower.bound > upper.bound
        || lower.bound == upper.bound && (lower.comparison == .greater || upper.comparison == .less)
    {
      report(
        .trivialClaim, "the claim is always false: no number lies between its bounds", at: span,
        notes: [DiagnosticNote("the lower bound is \(lower.bound.sourceText)", at: lower.span)])
    }
    var isProbability = true
    if case .expectation = claim.measure { isProbability = false }
    for bound in claim.bounds where isProbability {
      let always: Bool? =
        switch bound.comparison {
        case .greaterOrEqual where bound.bound.isZero, .lessOrEqual where bound.bound == Rational(1): true
        case .less where bound.bound.isZero, .greater where bound.bound == Rational(1): false
        default: nil
        }
      if let always {
        report(
          .trivialClaim, "the bound always \(always ? "holds" : "fails"), whatever the networks do",
          at: bound.span)
      }
    }
    if let lower, upper == nil, cases == 2 { warnOneSided(lower, syntax) }
    return true
  }

  private mutating func warnOneSided(_ lower: MeasureBound, _ syntax: ExpressionSyntax) {
    let bound = sources.text(lower.span)
    let measure = sources.text(syntax.span)
    let sign = lower.comparison == .greater ? "<" : "<="
    let span = lower.span.union(syntax.span)
    report(
      .oneSidedErrorRate,
      "the claim bounds the balanced error rate on one side only: a probe that is always wrong has rate 1, "
        + "and its negation predicts the attribute perfectly", at: span,
      help: "write `\(bound) \(sign) BER[…] \(sign) 1 - \(bound)`",
      fixIts: [
        FixIt(
          "bound it on both sides", replace: span,
          with: "\(bound) \(sign) \(measure) \(sign) 1 - (\(bound))")
      ])
  }
}
