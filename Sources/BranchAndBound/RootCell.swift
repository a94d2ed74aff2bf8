import CellMasses
import RigorousArithmetic
package import VerificationProblem

extension Obligation {
  /// The box of doubles in which a search starts: around the region under forall; for a law, its support or a
  /// stretch of `deviations` deviations around its mean.
  package func rootCell(deviations: Double) -> Cell {
    switch question {
    case .forall(let region):
      return Cell(lower: region.box.map(\.lower.roundedDown), upper: region.box.map(\.upper.roundedUp))
    case .measure(let law, _):
      let ranges = law.map { $0.searchRange(deviations: deviations) }
      return Cell(lower: ranges.map(\.lower), upper: ranges.map(\.upper))
    }
  }
}

extension AxisLaw {
  /// Where its mass lies, about, with the range outside of which there is none; no claim rests on it.
  var spread: (support: Interval, location: Double, scale: Double) {
    switch self {
    case .normal(let mean, let deviation):
      return (.entire, mean.enclosure.midpoint, deviation.enclosure.midpoint)
    case .truncatedNormal(let mean, let deviation, let range):
      let support = range.lower.enclosure.hull(range.upper.enclosure)
      return (support, mean.enclosure.midpoint, deviation.enclosure.midpoint)
    case .uniform(let range):
      let support = range.lower.enclosure.hull(range.upper.enclosure)
      // The deviation of a uniform law is its length over the square root of 12.
      return (
        support, Cell.midpoint(support.lower, support.upper),
        (support.upper - support.lower) / 3.4641016151377544
      )
    }
  }

  /// The stretch of a coordinate that a search covers: so many deviations around the mean within the support, or
  /// the whole support where it is bounded and the stretch misses a noticeable part of the mass, as it does for a law
  /// that is cut off far from its mean.
  fileprivate func searchRange(deviations: Double) -> Interval {
    let (support, location, scale) = spread
    let most = Double.greatestFiniteMagnitude
    let lower = Swift.max(support.lower, Swift.max(-most, location - deviations * scale))
    let upper = Swift.min(support.upper, Swift.min(most, location + deviations * scale))
    if support.isFinite, AxisMass(self).mass(lower, upper).lower < 1 - 1e-6 { return support }
    return Interval(Swift.min(lower, upper), Swift.max(lower, upper))
  }
}
