import VerificationProblem

/// `f(x)` lies in `slope x + offset ± error` for every real `x` of a range.
///
/// Theorem. Let `f` be piecewise linear and continuous and `s` any slope. On a range, `f(x) - s x` takes its
/// extremes at the ends of the range or at kinks of `f` inside it. With `low` and `high` bounding these values
/// from below and above, `offset` any number and `error >= max(high - offset, offset - low)`, the claim holds.
/// The slope needs no care in rounding: whatever double it is, it is the slope that is used.
struct Relaxation {
  let slope: Double
  let offset: Double
  let error: Double

  static let identity = Relaxation(slope: 1, offset: 0, error: 0)

  static func constant(_ value: Double) -> Relaxation { Relaxation(slope: 0, offset: value, error: 0) }

  /// Every value in `[lower, upper]`, whatever `x`.
  @inline(__always)
  static func image(lower: Double, upper: Double) -> Relaxation {
    if lower == upper { return constant(lower) }
    let offset = Cell.midpoint(lower, upper)
    return Relaxation(
      slope: 0, offset: offset, error: Swift.max((upper - offset).nextUp, (offset - lower).nextUp))
  }

  /// `max(x, 0)` on `[lower, upper]`.
  ///
  /// For a slope in `[0, 1]`, `f(x) - s x` is 0 at the kink, `-s lower` and `(1 - s) upper` at the ends.
  @inline(__always)
  static func relu(lower: Double, upper: Double) -> Relaxation {
    if lower >= 0 { return identity }
    if upper <= 0 { return constant(0) }
    let slope = Swift.min(1, Swift.max(0, upper / (upper - lower)))
    let high = Swift.max(Rounding.above(slope * -lower), Rounding.above(Rounding.above(1 - slope) * upper))
    let half = high / 2
    return Relaxation(slope: slope, offset: half, error: Rounding.above(high - half))
  }

  /// `min(max(x, a), b)` on `[lower, upper]`.
  @inline(__always)
  static func clip(lower: Double, upper: Double, to bounds: (Double, Double)) -> Relaxation {
    let (a, b) = bounds
    if lower >= a && upper <= b { return identity }
    if upper <= a || a == b { return constant(a) }
    if lower >= b { return constant(b) }
    let imageLower = Swift.min(Swift.max(lower, a), b)
    let imageUpper = Swift.min(Swift.max(upper, a), b)
    let slope = Swift.min(1, Swift.max(0, (imageUpper - imageLower) / (upper - lower)))
    var low = Double.infinity
    var high = -Double.infinity
    @inline(__always)
    func include(_ x: Double, _ image: Double) {
      let product = slope * x
      low = Swift.min(low, (image - product.nextUp).nextDown)
      high = Swift.max(high, (image - product.nextDown).nextUp)
    }
    include(lower, imageLower)
    include(upper, imageUpper)
    if lower < a { include(a, a) }
    if upper > b { include(b, b) }
    let offset = low / 2 + high / 2
    let error = Swift.max((high - offset).nextUp, (offset - low).nextUp)
    return Relaxation(slope: slope, offset: offset, error: error)
  }
}
