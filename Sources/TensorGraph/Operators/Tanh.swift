import RigorousArithmetic

/// The hyperbolic tangent, increasing.
///
/// With t for its value, the derivatives are `1 - t^2` and `-2 t (1 - t^2)`, the second of magnitude at most
/// `4 / (3 sqrt 3) < 0.7699`, and at most `2 (1 - t^2) <= 8 exp(-2 |x|)`. It is convex below zero and concave above.
enum Tanh: SmoothRule {
  static func enclosure(over x: Interval) -> Interval { x.tanh() }

  static func derivative(at x: Double) -> Double {
    let value = Interval(x).tanh().midpoint
    return 1 - value * value
  }

  static func bend(over x: Interval) -> Bend? { x.upper <= 0 ? .convex : x.lower >= 0 ? .concave : nil }

  static func curvature(over x: Interval) -> Double {
    x.mignitude > 2 ? 8 * Interval(-2 * x.mignitude).exp().upper : 0.7699
  }
}
