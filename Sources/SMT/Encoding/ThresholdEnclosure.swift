package import RigorousArithmetic
package import VerificationProblem

/// Rational numbers around the exact value of a threshold.
///
/// A rational threshold is its own enclosure. The logit of a rational other than one half is irrational (by
/// Lindemann's theorem, as the logarithm of an algebraic number other than one), and no rational equals it.
package struct ThresholdEnclosure: Hashable, Sendable {
  /// Not above the threshold; nil when no such number is known.
  package let lower: Rational?
  /// Not below the threshold; nil when no such number is known.
  package let upper: Rational?

  /// Encloses a threshold.
  package init(_ threshold: Threshold) {
    switch threshold {
    case .rational(let value): (lower, upper) = (value, value)
    case .logit:
      let enclosure = threshold.enclosure
      (lower, upper) = (Rational(exactly: enclosure.lower), Rational(exactly: enclosure.upper))
    }
  }

  /// Whether the threshold is known exactly.
  package var isExact: Bool { lower != nil && lower == upper }

  /// What a comparison of a known value with the threshold comes to; nil in the gap.
  package func decides(_ value: Rational, _ comparison: Comparison) -> Bool? {
    // The truth of a comparison is monotone in the threshold, so one end point settles each answer: a bound
    // from above that holds at the lower end holds at the threshold, one that fails at the upper end fails.
    let atLower = lower.map { comparison.holds(value, $0) }
    let atUpper = upper.map { comparison.holds(value, $0) }
    if comparison.boundsAbove {
      if atLower == true { return true }
      return atUpper == false ? false : nil
    }
    if atUpper == true { return true }
    return atLower == false ? false : nil
  }
}
