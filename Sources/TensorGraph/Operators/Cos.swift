import RigorousArithmetic

/// The cosine, whose second derivative is its negative.
enum Cos: SmoothRule {
  static func enclosure(over x: Interval) -> Interval { x.cos() }

  static func derivative(at x: Double) -> Double { -Interval(x).sin().midpoint }

  static func curvature(over x: Interval) -> Double { 1 }
}
