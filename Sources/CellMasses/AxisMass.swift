package import RigorousArithmetic
package import VerificationProblem

/// Masses of ranges under the law of one coordinate.
package struct AxisMass: Sendable {
  private enum Form: Sendable {
    case standardNormal
    case normal(mean: Interval, deviation: Interval)
    case truncated(mean: Interval, deviation: Interval, lower: Interval, upper: Interval, total: Interval)
    case uniform(lower: Interval, upper: Interval)
  }

  private let form: Form

  /// The masses of a law.
  package init(_ law: AxisLaw) {
    switch law {
    case .normal(let mean, let deviation):
      let isStandard = mean == Rational(0) && deviation == Rational(1)
      form = isStandard ? .standardNormal : .normal(mean: mean.enclosure, deviation: deviation.enclosure)
    case .truncatedNormal(let mean, let deviation, let range):
      let lower = range.lower.enclosure
      let upper = range.upper.enclosure
      let centre = mean.enclosure
      let width = deviation.enclosure
      form = .truncated(
        mean: centre, deviation: width, lower: lower, upper: upper,
        total: AxisMass.normal(mean: centre, deviation: width, lower, upper))
    case .uniform(let range):
      let lower = range.lower.enclosure
      let upper = range.upper.enclosure
      form = .uniform(lower: lower, upper: upper)
    }
  }

  /// Enclosure of the mass of `[lower, upper]`; both ends may be infinite.
  ///
  /// The law has no atoms, so that open and closed ranges have the same mass.
  @inline(__always)
  package func mass(_ lower: Double, _ upper: Double) -> Interval {
    guard lower < upper else { return .zero }
    if case .standardNormal = form { return NormalMass.mass(from: lower, to: upper) }
    return generalMass(lower, upper)
  }

  private func generalMass(_ lower: Double, _ upper: Double) -> Interval {
    switch form {
    case .standardNormal: return NormalMass.mass(from: lower, to: upper)
    case .normal(let mean, let deviation):
      return AxisMass.normal(mean: mean, deviation: deviation, Interval(lower), Interval(upper))
    case .truncated(let mean, let deviation, let first, let last, let total):
      let low = Interval.maximum(Interval(lower), first)
      let high = Interval.minimum(Interval(upper), last)
      let part = AxisMass.normal(mean: mean, deviation: deviation, low, high)
      return AxisMass.probability(part / total)
    case .uniform(let first, let last):
      let low = Interval.maximum(Interval(lower), first)
      let high = Interval.minimum(Interval(upper), last)
      let length = high - low
      let positive = Interval(Swift.max(0, length.lower), Swift.max(0, length.upper))
      return AxisMass.probability(positive / (last - first))
    }
  }

  private static func probability(_ value: Interval) -> Interval {
    Interval(Swift.min(1, Swift.max(0, value.lower)), Swift.min(1, Swift.max(0, value.upper)))
  }

  /// Mass between two end points that are known up to intervals: least for the latest start and earliest end.
  private static func normal(mean: Interval, deviation: Interval, _ lower: Interval, _ upper: Interval)
    -> Interval
  {
    let start = (lower - mean) / deviation
    let end = (upper - mean) / deviation
    let least = start.upper < end.lower ? NormalMass.mass(from: start.upper, to: end.lower).lower : 0
    let most = start.lower < end.upper ? NormalMass.mass(from: start.lower, to: end.upper).upper : 0
    return Interval(Swift.max(0, least), Swift.max(0, most))
  }
}
