import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// The negative of a number.
  mutating func negated(_ value: TypedExpression, at span: SourceSpan) -> TypedExpression? {
    if case .constant(let number) = value.kind {
      return folded(-number, isInteger: value.type.isInteger, at: span)
    }
    let range = RangeArithmetic.negate(value.type.numericRange)
    return TypedExpression(
      kind: .negate(value), type: value.type.isInteger ? .integer(range: range) : .real(range: range),
      span: span)
  }

  /// Checks a chain of sums or products, grouped to the left.
  mutating func arithmetic(
    _ first: ExpressionSyntax, _ links: [ChainLink], in scope: Scope
  ) -> TypedExpression? {
    var result = numeric(first, in: scope)
    for link in links {
      guard let right = numeric(link.operand, in: scope), let left = result,
        let operation = ArithmeticOperator(rawValue: link.operation.text)
      else {
        // Go on, so that the operands to come are checked as well.
        result = nil
        continue
      }
      result = arithmetic(operation, left, right, operatorSpan: link.operation.span)
    }
    return result
  }

  private mutating func arithmetic(
    _ operation: ArithmeticOperator, _ left: TypedExpression, _ right: TypedExpression,
    operatorSpan: SourceSpan
  ) -> TypedExpression? {
    let span = left.span.union(right.span)
    let isInteger = left.type.isInteger && right.type.isInteger && operation != .divide
    let factors = (left.constantValue, right.constantValue)
    if operation == .divide, let divisor = factors.1, divisor.isZero {
      report(.divisionByZero, "division by zero", at: right.span)
      return nil
    }
    if let a = factors.0, let b = factors.1 {
      let value: Rational?
      switch operation {
      case .add: value = a + b
      case .subtract: value = a - b
      case .multiply: value = a * b
      case .divide: value = a.divided(by: b)
      }
      return value.flatMap { folded($0, isInteger: isInteger, at: span) }
    }
    let range: ValueRange?
    let (a, b) = (left.type.numericRange, right.type.numericRange)
    switch operation {
    case .add, .subtract:
      guard checkMetrics(left, right, at: span) else { return nil }
      range = RangeArithmetic.add(a, operation == .add ? b : RangeArithmetic.negate(b))
    case .multiply:
      if let factor = factors.0 ?? factors.1 {
        range = RangeArithmetic.scale(factors.0 == nil ? a : b, by: factor)
      } else {
        range = RangeArithmetic.multiply(a, b)
      }
    case .divide:
      guard let divisor = factors.1, let factor = Rational(1).divided(by: divisor) else {
        report(
          .nonlinear, "a divisor must be a constant, since an unknown one may be zero", at: operatorSpan,
          help: "multiply both sides of the comparison")
        return nil
      }
      range = RangeArithmetic.scale(a, by: factor)
    }
    return TypedExpression(
      kind: .arithmetic(operation, left, right),
      type: isInteger ? .integer(range: range) : .real(range: range), span: span)
  }
}
