import RigorousArithmetic

/// `f(x) = x Phi(s x)` with the normal distribution function Phi and a scale `s` near one, known up to an interval.
///
/// With `g(y) = y Phi(y)` it is `g(s x) / s`, so that `f'(x) = g'(s x)` and `f''(x) = s g''(s x)`. With the normal density
/// phi, `g' = Phi + y phi` and `g'' = phi (2 - y^2)`. The first falls from 0 up to `-sqrt 2` and rises from there to
/// `sqrt 2`, where it exceeds 1, and stays above 1; so it has one zero, near -0.75179152469356445746, with the value
/// -0.16997120747990366169 there. The second derivative has the derivative `y (y^2 - 4) phi(y)`: from `2 phi(0) < 0.7979` it
/// falls up to 2, is zero at `sqrt 2`, and rises beyond 2 from `-2 phi(2) > -0.10799` towards zero.
struct GaussianGate {
  private let scale: Interval
  private let valley: Valley

  init(scale: Interval) {
    self.scale = scale
    valley = Valley(
      floor: Interval(-0.75179152469357, -0.75179152469356) / scale,
      least: (Interval(-0.169971207479904) / scale).lower, farUpper: 0)
  }

  func enclosure(over x: Interval) -> Interval {
    valley.enclosure(over: x) { $0 * GaussianGate.distribution(over: scale * $0) }
  }

  /// Where the tail is of no account, so that it need not be known well.
  private static let far = 9.0
  private static let farTail = NormalMass.upperTail(far).upper

  /// Phi over the members: it rises.
  private static func distribution(over y: Interval) -> Interval {
    let lower =
      y.lower < -far ? 0 : y.lower > far ? Directed.subtractDown(1, farTail) : NormalMass.cdf(y.lower).lower
    let upper = y.upper < -far ? farTail : y.upper > far ? 1 : NormalMass.cdf(y.upper).upper
    return Interval(lower, upper)
  }

  func derivative(at x: Double) -> Double {
    let y = x * scale.midpoint
    guard y.magnitude < GaussianGate.far else { return y > 0 ? 1 : 0 }
    // The density by a quotient of differences, within 1e-7.
    let step = 0x1p-12
    let (below, above) = (NormalMass.cdf(y - step).midpoint, NormalMass.cdf(y + step).midpoint)
    return (below + above) / 2 + y * (above - below) / (2 * step)
  }

  func curvature(over x: Interval) -> Double {
    Directed.multiplyUp(
      scale.upper, GaussianGate.curvature(from: Directed.multiplyDown(scale.lower, x.mignitude)))
  }

  /// For scales within 1e-6 of one.
  func bend(over x: Interval) -> Bend? { Turn(inner: 1.41421, outer: 1.41422).bend(over: x) }

  /// An upper bound of the second derivative's magnitude where that of the argument is at least `y`.
  private static func curvature(from y: Double) -> Double {
    // The bound falls, so that the one at a nearer place will do.
    curvatures[Int(Swift.min(y, far) * 8)]
  }

  /// At eighths up to `far`: upper bounds of the second derivative's magnitude there and further out.
  private static let curvatures = (0...Int(8 * far)).map { index in
    let y = Interval(Double(index) / 8)
    let second = (Interval(2) - y.squared()) * y.normalPDF()
    return index < 16 ? Swift.max(second.upper, 0.10799) : (-second).upper
  }
}

/// A function that is its operand times a normal distribution function.
protocol GaussianGated: SmoothRule {
  static var gate: GaussianGate { get }
}

extension GaussianGated {
  static func enclosure(over x: Interval) -> Interval { gate.enclosure(over: x) }
  static func derivative(at x: Double) -> Double { gate.derivative(at: x) }
  static func bend(over x: Interval) -> Bend? { gate.bend(over: x) }
  static func curvature(over x: Interval) -> Double { gate.curvature(over: x) }
}
