package import RigorousArithmetic

/// Ranges of results from ranges of operands; nil stands for "not known to be bounded".
///
/// Ends of many digits, as repeated products have, are rounded outwards.
enum RangeArithmetic {
  /// Bits of numerator and denominator beyond which an end is rounded.
  private static let maximumWidth = 512

  private static func range(_ lower: Rational, _ upper: Rational) -> ValueRange? {
    func isShort(_ value: Rational) -> Bool {
      value.numerator.bitWidth <= maximumWidth && value.denominator.bitWidth <= maximumWidth
    }
    if isShort(lower), isShort(upper) { return ValueRange(lower: lower, upper: upper) }
    guard let low = Rational(exactly: lower.roundedDown), let high = Rational(exactly: upper.roundedUp)
    else { return nil }
    return ValueRange(lower: low, upper: high)
  }

  static func negate(_ a: ValueRange?) -> ValueRange? {
    a.flatMap { ValueRange(lower: -$0.upper, upper: -$0.lower) }
  }

  static func add(_ a: ValueRange?, _ b: ValueRange?) -> ValueRange? {
    guard let a, let b else { return nil }
    return range(a.lower + b.lower, a.upper + b.upper)
  }

  static func hull(_ a: ValueRange?, _ b: ValueRange?) -> ValueRange? {
    guard let a, let b else { return nil }
    return ValueRange(lower: min(a.lower, b.lower), upper: max(a.upper, b.upper))
  }

  static func scale(_ a: ValueRange?, by factor: Rational) -> ValueRange? {
    guard let a else { return nil }
    let (x, y) = (a.lower * factor, a.upper * factor)
    return range(min(x, y), max(x, y))
  }

  static func multiply(_ a: ValueRange?, _ b: ValueRange?) -> ValueRange? {
    guard let a, let b else { return nil }
    let products = [a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper]
    guard let lower = products.min(), let upper = products.max() else { return nil }
    return range(lower, upper)
  }

  /// Whether the ranges decide `a operation b`; nil where they do not.
  static func decide(_ operation: ComparisonOperator, _ a: ValueRange, _ b: ValueRange) -> Bool? {
    switch operation {
    case .less: a.upper < b.lower ? true : a.lower >= b.upper ? false : nil
    case .lessOrEqual: a.upper <= b.lower ? true : a.lower > b.upper ? false : nil
    case .greater, .greaterOrEqual: decide(operation.mirrored, b, a)
    case .equal:
      a.lower > b.upper || a.upper < b.lower
        ? false : a.lower == a.upper && a == b ? true : nil
    case .notEqual: decide(.equal, a, b).map { !$0 }
    }
  }
}

extension ComparisonOperator {
  /// Whether the comparison holds of two numbers.
  func holds(_ a: Rational, _ b: Rational) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: a == b
    case .notEqual: a != b
    }
  }
}

extension ValueType {
  /// Whether values are numbers.
  var isNumeric: Bool {
    switch self {
    case .real, .integer: true
    default: false
    }
  }

  /// Whether values are integers.
  var isInteger: Bool {
    if case .integer = self { return true }
    return false
  }

  /// The range of numbers, where one is known.
  var numericRange: ValueRange? {
    switch self {
    case .real(let range), .integer(let range): range
    default: nil
    }
  }
}

extension TypedExpression {
  /// The number of a constant.
  package var constantValue: Rational? {
    if case .constant(let value) = kind { return value }
    return nil
  }
}
