import RigorousArithmetic
import TensorGraph

/// A function of `VectorFunction` over a range too wide for `VectorSamples`, where nothing but its limits matters.
///
/// Theorem. With `r(x) = max(x, 0)` and `f(x) = x q(x)`, `q` rising from 0 to 1 and `q(-x) = 1 - q(x)`, `r - f` is
/// `|x| q(-|x|)`: at least 0, and no more than the function's greatest depth below zero. For SiLU that is `W(1/e)`, W
/// Lambert's function, below 0.2785; beyond 1.2785 it falls and is below `|x| e^-|x|`, which is below `2^-8` at 8 and
/// below `2^-52` at 40. For the Gaussian error linear units it is below 0.1701 and falls beyond 0.7525; at 8 it is below
/// `2^-46`. `r(x) - s x` is linear on both sides of zero, so that its extremes over a range lie at the ends and at zero.
/// An increasing `f` lies between its values at the ends, and `s x` between its own there.
struct RampResiduals: Residuals {
  let lower: Double
  let upper: Double
  var single: Interval? { nil }
  /// Values of an increasing function; nil for the others.
  private let values: Interval?
  /// The most by which the others lie below `max(x, 0)`.
  private let gap: Double
  let slopes: SIMD4<Double>

  /// Nil for other functions, and for ranges that are a single number, not finite or narrow.
  init?(_ function: SmoothFunction, lower: Double, upper: Double) {
    guard lower < upper, lower.isFinite, upper.isFinite,
      lower < -VectorFunction.domain || upper > VectorFunction.domain
    else { return nil }
    let nearest = lower > 0 ? lower : upper < 0 ? -upper : 0
    switch function {
    case .silu, .gelu, .quotientGELU, .productGELU, .tanhGELU:
      values = nil
      gap =
        function == .silu
        ? nearest >= 40 ? 0x1p-52 : nearest >= 8 ? 0x1p-8 : 0.2785
        : nearest >= 8 ? 0x1p-46 : 0.1701
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
