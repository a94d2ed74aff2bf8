// Theorem: with F = Phi, if U is uniform then F^-1(F(a) + U (F(b) - F(a))) is standard normal
// conditioned on [a, b]. Probabilities are taken from the tail in which they are small; a range right
// of zero is mirrored.

package import RigorousArithmetic

/// The standard normal law conditioned on an interval, sampled by inversion.
package struct TruncatedNormal: Hashable, Sendable {
  /// The lower end of the range, possibly -infinity.
  package let lower: Double
  /// The upper end of the range, possibly infinity.
  package let upper: Double
  /// A rigorous enclosure of the mass of the range under the standard normal law.
  package let mass: Interval

  private let isMirrored: Bool
  /// Phi below the range and 1 - Phi above it, after mirroring, rounded.
  private let massBelow: Double
  private let massAbove: Double
  private let roundedMass: Double

  /// The law on [lower, upper]; nil unless lower < upper and the mass is at least 2^-1000.
  package init?(from lower: Double, to upper: Double) {
    guard lower < upper else { return nil }
    mass = NormalMass.mass(from: lower, to: upper)
    guard mass.lower >= 0x1p-1000 else { return nil }
    (self.lower, self.upper) = (lower, upper)
    isMirrored = lower > 0
    massBelow = NormalMass.cdf(isMirrored ? -upper : lower).midpoint
    massAbove = NormalMass.cdf(isMirrored ? lower : -upper).midpoint
    roundedMass = mass.midpoint
  }

  /// The quantile of u in (0, 1), within [lower, upper].
  package func value(_ u: Double) -> Double {
    let position = isMirrored ? 1 - u : u
    let below = massBelow + position * roundedMass
    let value =
      below < 0.5 ? Variate.normal(below) : -Variate.normal(massAbove + (1 - position) * roundedMass)
    return min(max(isMirrored ? -value : value, lower), upper)
  }
}
