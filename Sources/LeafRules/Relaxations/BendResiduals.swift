import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// A function that bends one way over a range, known at the ends and by tangents.
///
/// Theorem. Let `f` be convex on `[lower, upper]` and `g(x) = f(x) - s x`, convex too. So `g` is at most the greater of its
/// values at the ends. At any `p` of the range at which `f` has a derivative `d`, `g(x) >= g(p) + (d - s) (x - p)`, and
/// a linear function is at least the smaller of its values at the ends. For a concave `f` the same holds of `-f` and `-s`.
struct BendResiduals: Residuals {
  private let function: SmoothFunction
  private let isConvex: Bool
  let lower: Double
  let upper: Double
  /// Values of the function, or for a concave one of its negative, at the ends.
  private let ends: (Interval, Interval)

  /// Nil where the function is not known to bend one way, or the range is a single number or is not finite.
  init?(_ function: SmoothFunction, lower: Double, upper: Double) {
    guard lower.isFinite, upper.isFinite, lower < upper,
      let bend = function.bend(over: Interval(lower, upper))
    else { return nil }
    self.function = function
    self.lower = lower
    self.upper = upper
    isConvex = bend == .convex
    ends = (
      Self.value(function, lower, isConvex: isConvex), Self.value(function, upper, isConvex: isConvex)
    )
  }

  private static func value(_ function: SmoothFunction, _ x: Double, isConvex: Bool) -> Interval {
    let value = function.enclosure(over: Interval(x))
    return isConvex ? value : -value
  }

  var single: Interval? { nil }

  var slopes: SIMD4<Double> {
    let rise = ends.1.midpoint - ends.0.midpoint
    let chord = (isConvex ? rise : -rise) / (upper - lower)
    return SIMD4(
      chord, function.derivative(at: Cell.midpoint(lower, upper)), function.derivative(at: lower),
      function.derivative(at: upper))
  }

  func range(slope: Double) -> (low: Double, high: Double) {
    let (low, high) = bounds(slope: isConvex ? slope : -slope)
    return isConvex ? (low, high) : (-high, -low)
  }

  /// Bounds of `f(x) - s x` for the convex one of `f` and `-f`.
  private func bounds(slope: Double) -> (low: Double, high: Double) {
    let line = Interval(slope)
    let high = Swift.max(
      (ends.0 - line * Interval(lower)).upper, (ends.1 - line * Interval(upper)).upper)
    let touching = function.argument(ofSlope: isConvex ? slope : -slope, near: lower)
    let place = touching >= lower ? Swift.min(touching, upper) : lower
    let point = Interval(place)
    let derivative = function.slope(over: point)
    let tilt = (isConvex ? derivative : -derivative) - line
    let height = Self.value(function, place, isConvex: isConvex) - line * point
    let low = Swift.min(
      (height + tilt * (Interval(lower) - point)).lower, (height + tilt * (Interval(upper) - point)).lower)
    return (low, high)
  }
}
