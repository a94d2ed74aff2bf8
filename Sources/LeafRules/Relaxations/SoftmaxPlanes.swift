import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Planes below and above one result of a softmax, as a function of the differences `d_j = x_j - x_i` to its own operand.
///
/// Theorem. Let `M(d) = log sum exp(d_j)`, convex and rising in each `d_j` of ranges `[l_j, u_j]`. The result is `S(M)` with
/// `S(t) = 1 / (1 + exp(t))`, or for the logarithm `-log(1 + exp(t))`; both fall.
///
/// - Below `M`: the tangent `M(c) + sum_j v_j (d_j - c_j)` with `v_j = exp(c_j) / sum_k exp(c_k)`, at any point `c`. For doubles
///   `w_j` in place of `v_j` it is off by at most `sum_j |w_j - v_j| |d_j - c_j|`.
/// - Above `M`: for every number `k`, `M = k + log sum exp(d_j - k) <= k - 1 + sum_j exp(d_j - k)`, since `log t <= t - 1`; and
///   a convex `exp(d_j - k)` is at most `s_j d_j + max(exp(l_j - k) - s_j l_j, exp(u_j - k) - s_j u_j)` for any slope `s_j`. For any
///   `j` also `M <= d_j + log(1 + sum_(k != j) exp(m_k))` with upper bounds `m_k` of `d_k - d_j`.
/// - `S` lies between lines on the range of `M`, and a line `a t + b` at `t = M` lies above `a P + b` for a plane `P` above `M`
///   where `a` is negative, and below `M` where it is not.
/// - A quotient is `1 / h` with `h = 1 + sum exp(d_j)`. Since `(1 - v h)^2 >= 0`, `1 / h >= 2 v - v^2 h` for every `v`; with
///   `exp(d_j)` below its chord this is a plane below the quotient. Wei et al., Convex Bounds on the Softmax Function with
///   Applications to Robustness Verification (AISTATS 2023), have it with `v = 1 / h` in the middle, and the tangent above.
///
/// Of planes on one side the best in the middle of the ranges is taken. Constants are computed in outward-rounded
/// intervals; slopes are the doubles that they are, and `combine` accounts for those that are products.
struct SoftmaxPlanes {
  /// A linear function of the differences.
  struct Plane {
    var slopes: [Double]
    var offset: Double

    /// About its value.
    func height(at place: [Double]) -> Double {
      var sum = offset
      for index in slopes.indices { sum += slopes[index] * place[index] }
      return sum
    }
  }

  /// Below and above `M`.
  let inner: (below: Plane, above: Plane)
  /// Ranges of the differences and their middle.
  let lower: [Double]
  let upper: [Double]
  let centre: [Double]
  /// Enclosures of `M` at the lower ends and at the upper ends.
  let extremes: (low: Interval, high: Interval)
  let isFinite: Bool

  /// - Parameters:
  ///   - lower, upper: the ranges, not empty.
  ///   - excess: upper bounds `m_k` for the difference that reaches highest, whose own place is passed over.
  init(lower: [Double], upper: [Double], excess: (_ leader: Int, _ other: Int) -> Double) {
    let centre = lower.indices.map { Cell.midpoint(lower[$0], upper[$0]) }
    self.lower = lower
    self.upper = upper
    self.centre = centre
    let low = Self.logarithmOfSum(lower)
    let high = Self.logarithmOfSum(upper)
    extremes = (low, high)
    isFinite = low.isFinite && high.isFinite
    guard isFinite else {
      let none = Plane(slopes: lower.map { _ in 0 }, offset: .nan)
      inner = (none, none)
      return
    }
    var leader = 0
    for index in centre.indices where centre[index] > centre[leader] { leader = index }
    let chords = Self.chordPlane(lower, upper)
    let led = Self.leaderPlane(leader, count: centre.count, excess: excess)
    inner = (
      Self.tangent(at: centre, lower, upper),
      led.height(at: centre) < chords.height(at: centre) ? led : chords
    )
  }

  /// `log sum exp(d_j)` at a point.
  static func logarithmOfSum(_ place: [Double]) -> Interval {
    guard place.allSatisfy(\.isFinite), let greatest = place.max() else { return .entire }
    let shift = Interval(greatest)
    let sum = place.reduce(Interval.zero) { $0 + (Interval($1) - shift).exp() }
    return sum.lower > 0 ? shift + sum.log() : .entire
  }

  private static func tangent(at centre: [Double], _ lower: [Double], _ upper: [Double]) -> Plane {
    let value = logarithmOfSum(centre)
    var offset = value
    var slopes: [Double] = []
    for (index, place) in centre.enumerated() {
      let weight = (Interval(place) - value).exp()
      let slope = weight.midpoint
      slopes.append(slope)
      let reach = Interval(Cell.radius(lower[index], upper[index], centre: place))
      let error = (weight - Interval(slope)).absoluteValue() * reach
      offset = offset - Interval(slope) * Interval(place) - Interval(error.upper)
    }
    return Plane(slopes: slopes, offset: offset.lower)
  }

  /// `exp(d - k)` on a range: a slope and the least offset with which a line lies above.
  private static func chord(_ lower: Double, _ upper: Double, minus shift: Interval) -> (
    slope: Double, offset: Interval
  ) {
    let ends = ((Interval(lower) - shift).exp(), (Interval(upper) - shift).exp())
    var slope = ends.1.midpoint
    if upper > lower { slope = (ends.1.midpoint - ends.0.midpoint) / (upper - lower) }
    // A narrow range has no chord but in name; its derivative is as good.
    if !(slope >= 0) || slope > ends.1.midpoint { slope = ends.1.midpoint }
    let line = Interval(slope)
    return (
      slope, Interval.maximum(ends.0 - line * Interval(lower), ends.1 - line * Interval(upper))
    )
  }

  private static func chordPlane(_ lower: [Double], _ upper: [Double]) -> Plane {
    // The best `k` in the middle: the logarithm of the sum of the chords there.
    let shift = logarithmOfSum(upper)
    var sum = 0.0
    for index in lower.indices {
      sum += (Interval(lower[index]) - shift).exp().midpoint / 2
      sum += (Interval(upper[index]) - shift).exp().midpoint / 2
    }
    let k = (shift + Interval(Swift.max(sum, 0x1p-1000)).log()).midpoint
    let chords = lower.indices.map { chord(lower[$0], upper[$0], minus: Interval(k)) }
    let offset = chords.reduce(Interval(k) - .one) { $0 + $1.offset }
    return Plane(slopes: chords.map(\.slope), offset: offset.upper)
  }

  private static func leaderPlane(_ leader: Int, count: Int, excess: (Int, Int) -> Double) -> Plane {
    var slopes = [Double](repeating: 0, count: count)
    slopes[leader] = 1
    var sum = Interval.one
    for index in 0..<count where index != leader { sum = sum + Interval(excess(leader, index)).exp() }
    return Plane(slopes: slopes, offset: sum.isFinite ? sum.log().upper : .infinity)
  }

  /// `2 v - v^2 (1 + sum of chords)`.
  private func quotientPlane() -> Plane {
    let shift = Interval.maximum(extremes.high, .zero)
    var sum = (-shift).exp().midpoint
    for index in lower.indices {
      sum += (Interval(lower[index]) - shift).exp().midpoint / 2
      sum += (Interval(upper[index]) - shift).exp().midpoint / 2
    }
    // `v` is `exp(-k)`, and so is known `log v^2`.
    let k = (shift + Interval(Swift.max(sum, 0x1p-1000)).log()).midpoint
    let inverse = Interval(-k).exp()
    let chords = lower.indices.map { Self.chord(lower[$0], upper[$0], minus: Interval(2 * k)) }
    let offset = chords.reduce(Interval(2) * inverse - inverse.squared()) { $0 - $1.offset }
    return Plane(slopes: chords.map { -$0.slope }, offset: offset.lower)
  }

  /// `a M + b` on one side, as a plane of the differences.
  ///
  /// A product of slopes is off by at most `u` times itself, times the magnitude of the difference.
  private func combine(_ line: BackwardLine, isBelow: Bool) -> Plane {
    let plane = (line.slope < 0) == isBelow ? inner.above : inner.below
    var offset = Interval(line.slope) * Interval(plane.offset) + Interval(line.offset)
    let slopes = plane.slopes.map { line.slope * $0 }
    for (index, slope) in slopes.enumerated() {
      let spread = BackwardLine.spread(slope, lower[index], upper[index])
      offset = offset + Interval(isBelow ? -spread : spread)
    }
    return Plane(slopes: slopes, offset: isBelow ? offset.lower : offset.upper)
  }

  /// Lines of `S` over a range of `M`.
  static func outerLines(_ softmax: Softmax, _ range: Interval) -> BackwardLines {
    func mirrored(_ line: BackwardLine, slope: Double, offset: Double) -> BackwardLine {
      BackwardLine(slope: slope * line.slope, offset: offset * line.offset)
    }
    if softmax.isLogarithm {
      let lines = BackwardLines(.softplus, lower: range.lower, upper: range.upper)
      return BackwardLines(
        below: mirrored(lines.above, slope: -1, offset: -1),
        above: mirrored(lines.below, slope: -1, offset: -1))
    }
    let lines = BackwardLines(.sigmoid, lower: -range.upper, upper: -range.lower)
    return BackwardLines(
      below: mirrored(lines.below, slope: -1, offset: 1), above: mirrored(lines.above, slope: -1, offset: 1))
  }

  /// `S` over a range of `M` in `slope M + offset ± error`.
  static func outerRelaxation(_ softmax: Softmax, _ range: Interval) -> Relaxation {
    if softmax.isLogarithm {
      let line = Relaxation.smooth(.softplus, lower: range.lower, upper: range.upper)
      return Relaxation(slope: -line.slope, offset: -line.offset, error: line.error)
    }
    let line = Relaxation.smooth(.sigmoid, lower: -range.upper, upper: -range.lower)
    return Relaxation(slope: -line.slope, offset: line.offset, error: line.error)
  }

  /// All values of `S` over a range of `M`.
  static func image(_ softmax: Softmax, _ range: Interval) -> Interval {
    softmax.isLogarithm
      ? -SmoothFunction.softplus.enclosure(over: range) : SmoothFunction.sigmoid.enclosure(over: -range)
  }

  /// Planes below and above the result.
  ///
  /// - Parameter range: bounds of `M`, which may be closer than those from the ranges alone.
  func result(_ softmax: Softmax, _ range: Interval) -> (below: Plane, above: Plane) {
    guard isFinite, range.isFinite else { return inner }
    let lines = Self.outerLines(softmax, range)
    var below = combine(lines.below, isBelow: true)
    let above = combine(lines.above, isBelow: false)
    if !softmax.isLogarithm {
      let other = quotientPlane()
      if !(below.height(at: centre) >= other.height(at: centre)) { below = other }
    }
    return (below, above)
  }

  /// The range of `M` as far as those of the differences tell, and a range known otherwise.
  func range(_ known: Interval) -> Interval {
    guard isFinite else { return .entire }
    return Interval(extremes.low.lower, extremes.high.upper).intersection(known)
      ?? Interval(extremes.low.lower, extremes.high.upper)
  }

  /// `S(M)` in `sum_j slopes_j d_j + offset ± error`, for the zonotope; nil where a bound is not finite.
  func parallel(_ softmax: Softmax, _ range: Interval) -> (plane: Plane, error: Double)? {
    guard isFinite, range.isFinite else { return nil }
    let outer = Self.outerRelaxation(softmax, range)
    guard outer.error < .infinity else { return nil }
    // `M - sum_j w_j d_j` between the tangent's offset and what the plane above leaves over it.
    let weights = inner.below.slopes
    var rest = Interval(inner.above.offset)
    for index in weights.indices {
      let slope = Interval(inner.above.slopes[index]) - Interval(weights[index])
      rest = rest + Interval((slope * Interval(lower[index], upper[index])).upper)
    }
    guard rest.upper.isFinite, rest.upper >= inner.below.offset else { return nil }
    var bounds =
      Interval(outer.slope) * Interval(inner.below.offset, rest.upper) + Interval(outer.offset)
      + Interval(-outer.error, outer.error)
    let slopes = weights.map { outer.slope * $0 }
    for index in slopes.indices {
      let spread = BackwardLine.spread(slopes[index], lower[index], upper[index])
      bounds = bounds + Interval(-spread, spread)
    }
    let image = Self.image(softmax, range)
    guard bounds.isFinite || image.isFinite else { return nil }
    if !(bounds.width <= image.width) {
      let middle = image.midpoint
      return (
        Plane(slopes: slopes.map { _ in 0 }, offset: middle),
        Swift.max(Directed.subtractUp(image.upper, middle), Directed.subtractUp(middle, image.lower))
      )
    }
    let middle = bounds.midpoint
    return (
      Plane(slopes: slopes, offset: middle),
      Swift.max(Directed.subtractUp(bounds.upper, middle), Directed.subtractUp(middle, bounds.lower))
    )
  }
}
