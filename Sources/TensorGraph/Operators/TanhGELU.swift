import RigorousArithmetic

/// `x (1 + tanh(k (x + c x^3))) / 2` with `k = sqrt(2 / pi)` and `c = 0.044715`: the Gaussian error linear unit as many
/// networks approximate it (Hendrycks and Gimpel, arXiv:1606.08415, section 2).
///
/// With the logistic function s and `a(x) = 2 k (x + c x^3)` it is `x s(a(x))`. The derivative is
/// `s(a) (1 + x (1 - s(a)) a')`. For `x = -y < 0` its second factor is `1 - y a'(y) s(a(y))`, and `y`, `a'(y)` and `s(a(y))`
/// are positive and rise; so it has one zero, near -0.75246142207101625849, up to which the function falls and from which
/// it rises, with the value -0.17004075057125405064 there.
///
/// The second derivative is `s (1 - s) (2 a' + 12 k c x^2 - |x| tanh(|a| / 2) a'^2)`, an even function. Its sign is that of
/// `1 - k |x| tanh(|a| / 2) (1 + 9 c^2 x^4 / (1 + 6 c x^2))`, since `a' = 2 k (1 + 3 c x^2)`; this falls in |x| and changes between
/// 1.4185 and 1.4186. Up to 2.5 its magnitude is at most 0.8, which an evaluation in intervals on small pieces shows (a
/// test does that). Everywhere it is at most `exp(-a(|x|)) P(|x|)` with `P(y) = 2 a'(y) + 12 k c y^2 + y a'(y)^2`. This falls
/// for positive y where `P' <= a' P`, that is where `3 a'' + y a''' + y a' a'' <= a'^2 + y a'^3`. With `a'' = y a'''`,
/// `a''' = 12 k c < 0.43` and `a' >= 1.59 + 0.21 y^2` the left side is at most `1.72 y + 0.43 y^2 a'`, and
/// `a'^2 >= 2.52 + 0.66 y^2` makes the right side at least `y a' (2.52 + 0.66 y^2)`; `0.66 y^2 + 0.08 >= 0.43 y`, and
/// `2.44 a' >= 1.72`.
enum TanhGELU: SmoothRule {
  private static let valley = Valley(
    floor: Interval(-0.75246142207102, -0.75246142207101), least: -0.170040750571255, farUpper: 0)

  /// `c`.
  private static let cubic = Interval(0.044715.nextDown, 0.044715.nextUp)
  /// `2 k`.
  private static let factor = Interval(2) * (Interval(2) / Interval.pi).squareRoot()

  private static func argument(_ x: Interval) -> Interval {
    factor * (x * (.one + cubic * x.squared()))
  }

  private static func rise(_ x: Interval) -> Interval {
    factor * (.one + Interval(3) * cubic * x.squared())
  }

  static func enclosure(over x: Interval) -> Interval {
    valley.enclosure(over: x) { $0 * argument($0).sigmoid() }
  }

  static func derivative(at x: Double) -> Double {
    let point = Interval(x)
    let value = argument(point).sigmoid().midpoint
    // Where the cube overflows, the function is the identity or zero.
    guard value > 0, value < 1 else { return value }
    return value * (1 + x * (1 - value) * rise(point).midpoint)
  }

  static func bend(over x: Interval) -> Bend? { Turn(inner: 1.4185, outer: 1.4186).bend(over: x) }

  static func curvature(over x: Interval) -> Double {
    // The bound falls, so that the one at a nearer place, at which nothing overflows, will do.
    let nearest = Interval(Swift.min(x.mignitude, 100))
    let rise = rise(nearest)
    let polynomial =
      Interval(2) * rise + Interval(6) * factor * cubic * nearest.squared() + nearest * rise.squared()
    let bound = ((-argument(nearest)).exp() * polynomial).upper
    return x.mignitude > 2.5 ? bound : Swift.min(0.8, bound)
  }
}
