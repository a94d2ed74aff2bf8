import RigorousArithmetic
import TensorGraph

/// The logistic function, the hyperbolic tangent or SiLU over a range too wide for `LogisticSamples`, where nothing but the
/// limits of the function matters.
///
/// Theorem. With `r(x) = max(x, 0)`, `r(x) - x / (1 + e^-x) = |x| / (1 + e^|x|)` lies in `[0, W(1/e)]`, W Lambert's function,
/// and `W(1/e) < 0.2785`; it falls in `|x|` from 1.2785 on and is below `|x| e^-|x|`, which is below `2^-8` at 8 and below
/// `2^-52` at 40. `r(x) - s x` is linear on both sides of zero, so that its extremes over a range lie at the ends and at
/// zero. An increasing `f` lies between its values at the ends, and `s x` between its own there.
struct RampResiduals: Residuals {
  let lower: Double
  let upper: Double
  var single: Interval? { nil }
  /// Values of an increasing function; nil for SiLU.
  private let values: Interval?
  /// The most by which SiLU lies below `max(x, 0)`.
  private let gap: Double
  let slopes: SIMD4<Double>

  /// Nil for other functions, and for ranges that are a single number, not finite or narrow.
  init?(_ function: SmoothFunction, lower: Double, upper: Double) {
    guard lower < upper, lower.isFinite, upper.isFinite,
      lower < -VectorLogistic.domain / 2 || upper > VectorLogistic.domain / 2
    else { return nil }
    switch function {
    case .silu:
      values = nil
      let nearest = lower > 0 ? lower : upper < 0 ? -upper : 0
      gap = nearest >= 40 ? 0x1p-52 : nearest >= 8 ? 0x1p-8 : 0.2785
      let width = upper - lower
      let chord = width.isFinite ? (Swift.max(upper, 0) - Swift.max(lower, 0)) / width : 0.5
      slopes = SIMD4(chord, 0, 1, .nan)
    case .sigmoid, .tanh:
      let ends = (function.enclosure(over: Interval(lower)), function.enclosure(over: Interval(upper)))
      guard ends.0.lower <= ends.1.upper else { return nil }
      values = Interval(ends.0.lower, ends.1.upper)
      gap = 0
      slopes = SIMD4(0, .nan, .nan, .nan)
    default: return nil
    }
    self.lower = lower
    self.upper = upper
  }

  /// The range of `f(x) - s x`.
  func range(slope: Double) -> (low: Double, high: Double) {
    if let values {
      let products = (slope * lower, slope * upper)
      return (
        Directed.subtractDown(values.lower, Swift.max(products.0, products.1).nextUp),
        Directed.subtractUp(values.upper, Swift.min(products.0, products.1).nextDown)
      )
    }
    var (low, high) = lower < 0 && upper > 0 ? (0.0, 0.0) : (Double.infinity, -Double.infinity)
    for end in [lower, upper] {
      let (ramp, product) = (Swift.max(end, 0), slope * end)
      low = Swift.min(low, Directed.subtractDown(ramp, product.nextUp))
      high = Swift.max(high, Directed.subtractUp(ramp, product.nextDown))
    }
    return (Directed.subtractDown(low, gap), high)
  }
}
