import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a comparison chain; each link is one comparison.
  mutating func comparison(
    _ first: ExpressionSyntax, _ links: [ChainLink], at span: SourceSpan, in scope: Scope
  ) -> TypedExpression? {
    var left = typed(first, in: scope)
    var parts: [TypedExpression] = []
    for link in links {
      let right = typed(link.operand, in: scope)
      if let a = left, let b = right, let operation = ComparisonOperator(rawValue: link.operation.text),
        let part = comparison(operation, a, b, operatorSpan: link.operation.span)
      {
        parts.append(part)
      }
      left = right
    }
    guard parts.count == links.count, let only = parts.first else { return nil }
    if parts.count == 1 { return TypedExpression(kind: only.kind, type: .boolean, span: span) }
    return TypedExpression(kind: .and(parts), type: .boolean, span: span)
  }

  private mutating func comparison(
    _ operation: ComparisonOperator, _ left: TypedExpression, _ right: TypedExpression,
    operatorSpan: SourceSpan
  ) -> TypedExpression? {
    let span = left.span.union(right.span)
    func make(_ kind: TypedExpression.Kind) -> TypedExpression {
      TypedExpression(kind: kind, type: .boolean, span: span)
    }
    switch (left.type, right.type) {
    case (.enumeration(let a), .enumeration(let b)):
      guard a == b else {
        report(.typeMismatch, "a case of `\(a.name)` is compared with one of `\(b.name)`", at: span)
        return nil
      }
      guard operation == .equal || operation == .notEqual else {
        report(
          .typeMismatch, "cases of an enumeration have no order", at: operatorSpan,
          help: "compare them with `==` or `!=`")
        return nil
      }
      if case .enumCase(_, let i) = left.kind, case .enumCase(_, let j) = right.kind {
        return make(.boolean((i == j) == (operation == .equal)))
      }
      return make(.compare(operation, left, right))
    case (.tensor, .tensor):
      report(
        .typeMismatch, "tensors cannot be compared", at: operatorSpan,
        help: "compare their distance, as in `linf(x, y) <= 0`, or their elements")
      return nil
    default: break
    }
    guard left.type.isNumeric, right.type.isNumeric else {
      report(.typeMismatch, "\(left.type) cannot be compared with \(right.type)", at: span)
      return nil
    }
    if let a = left.constantValue, let b = right.constantValue {
      return make(.boolean(operation.holds(a, b)))
    }
    guard checkMetrics(left, right, at: span) else { return nil }
    warnIfDecided(operation, left, right, at: span)
    return make(.compare(operation, left, right))
  }

  /// Warns where the declared ranges alone decide a comparison.
  private mutating func warnIfDecided(
    _ operation: ComparisonOperator, _ left: TypedExpression, _ right: TypedExpression, at span: SourceSpan
  ) {
    guard let a = left.type.numericRange, let b = right.type.numericRange,
      let answer = RangeArithmetic.decide(operation, a, b)
    else { return }
    report(
      .trivialClaim,
      "`\(sources.text(span))` is always \(answer) by the declared ranges", at: span,
      notes: [DiagnosticNote("this lies in \(a)", at: left.span)])
  }
}
