import RigorousArithmetic
import TensorGraph

/// The logistic function, the hyperbolic tangent or SiLU over a range on which it bends one way, known at eight nodes by
/// values and derivatives.
///
/// Theorem. Let `f` be convex on `[lower, upper]` and `g(x) = f(x) - s x`, convex too: `g` is at most the greater of its
/// values at the ends. At every node `p`, `f(x) >= f(p) + f'(p) (x - p)`; so is every mean of two such tangents, with
/// weights `1 - m` and `m` in `[0, 1]`. Less `s x` it is linear, and at least the smaller of its values at the ends. For a
/// concave `f` the same holds of `-f` and `-s`.
///
/// The logistic function and the hyperbolic tangent are convex below zero and concave above. With `t` the logistic
/// function, the second derivative of SiLU is `t (1 - t) (2 - |x| tanh(|x| / 2))`; the product in it rises with `|x|`
/// and passes 2 between 2.399 and 2.4.
///
/// Rounding. Let `u = 2^-53`, `e = VectorLogistic.relativeError`, at least `128 u`, and let `T` be the greatest logistic
/// function on the range, or 1 for the hyperbolic tangent. A value is off by at most `2 e |f|`, that of the hyperbolic
/// tangent by `2 e (|f| + 2)`, see `LogisticSamples`. The logistic function, off by `93 u` times itself, leaves
/// `t (1 + x (1 - t))` off by at most `192 u t (1 + |x|)`, `t (1 - t)` by `200 u t`, and `1 - tanh^2` by `400 u`: a
/// derivative is off by at most `4 e T (1 + |x|)`, and a tangent by that times the width. No derivative exceeds
/// `T (1 + |x|)`, so that the arithmetic of `range` is off by at most `20 u` times the sum of the greatest value, twice that
/// times the width, and `|s x|`.
struct LogisticBends: Residuals {
  let lower: Double
  let upper: Double
  /// Values and derivatives at the nodes, those of `-f` for a concave function.
  private let values: SIMD8<Double>
  private let derivatives: SIMD8<Double>
  private let nodes: SIMD8<Double>
  /// One for a convex function, minus one for a concave one.
  private let sign: Double
  /// The greatest magnitude of an argument, and of a value together with what else its error is proportional to.
  private let reach: Double
  private let size: Double
  /// `T`.
  private let steepness: Double

  /// Over wider ranges more nodes say more, see `LogisticSamples`.
  private static let widest = 4.0

  /// Where the nodes stand: at the ends, in the middle, and close about it, where the chord's slope is mostly met.
  private static let fractions = SIMD8<Double>(0, 0.25, 0.375, 0.4375, 0.5, 0.625, 0.75, 1)
  private static let middle = 4

  /// Nil for other functions, and for ranges on which the function bends both ways, that are a single number or too wide.
  @inline(__always)
  init?(_ function: SmoothFunction, lower: Double, upper: Double) {
    guard lower < upper, lower >= -VectorLogistic.domain / 2, upper <= VectorLogistic.domain / 2,
      upper - lower <= LogisticBends.widest,
      let isConvex = LogisticBends.isConvex(function, lower, upper)
    else { return nil }
    self.lower = lower
    self.upper = upper
    sign = isConvex ? 1 : -1
    reach = Swift.max(lower.magnitude, upper.magnitude)
    var x = SIMD8(repeating: lower) + LogisticBends.fractions * (upper - lower)
    x = x.replacing(with: SIMD8(repeating: upper), where: x .> upper)
    x[7] = upper
    nodes = x
    let value: SIMD8<Double>
    let derivative: SIMD8<Double>
    switch function {
    case .tanh:
      let logistic = VectorLogistic.logistic(2 * x).value
      value = 2 * logistic - 1
      derivative = 1 - value * value
      steepness = 1
    case .silu:
      let logistic = VectorLogistic.logistic(x).value
      value = x * logistic
      derivative = logistic * (1 + x * (1 - logistic))
      steepness = logistic[7]
    default:
      value = VectorLogistic.logistic(x).value
      derivative = value * (1 - value)
      steepness = value[7]
    }
    values = value * sign
    derivatives = derivative * sign
    let greatest = value.replacing(with: -value, where: value .< 0).max()
    size = function == .tanh ? greatest + 2 : greatest
  }

  /// Whether a function is known to be convex on a range, or known to be concave; nil for neither.
  @inline(__always)
  private static func isConvex(_ function: SmoothFunction, _ lower: Double, _ upper: Double) -> Bool? {
    switch function {
    case .sigmoid, .tanh: return upper <= 0 ? true : lower >= 0 ? false : nil
    case .silu:
      if lower >= -2.399 && upper <= 2.399 { return true }
      return upper <= -2.4 || lower >= 2.4 ? false : nil
    default: return nil
    }
  }

  var single: Interval? { nil }

  var slopes: SIMD4<Double> {
    sign
      * SIMD4(
        (values[7] - values[0]) / (upper - lower), derivatives[LogisticBends.middle], derivatives[0],
        derivatives[7])
  }

  @inline(__always)
  func range(slope: Double) -> (low: Double, high: Double) {
    let tilt = sign * slope
    let high = Swift.max(values[0] - tilt * lower, values[7] - tilt * upper)
    // The tangents whose slopes are next to the line's; where both are known, their mean is nearly level.
    let below = LogisticBends.count(derivatives .< tilt)
    let (first, second) = (Swift.max(below - 1, 0), Swift.min(below, 7))
    let weight = (tilt - derivatives[first]) / (derivatives[second] - derivatives[first])
    let mean = weight >= 0 && weight <= 1 ? weight : 0
    @inline(__always)
    func height(_ x: Double) -> Double {
      let left = values[first] + derivatives[first] * (x - nodes[first])
      let right = values[second] + derivatives[second] * (x - nodes[second])
      return (1 - mean) * left + mean * right - tilt * x
    }
    let low = Swift.min(height(lower), height(upper))
    let error =
      4 * VectorLogistic.relativeError
      * (size + (3 + reach) * steepness * (upper - lower) + tilt.magnitude * reach) + Rounding.slack
    let (bottom, top) = (Rounding.below(low - error), Rounding.above(high + error))
    return sign > 0 ? (bottom, top) : (-top, -bottom)
  }

  @inline(__always)
  private static func count(_ mask: SIMDMask<SIMD8<Double.SIMDMaskScalar>>) -> Int {
    let ones = SIMD8<Int64>().replacing(with: 1, where: mask)
    return Int(truncatingIfNeeded: ones.wrappedSum())
  }
}
