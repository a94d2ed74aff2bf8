import RigorousArithmetic

/// The exponential function, its own derivative.
enum Exp: SmoothRule {
  static func enclosure(over x: Interval) -> Interval { x.exp() }

  static func derivative(at x: Double) -> Double { Interval(x).exp().midpoint }

  static func curvature(over x: Interval) -> Double { Interval(x.upper).exp().upper }
}
