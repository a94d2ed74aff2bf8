import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// The greatest bit width of numerators and denominators of folded constants.
  static let maximumConstantWidth = 16_384

  /// Checks an expression and gives its typed form; parentheses count as part of its place.
  mutating func typed(_ expression: ExpressionSyntax, in scope: Scope) -> TypedExpression? {
    typedDepth += 1
    defer { typedDepth -= 1 }
    guard typedDepth <= Self.maximumTypedDepth else {
      report(
        .tooDeep, "the expression and the declarations it builds on are nested too deeply",
        at: expression.span)
      return nil
    }
    guard let value = unwrapped(expression, in: scope) else { return nil }
    guard expression.isParenthesized else { return value }
    return TypedExpression(kind: value.kind, type: value.type, span: expression.span)
  }

  private mutating func unwrapped(_ expression: ExpressionSyntax, in scope: Scope) -> TypedExpression? {
    let span = expression.span
    switch expression.kind {
    case .missing: return nil
    case .number(let text, let isPercentage):
      return number(text, isPercentage: isPercentage, at: span)
    case .boolean(let value): return TypedExpression(kind: .boolean(value), type: .boolean, span: span)
    case .string:
      report(.typeMismatch, "a string is no value of a claim", at: span)
      return nil
    case .list:
      report(.typeMismatch, "a list is no value of a claim", at: span)
      return nil
    case .name, .member:
      switch unfold(expression, in: scope) {
      case .none: return named(expression, in: scope)
      case .failed: return nil
      case .unfolded(let value, let inner, let definition):
        return typedUse(value, in: inner, of: definition, at: span)
      }
    case .call(let callee, let arguments):
      switch unfold(expression, in: scope) {
      case .none: return application(callee, arguments, at: span, in: scope)
      case .failed: return nil
      case .unfolded(let value, let inner, let definition):
        return typedUse(value, in: inner, of: definition, at: span)
      }
    case .subscripted(let base, let indices): return element(base, indices, at: span, in: scope)
    case .minus(let operand):
      guard let value = numeric(operand, in: scope) else { return nil }
      return negated(value, at: span)
    case .not(let operand):
      guard let value = boolean(operand, in: scope) else { return nil }
      if case .boolean(let known) = value.kind {
        return TypedExpression(kind: .boolean(!known), type: .boolean, span: span)
      }
      return TypedExpression(kind: .not(value), type: .boolean, span: span)
    case .implies(let left, let right):
      let (a, b) = (boolean(left, in: scope), boolean(right, in: scope))
      guard let a, let b else { return nil }
      return TypedExpression(kind: .implies(a, b), type: .boolean, span: span)
    case .chain(.and, let first, let links):
      return logical(first, links, at: span, in: scope) { .and($0) }
    case .chain(.or, let first, let links):
      return logical(first, links, at: span, in: scope) { .or($0) }
    case .chain(.comparison, let first, let links):
      return comparison(first, links, at: span, in: scope)
    case .chain(.sum, let first, let links), .chain(.product, let first, let links):
      return arithmetic(first, links, in: scope)
    case .conditional(let condition, let first, let second):
      return conditional(condition, first, second, at: span, in: scope)
    case .quantified(let isUniversal, let binders, let condition, let body):
      if let expanded = expanded(expression, in: scope) { return typed(expanded, in: scope) }
      return quantified(isUniversal, binders, condition, body, at: span, in: scope)
    case .measure(let measure):
      guard let term = self.measure(measure, in: scope) else { return nil }
      var range: ValueRange? = .unit
      if case .expectation(let value) = term.measure { range = value.type.numericRange }
      return TypedExpression(kind: .measure(term), type: .real(range: range), span: span)
    }
  }

  /// `if c then a else b`; between conditions it is `(c implies a) and (not c implies b)`.
  private mutating func conditional(
    _ condition: ExpressionSyntax, _ first: ExpressionSyntax, _ second: ExpressionSyntax, at span: SourceSpan,
    in scope: Scope
  ) -> TypedExpression? {
    let c = boolean(condition, in: scope)
    let (a, b) = (typed(first, in: scope), typed(second, in: scope))
    guard let c, let a, let b else { return nil }
    let type: ValueType
    switch (a.type, b.type) {
    case (.boolean, .boolean):
      let negation = TypedExpression(kind: .not(c), type: .boolean, span: c.span)
      let parts = [(c, a), (negation, b)].map {
        TypedExpression(kind: .implies($0, $1), type: .boolean, span: span)
      }
      return TypedExpression(kind: .and(parts), type: .boolean, span: span)
    case (let x, let y) where x == y: type = x
    case (let x, let y) where x.isNumeric && y.isNumeric:
      let range = RangeArithmetic.hull(x.numericRange, y.numericRange)
      type = x.isInteger && y.isInteger ? .integer(range: range) : .real(range: range)
    default:
      report(
        .typeMismatch, "the two branches differ: \(a.type) and \(b.type)", at: span,
        notes: [DiagnosticNote(describe(a), at: a.span), DiagnosticNote(describe(b), at: b.span)])
      return nil
    }
    return TypedExpression(kind: .conditional(c, a, b), type: type, span: span)
  }

  /// A quantifier within a claim; at the start of a claim `forall` is read by `claim`.
  private mutating func quantified(
    _ isUniversal: Bool, _ syntax: [BinderSyntax], _ condition: ExpressionSyntax?, _ body: ExpressionSyntax,
    at span: SourceSpan, in scope: Scope
  ) -> TypedExpression? {
    var scope = scope
    var binders: [Binder] = []
    for binder in syntax { bind(binder, isDraw: false, into: &scope, &binders) }
    let antecedent = condition.map { boolean($0, in: scope) }
    guard let value = boolean(body, in: scope), binders.count == syntax.count else { return nil }
    var result = value
    if let antecedent {
      guard let antecedent else { return nil }
      warnIfRedundant(antecedent)
      let kind: TypedExpression.Kind = isUniversal ? .implies(antecedent, value) : .and([antecedent, value])
      result = TypedExpression(kind: kind, type: .boolean, span: antecedent.span.union(value.span))
    }
    return TypedExpression(
      kind: .quantified(isUniversal: isUniversal, binders, result), type: .boolean, span: span)
  }

  private mutating func number(_ text: String, isPercentage: Bool, at span: SourceSpan) -> TypedExpression? {
    guard let value = Rational(decimal: text) else {
      let isReported = malformedNumbers.contains { $0.source == span.source && $0.lower == span.lower }
      if !isReported {
        report(
          .numberOutOfRange, "the number has too many digits or too large an exponent", at: span)
      }
      return nil
    }
    let scaled = isPercentage ? value.divided(by: Rational(100)) ?? value : value
    return constant(scaled, isInteger: scaled.isInteger && !isPercentage, at: span)
  }

  private func constant(_ value: Rational, isInteger: Bool, at span: SourceSpan) -> TypedExpression {
    let range = ValueRange(lower: value, upper: value)
    return TypedExpression(
      kind: .constant(value), type: isInteger ? .integer(range: range) : .real(range: range), span: span)
  }

  /// A folded constant; numbers that grow without measure are reported.
  mutating func folded(_ value: Rational, isInteger: Bool, at span: SourceSpan) -> TypedExpression? {
    guard value.numerator.bitWidth <= Self.maximumConstantWidth,
      value.denominator.bitWidth <= Self.maximumConstantWidth
    else {
      report(.numberOutOfRange, "the constant grows too large", at: span)
      return nil
    }
    return constant(value, isInteger: isInteger && value.isInteger, at: span)
  }

  private mutating func named(_ expression: ExpressionSyntax, in scope: Scope) -> TypedExpression? {
    let span = expression.span
    guard let path = path(of: expression) else {
      report(.typeMismatch, "a value has no members", at: span)
      return nil
    }
    guard let resolved = resolve(path, in: scope) else { return nil }
    switch resolved {
    case .variable(let binder):
      return TypedExpression(kind: .variable(binder.name), type: binder.type, span: span)
    case .value(let value): return TypedExpression(kind: value.kind, type: value.type, span: span)
    case .enumCase(let type, let index):
      return TypedExpression(kind: .enumCase(type, index: index), type: .enumeration(type), span: span)
    case .entity(.parameter(let parameter), _):
      switch parameter.value {
      case .number(let value):
        return constant(value, isInteger: parameter.type.isInteger, at: span)
      case .enumCase(let type, let index):
        return TypedExpression(kind: .enumCase(type, index: index), type: .enumeration(type), span: span)
      }
    case .entity(.enumeration(let type), let name):
      reportWrong(
        resolved, at: span, needed: "a value",
        help: "name one of its cases, as in `\(name).\(type.cases.first ?? "")`")
    case .entity(.dataset, let name):
      reportWrong(resolved, at: span, needed: "a value", help: "name a record, as in `\(name)[0]`")
    case .entity(.network, let name), .entity(.sampler, let name), .entity(.pipeline, let name):
      reportWrong(resolved, at: span, needed: "a value", help: "apply it, as in `\(name)(…)`")
    case .entity(.mitigation(let mitigation), _):
      reportWrong(
        resolved, at: span, needed: "a value", help: "apply what it yields, `\(mitigation.yields)`")
    case .entity:
      reportWrong(resolved, at: span, needed: "a value")
    }
    return nil
  }

  /// A boolean expression.
  mutating func boolean(_ expression: ExpressionSyntax, in scope: Scope) -> TypedExpression? {
    guard let value = typed(expression, in: scope) else { return nil }
    if value.type == .boolean { return value }
    report(
      .typeMismatch, "a condition is needed here, not \(value.type)", at: expression.span,
      help: value.type.isNumeric ? "compare it with a number" : nil)
    return nil
  }

  /// An expression whose value is a number.
  mutating func numeric(_ expression: ExpressionSyntax, in scope: Scope) -> TypedExpression? {
    guard let value = typed(expression, in: scope) else { return nil }
    if value.type.isNumeric { return value }
    var help: String?
    if case .tensor = value.type { help = "take one element, as in `x[0]`, or a distance, as in `l2(x, y)`" }
    report(.typeMismatch, "a number is needed here, not \(value.type)", at: expression.span, help: help)
    return nil
  }

  private mutating func logical(
    _ first: ExpressionSyntax, _ links: [ChainLink], at span: SourceSpan, in scope: Scope,
    make: ([TypedExpression]) -> TypedExpression.Kind
  ) -> TypedExpression? {
    let syntax = [first] + links.map(\.operand)
    var operands: [TypedExpression] = []
    for operand in syntax {
      if let value = boolean(operand, in: scope) { operands.append(value) }
    }
    guard operands.count == syntax.count else { return nil }
    return TypedExpression(kind: make(operands), type: .boolean, span: span)
  }
}
