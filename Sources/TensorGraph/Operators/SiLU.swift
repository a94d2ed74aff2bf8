import RigorousArithmetic

/// `x / (1 + exp(-x))`, also called Swish.
///
/// With s for the logistic function, the derivative is `s (1 + x (1 - s))`, and `1 + x (1 - s)` increases on the whole
/// line wherever it is at most 1; so it has one zero, near -1.27846454276107379511, up to which the function falls and
/// from which it rises, with the value -0.27846454276107379511 there. The second derivative is
/// `s (1 - s) (2 - x tanh(x / 2))`: at most `2 s (1 - s) <= 1/2`, and where it is negative of magnitude at most
/// `s (1 - s) |x| <= |x| exp(-|x|) < 1/2`. In all it is at most `(2 + |x|) exp(-|x|)`, which falls in |x|.
/// Its sign is that of `2 - |x| tanh(|x| / 2)`, which falls in |x| and changes between 2.399 and 2.4.
enum SiLU: SmoothRule {
  private static let valley = Valley(
    floor: Interval(-1.27846454276108, -1.27846454276107), least: -0.278464542761074, farUpper: 0)

  static func enclosure(over x: Interval) -> Interval {
    valley.enclosure(over: x) { $0 * $0.sigmoid() }
  }

  static func derivative(at x: Double) -> Double {
    let value = Interval(x).sigmoid().midpoint
    return value * (1 + x * (1 - value))
  }

  static func bend(over x: Interval) -> Bend? { Turn(inner: 2.399, outer: 2.4).bend(over: x) }

  static func curvature(over x: Interval) -> Double {
    let nearest = x.mignitude
    return Swift.min(0.5, ((Interval(2) + Interval(nearest)) * Interval(-nearest).exp()).upper)
  }
}
