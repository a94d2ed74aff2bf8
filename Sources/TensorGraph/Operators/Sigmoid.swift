import RigorousArithmetic

/// `1 / (1 + exp(-x))`, increasing.
///
/// With s for its value, the derivatives are `s (1 - s)` and `s (1 - s) (1 - 2 s)`, the second of magnitude at most
/// `1 / (6 sqrt 3) < 0.09623`, and at most `s (1 - s) <= exp(-|x|)`. It is convex below zero and concave above.
enum Sigmoid: SmoothRule {
  static func enclosure(over x: Interval) -> Interval { x.sigmoid() }

  static func derivative(at x: Double) -> Double {
    let value = Interval(x).sigmoid().midpoint
    return value * (1 - value)
  }

  static func bend(over x: Interval) -> Bend? { x.upper <= 0 ? .convex : x.lower >= 0 ? .concave : nil }

  static func curvature(over x: Interval) -> Double {
    x.mignitude > 2 ? Interval(-x.mignitude).exp().upper : 0.09623
  }
}
