package import RigorousArithmetic

/// A closed range of one coordinate with exact end points.
package struct AxisRange: Hashable, Sendable {
  /// Smallest value.
  package let lower: Rational
  /// Largest value; not below `lower`.
  package let upper: Rational

  /// Makes a range.
  ///
  /// - Precondition: `lower <= upper`.
  package init(lower: Rational, upper: Rational) {
    precondition(lower <= upper)
    self.lower = lower
    self.upper = upper
  }

  /// Whether a double lies in the range, exactly.
  package func contains(_ value: Double) -> Bool {
    guard let exact = Rational(exactly: value) else { return false }
    return lower <= exact && exact <= upper
  }

  /// An enclosure of the number that a double stands for; nil where it stands for none of the range.
  package func coordinate(_ value: Double) -> Interval? { exact(value)?.enclosure }

  /// The number that a double stands for as a coordinate of a witness; nil where it stands for none of the range.
  ///
  /// A double of the range stands for itself. Where the range is a single number and no double, the double below it
  /// stands for that number.
  package func exact(_ value: Double) -> Rational? {
    guard let exact = Rational(exactly: value) else { return nil }
    if lower <= exact && exact <= upper { return exact }
    return lower == upper && value == lower.roundedDown ? lower : nil
  }

  /// The least and the greatest double that stand for a coordinate; nil where there is none.
  package var doubles: (lower: Double, upper: Double)? {
    let least = lower.roundedUp
    let greatest = upper.roundedDown
    if lower == upper, least != greatest { return greatest.isFinite ? (greatest, greatest) : nil }
    // Adding zero turns a negative zero into a positive one.
    return least.isFinite && greatest.isFinite && least <= greatest ? (least + 0, greatest + 0) : nil
  }
}

/// The law of one coordinate; coordinates are independent.
package enum AxisLaw: Hashable, Sendable {
  /// Normal on the whole line.
  case normal(mean: Rational, deviation: Rational)
  /// Normal conditioned on a range of positive mass.
  case truncatedNormal(mean: Rational, deviation: Rational, range: AxisRange)
  /// Uniform on a range of positive length.
  case uniform(AxisRange)
}

/// One comparison against a constant.
package enum Comparison: UInt8, Hashable, Sendable, CustomStringConvertible {
  /// `<`.
  case less
  /// `<=`.
  case lessOrEqual
  /// `>`.
  case greater
  /// `>=`.
  case greaterOrEqual

  /// The comparison that holds exactly where this one fails.
  package var negated: Comparison {
    switch self {
    case .less: return .greaterOrEqual
    case .lessOrEqual: return .greater
    case .greater: return .lessOrEqual
    case .greaterOrEqual: return .less
    }
  }

  /// The comparison with its sides exchanged.
  package var flipped: Comparison {
    switch self {
    case .less: return .greater
    case .lessOrEqual: return .greaterOrEqual
    case .greater: return .less
    case .greaterOrEqual: return .lessOrEqual
    }
  }

  /// Whether the left side is bounded from above.
  package var boundsAbove: Bool { self == .less || self == .lessOrEqual }

  package var description: String {
    switch self {
    case .less: return "<"
    case .lessOrEqual: return "<="
    case .greater: return ">"
    case .greaterOrEqual: return ">="
    }
  }

  /// What is known of `value ⋈ threshold` when both lie in intervals; nil when both answers are possible.
  ///
  /// Strictness is kept: `value < threshold` needs the intervals to be apart.
  package func decided(_ value: Interval, _ threshold: Interval) -> Bool? {
    guard !value.lower.isNaN, !value.upper.isNaN, !threshold.lower.isNaN, !threshold.upper.isNaN else {
      return nil
    }
    switch self {
    case .less:
      if value.upper < threshold.lower { return true }
      return value.lower >= threshold.upper ? false : nil
    case .lessOrEqual:
      if value.upper <= threshold.lower { return true }
      return value.lower > threshold.upper ? false : nil
    case .greater:
      if value.lower > threshold.upper { return true }
      return value.upper <= threshold.lower ? false : nil
    case .greaterOrEqual:
      if value.lower >= threshold.upper { return true }
      return value.upper < threshold.lower ? false : nil
    }
  }

  /// The exact answer for two rationals.
  package func holds(_ value: Rational, _ threshold: Rational) -> Bool {
    switch self {
    case .less: return value < threshold
    case .lessOrEqual: return value <= threshold
    case .greater: return value > threshold
    case .greaterOrEqual: return value >= threshold
    }
  }
}
