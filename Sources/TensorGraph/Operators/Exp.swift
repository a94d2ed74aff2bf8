import RigorousArithmetic

/// The exponential function, its own derivative.
enum Exp: SmoothRule {
  static func enclosure(over x: Interval) -> Interval { x.exp() }

  static func derivative(at x: Double) -> Double { Interval(x).exp().midpoint }

  static func bend(over x: Interval) -> Bend? { .convex }

  static func slope(over x: Interval) -> Interval { x.exp() }

  static func argument(ofSlope slope: Double, near hint: Double) -> Double { Interval(slope).log().midpoint }

  static func curvature(over x: Interval) -> Double { Interval(x.upper).exp().upper }
}
