import RigorousArithmetic

/// The error function, increasing and odd.
///
/// Its derivatives are `2 / sqrt(pi) exp(-x^2)` and `-4 / sqrt(pi) x exp(-x^2)`. The magnitude of the second rises up to
/// `1 / sqrt 2`, where it is `4 / sqrt(2 pi e) < 0.9679`, and falls from there; `4 / sqrt(pi) < 2.2568`.
enum Erf: SmoothRule {
  static func enclosure(over x: Interval) -> Interval { x.erf() }

  static func derivative(at x: Double) -> Double { 1.1283791670955126 * Interval(-x * x).exp().midpoint }

  static func curvature(over x: Interval) -> Double {
    let nearest = Interval(x.mignitude)
    guard nearest.lower > 1 else { return 0.9679 }
    return (Interval(2.2568) * nearest * (-nearest.squared()).exp()).upper
  }
}
