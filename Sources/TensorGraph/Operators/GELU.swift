import RigorousArithmetic

/// `x Phi(x)` with the normal distribution function Phi, the Gaussian error linear unit without approximation.
///
/// With the normal density phi, the derivatives are `Phi + x phi` and `phi (2 - x^2)`. The first falls from 0 up to
/// `-sqrt 2` and rises from there to `sqrt 2`, where it exceeds 1, and stays above 1; so it has one zero, near
/// -0.75179152469356445746, with the value -0.16997120747990366169 there. The second derivative is at most
/// `2 phi(0) < 0.7979`, and where it is negative of magnitude at most `x^2 phi(x) <= 2 phi(sqrt 2) < 0.3`; beyond 2 its
/// magnitude `(x^2 - 2) phi(x)` falls, since its derivative is `x (4 - x^2) phi(x)`.
enum GELU: SmoothRule {
  private static let valley = Valley(
    floor: Interval(-0.75179152469357, -0.75179152469356), least: -0.169971207479904, farUpper: 0)

  static func enclosure(over x: Interval) -> Interval {
    valley.enclosure(over: x) { $0 * distribution(over: $0) }
  }

  /// Phi over the members: it rises.
  private static func distribution(over x: Interval) -> Interval {
    Interval(NormalMass.cdf(x.lower).lower, NormalMass.cdf(x.upper).upper)
  }

  static func derivative(at x: Double) -> Double {
    NormalMass.cdf(x).midpoint + x * Interval(x).normalPDF().midpoint
  }

  static func curvature(over x: Interval) -> Double {
    let nearest = Interval(x.mignitude)
    guard nearest.lower > 2 else { return 0.7979 }
    return ((nearest.squared() - Interval(2)) * nearest.normalPDF()).upper
  }
}
