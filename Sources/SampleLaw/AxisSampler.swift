import RigorousArithmetic
import Statistics
import VerificationProblem

/// The law of one coordinate, ready to be sampled by inversion.
///
/// Parameters are rounded to the nearest doubles or their neighbours, and the quantile function is computed with
/// a relative error near 2^-52; values of laws on a range lie in the exact range.
enum AxisSampler: Hashable, Sendable {
  case normal(mean: Double, deviation: Double)
  case truncatedNormal(TruncatedNormal, mean: Double, deviation: Double, support: ClosedRange<Double>)
  case uniform(ClosedRange<Double>, support: ClosedRange<Double>)

  /// Nil when parameters overflow, a range holds no double or has no usable mass.
  init?(_ law: AxisLaw) {
    switch law {
    case .normal(let mean, let deviation):
      guard let (mean, deviation) = Self.doubles(mean: mean, deviation: deviation) else { return nil }
      self = .normal(mean: mean, deviation: deviation)
    case .truncatedNormal(let mean, let deviation, let range):
      guard let (mean, deviation) = Self.doubles(mean: mean, deviation: deviation),
        let support = Self.doubles(of: range),
        let standard = TruncatedNormal(
          from: (range.lower.enclosure.midpoint - mean) / deviation,
          to: (range.upper.enclosure.midpoint - mean) / deviation)
      else { return nil }
      self = .truncatedNormal(standard, mean: mean, deviation: deviation, support: support)
    case .uniform(let range):
      guard let support = Self.doubles(of: range) else { return nil }
      self = .uniform(range.lower.enclosure.midpoint...range.upper.enclosure.midpoint, support: support)
    }
  }

  /// The quantile of `u`, strictly between 0 and 1.
  func value(_ u: Double) -> Double {
    switch self {
    case .normal(let mean, let deviation): return mean + deviation * Variate.normal(u)
    case .truncatedNormal(let standard, let mean, let deviation, let support):
      return min(max(mean + deviation * standard.value(u), support.lowerBound), support.upperBound)
    case .uniform(let range, let support):
      let value = Variate.uniform(u, from: range.lowerBound, to: range.upperBound)
      return min(max(value, support.lowerBound), support.upperBound)
    }
  }

  private static func doubles(mean: Rational, deviation: Rational) -> (mean: Double, deviation: Double)? {
    guard mean.enclosure.isFinite, deviation.enclosure.isFinite else { return nil }
    let width = deviation.enclosure.midpoint
    return width > 0 ? (mean.enclosure.midpoint, width) : nil
  }

  /// The doubles of an exact range: from its lower end rounded up to its upper end rounded down.
  private static func doubles(of range: AxisRange) -> ClosedRange<Double>? {
    let (lower, upper) = (range.lower.roundedUp, range.upper.roundedDown)
    guard range.lower.enclosure.isFinite, range.upper.enclosure.isFinite, lower <= upper else { return nil }
    return lower...upper
  }
}
