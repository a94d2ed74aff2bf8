import RigorousArithmetic

/// `x^2`, with the derivatives `2 x` and `2`.
enum Square: SmoothRule {
  static func enclosure(over x: Interval) -> Interval { x.squared() }

  static func derivative(at x: Double) -> Double { 2 * x }

  static func curvature(over x: Interval) -> Double { 2 }

  static func bend(over x: Interval) -> Bend? { .convex }

  static func slope(over x: Interval) -> Interval { x + x }

  static func argument(ofSlope slope: Double, near hint: Double) -> Double { slope / 2 }
}
