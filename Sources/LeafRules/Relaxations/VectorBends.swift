import RigorousArithmetic
import TensorGraph

/// A function of `VectorFunction` over a range on which it bends one way, known at eight nodes by values and derivatives.
///
/// Theorem. Let `f` be convex on `[lower, upper]` and `g(x) = f(x) - s x`, convex too: `g` is at most the greater of its
/// values at the ends. At every node `p`, `f(x) >= f(p) + f'(p) (x - p)`; so is every mean of two such tangents, with
/// weights `1 - m` and `m` in `[0, 1]`. Less `s x` it is linear, and at least the smaller of its values at the ends. For a
/// concave `f` the same holds of `-f` and `-s`.
///
/// Rounding. Let `u = 2^-53`, `e = VectorLogistic.relativeError`, at least `128 u`, and `T` as in `VectorFunction`. A value
/// is off by at most `2 e` times its magnitude and its excess. A derivative is off by at most `470 u T (1 + |x|)`, and a
/// tangent by that times the width. No derivative exceeds `T (1 + |x|)`, so that the arithmetic of `range` is off by at
/// most `20 u` times the sum of the greatest value, twice that times the width, and `|s x|`; `470 u + 40 u < 4 e`.
struct VectorBends: Residuals {
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

  /// Over wider ranges more nodes say more, see `VectorSamples`.
  private static let widest = 4.0

  /// Where the nodes stand: at the ends, in the middle, and close about it, where the chord's slope is mostly met.
  private static let fractions = SIMD8<Double>(0, 0.25, 0.375, 0.4375, 0.5, 0.625, 0.75, 1)
  private static let middle = 4

  /// Nil for other functions, and for ranges on which the function bends both ways, that are a single number or too wide.
  @inline(__always)
  init?(_ function: SmoothFunction, lower: Double, upper: Double) {
    guard lower < upper, lower >= -VectorFunction.domain, upper <= VectorFunction.domain,
      upper - lower <= VectorBends.widest, let bend = function.bend(over: Interval(lower, upper)),
      let function = VectorFunction(function)
    else { return nil }
    self.lower = lower
    self.upper = upper
    sign = bend == .convex ? 1 : -1
    reach = Swift.max(lower.magnitude, upper.magnitude)
    var x = SIMD8(repeating: lower) + VectorBends.fractions * (upper - lower)
    x = x.replacing(with: SIMD8(repeating: upper), where: x .> upper)
    x[7] = upper
    nodes = x
    let known = function.values(x)
    values = known.value * sign
    derivatives = known.derivative * sign
    steepness = known.steepness
    size =
      known.value.replacing(with: -known.value, where: known.value .< 0).max()
      + function.excess(reach: reach)
  }

  var single: Interval? { nil }

  var slopes: SIMD4<Double> {
    sign
      * SIMD4(
        (values[7] - values[0]) / (upper - lower), derivatives[VectorBends.middle], derivatives[0],
        derivatives[7])
  }

  @inline(__always)
  func range(slope: Double) -> (low: Double, high: Double) {
    let tilt = sign * slope
    let high = Swift.max(values[0] - tilt * lower, values[7] - tilt * upper)
    // The tangents whose slopes are next to the line's; where both are known, their mean is nearly level.
    let below = VectorBends.count(derivatives .< tilt)
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
