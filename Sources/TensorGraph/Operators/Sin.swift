import RigorousArithmetic

/// The sine, whose second derivative is its negative.
enum Sin: SmoothRule {
  static func enclosure(over x: Interval) -> Interval { x.sin() }

  static func derivative(at x: Double) -> Double { Interval(x).cos().midpoint }

  static func curvature(over x: Interval) -> Double { 1 }
}
