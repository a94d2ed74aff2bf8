import RigorousArithmetic

/// `log(1 + exp(x))`, increasing.
///
/// Its derivative is the logistic function, whose own lies in (0, 1/4] and is at most `exp(-|x|)`. For positive x it is
/// `x + log(1 + exp(-x))`, which does not overflow.
enum Softplus: SmoothRule {
  static func enclosure(over x: Interval) -> Interval {
    Interval(value(x.lower).lower, value(x.upper).upper)
  }

  private static func value(_ x: Double) -> Interval {
    if x == .infinity { return Interval(.greatestFiniteMagnitude, .infinity) }
    if x == -.infinity { return .zero }
    let point = Interval(x)
    return x > 0 ? point + (.one + (-point).exp()).log() : (.one + point.exp()).log()
  }

  static func derivative(at x: Double) -> Double { Interval(x).sigmoid().midpoint }

  static func bend(over x: Interval) -> Bend? { .convex }

  static func slope(over x: Interval) -> Interval { x.sigmoid() }

  static func argument(ofSlope slope: Double, near hint: Double) -> Double {
    Interval(slope).logit().midpoint
  }

  static func curvature(over x: Interval) -> Double {
    x.mignitude > 2 ? Interval(-x.mignitude).exp().upper : 0.25
  }
}
