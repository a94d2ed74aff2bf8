import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// `1 / sqrt(t)` over a range of positive numbers: convex and falling, known at the ends and by tangents, see
/// `BendResiduals` for the theorem.
struct InverseRootResiduals: Residuals {
  let lower: Double
  let upper: Double
  private let ends: (Interval, Interval)

  /// Nil unless both ends are positive and finite.
  init?(_ range: Interval) {
    guard range.lower > 0, range.isFinite else { return nil }
    lower = range.lower
    upper = range.upper
    ends = (Self.value(range.lower), Self.value(range.upper))
    guard ends.0.isFinite, ends.1.isFinite else { return nil }
  }

  static func value(_ t: Double) -> Interval { .one / Interval(t).squareRoot() }

  /// All values over the range.
  var image: Interval { ends.0.hull(ends.1) }

  var single: Interval? { lower == upper ? ends.0 : nil }

  private static func derivative(_ t: Double) -> Interval {
    -(value(t) / (Interval(2) * Interval(t)))
  }

  var slopes: SIMD4<Double> {
    let chord = (ends.1.midpoint - ends.0.midpoint) / (upper - lower)
    return SIMD4(
      chord, Self.derivative(Cell.midpoint(lower, upper)).midpoint, Self.derivative(lower).midpoint,
      Self.derivative(upper).midpoint)
  }

  func range(slope: Double) -> (low: Double, high: Double) {
    let line = Interval(slope)
    let high = Swift.max((ends.0 - line * Interval(lower)).upper, (ends.1 - line * Interval(upper)).upper)
    // The derivative is the slope where `t^3 = 1 / (4 s^2)`; any point of the range is good for a tangent.
    var place = upper
    if slope < 0 {
      let cube = (Interval(-0.5) / line).squared()
      place = Swift.min(upper, Swift.max(lower, (cube.log() / Interval(3)).exp().midpoint))
    }
    let tilt = Self.derivative(place) - line
    let height = Self.value(place) - line * Interval(place)
    let low = Swift.min(
      (height + tilt * (Interval(lower) - Interval(place))).lower,
      (height + tilt * (Interval(upper) - Interval(place))).lower)
    return (low, high)
  }
}

/// Planes below and above `1 / sqrt(t)` with `t = sum d_j^2 / n + h`, as functions of the deviations `d_j` of a group.
///
/// Theorem. For any point `c`, `t = L + sum (d_j - c_j)^2 / n` with the linear function
/// `L = h + sum (2 c_j d_j - c_j^2) / n`. So `L <= t <= L + E / n` wherever `sum (d_j - c_j)^2 <= E`. A line `a t + b` above
/// `1 / sqrt(t)` on the range of `t` gives the plane `a L + b` above where `a <= 0`, and one below the plane
/// `a (L + E / n) + b` below.
///
/// With `d = c + G s + e`, symbols `s` in `[-1, 1]` and remainders `|e_j| <= f_j`, `E` is at most `sum r_j^2` for `|d_j - c_j| <= r_j`,
/// and at most `sum_kl |sum_j G_jk G_jl| + 2 sum_j f_j (r_j - f_j) + sum f_j^2`, which knows that deviations of a group have
/// symbols in common. A sum of `n` computed products is off by at most `gamma(n)` times that of their magnitudes, and these
/// add up to no more than `sum r_j^2`.
struct DeviationPlane {
  /// Slopes of `L` for the deviations, and its constant; the slopes are the doubles that they are.
  let slopes: [Double]
  /// `L` at zero with the slopes' rounding errors.
  let constant: Interval
  /// `E / n`.
  let excess: Double

  /// - Parameters:
  ///   - centre: `c`.
  ///   - reach: upper bounds of the magnitudes of the deviations.
  ///   - spread: `E`.
  init(_ normalization: Normalization, centre: [Double], reach: [Double], spread: Double) {
    let count = Double(normalization.size)
    slopes = centre.map { 2 * $0 / count }
    var squares = Interval.zero
    var lost = 0.0
    for index in centre.indices {
      squares = squares + Interval(centre[index]).squared()
      lost += DeviationPlane.loss(of: slopes[index], reach: reach[index])
    }
    lost = lost * Rounding.inflation(centre.count) + Rounding.slack
    constant =
      Interval(normalization.moved) - squares / Interval(count)
      + (lost < .infinity ? Interval(-lost, lost) : .entire)
    excess = spread < .infinity ? (Interval(spread) / Interval(count)).upper : .infinity
  }

  /// What a rounded slope, which may be subnormal, is off by over a reach.
  private static func loss(of slope: Double, reach: Double) -> Double {
    (2 * Rounding.unit * slope.magnitude + Double.leastNonzeroMagnitude) * reach
  }

  /// `a L + b`, or `a (L + E / n) + b`, on one side; products of slopes are off by at most `u` times themselves, or by half
  /// the least double.
  func plane(_ line: BackwardLine, isBelow: Bool, reach: [Double]) -> (slopes: [Double], offset: Double) {
    let overshoot = (line.slope < 0) == isBelow ? excess : 0
    var offset = Interval(line.slope) * (constant + Interval(overshoot)) + Interval(line.offset)
    let products = slopes.map { line.slope * $0 }
    var lost = 0.0
    for index in products.indices { lost += DeviationPlane.loss(of: products[index], reach: reach[index]) }
    lost = lost * Rounding.inflation(products.count) + Rounding.slack
    offset = offset + Interval(isBelow ? -lost : lost)
    return (products, isBelow ? offset.lower : offset.upper)
  }
}
