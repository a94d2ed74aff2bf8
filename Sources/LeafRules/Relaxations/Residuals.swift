import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// What a smooth function `f` over a range leaves beside lines: bounds of `f(x) - s x`.
///
/// Theorem. With `f(x) - s x` in `[low, high]` on the range, `f` lies between the lines `s x + low` and `s x + high`, and
/// in `s x + offset ± error` for every `error >= max(high - offset, offset - low)`. Any slope will do.
protocol Residuals {
  var lower: Double { get }
  var upper: Double { get }
  /// The values where the range is a single number or is not finite; nil elsewhere.
  var single: Interval? { get }
  /// Slopes to choose from; numbers that are not finite are passed over.
  var slopes: SIMD4<Double> { get }
  /// Bounds of `f(x) - s x` on the range.
  func range(slope: Double) -> (low: Double, high: Double)
}

extension Residuals {
  /// One slope with an offset and an error, for the zonotope.
  ///
  /// - Parameter keepsSign: Whether to prefer a relaxation whose bounds over the range are not negative, as far as the
  ///   function has no negative value: what is divided by or a root is taken of.
  func relaxation(keepsSign: Bool) -> Relaxation {
    if let single { return Relaxation.image(of: single) }
    var best: (slope: Double, low: Double, high: Double, isNegative: Bool)?
    let slopes = self.slopes
    for index in 0..<(keepsSign ? 5 : 4) {
      let slope = index < 4 ? slopes[index] : 0
      guard slope.isFinite else { continue }
      let (low, high) = range(slope: slope)
      let isNegative = keepsSign && Swift.min(slope * lower, slope * upper) + low < 0
      if let known = best {
        if isNegative && !known.isNegative { continue }
        if isNegative == known.isNegative, !(high - low < known.high - known.low) { continue }
      }
      best = (slope, low, high, isNegative)
    }
    guard let (slope, low, high, _) = best, low.isFinite, high.isFinite else {
      return Relaxation(slope: 0, offset: 0, error: .infinity)
    }
    let offset = low / 2 + high / 2
    return Relaxation(
      slope: slope, offset: offset, error: Swift.max((high - offset).nextUp, (offset - low).nextUp))
  }

  /// The lines on both sides, each best in the middle; `.none` where one is missing.
  var lines: BackwardLines {
    if let single {
      guard single.isFinite else { return .none }
      return BackwardLines(
        below: BackwardLine(slope: 0, offset: single.lower),
        above: BackwardLine(slope: 0, offset: single.upper))
    }
    let centre = Cell.midpoint(lower, upper)
    let slopes = self.slopes
    var below = BackwardLines.none.below
    var above = BackwardLines.none.above
    var (floor, ceiling) = (-Double.infinity, Double.infinity)
    for index in 0..<4 {
      let slope = slopes[index]
      guard slope.isFinite else { continue }
      let (low, high) = range(slope: slope)
      let spread = BackwardLine.spread(slope, lower, upper)
      let bottom = BackwardLine(slope: slope, offset: Rounding.below(low - spread))
      let top = BackwardLine(slope: slope, offset: Rounding.above(high + spread))
      let (least, most) = (slope * centre + bottom.offset, slope * centre + top.offset)
      if least > floor, bottom.offset.isFinite { (below, floor) = (bottom, least) }
      if most < ceiling, top.offset.isFinite { (above, ceiling) = (top, most) }
    }
    return BackwardLines(below: below, above: above)
  }
}

extension Relaxation {
  /// A smooth function on `[lower, upper]`, see `Residuals`.
  static func smooth(
    _ function: SmoothFunction, lower: Double, upper: Double, keepsSign: Bool = false
  ) -> Relaxation {
    if let residuals = VectorBends(function, lower: lower, upper: upper) {
      return residuals.relaxation(keepsSign: keepsSign)
    }
    let quick = VectorSamples.with(function, lower: lower, upper: upper) {
      $0.relaxation(keepsSign: keepsSign)
    }
    if let quick { return quick }
    if let residuals = RampResiduals(function, lower: lower, upper: upper) {
      return residuals.relaxation(keepsSign: keepsSign)
    }
    if let residuals = BendResiduals(function, lower: lower, upper: upper) {
      return residuals.relaxation(keepsSign: keepsSign)
    }
    return SmoothSamples(function, lower: lower, upper: upper).relaxation(keepsSign: keepsSign)
  }

  /// Every member of an interval, whatever `x`; of infinite error where it is not finite.
  static func image(of values: Interval) -> Relaxation {
    guard values.isFinite else { return Relaxation(slope: 0, offset: 0, error: .infinity) }
    return image(lower: values.lower, upper: values.upper)
  }
}

extension BackwardLines {
  /// A smooth function on `[lower, upper]`, see `Residuals`.
  init(_ function: SmoothFunction, lower: Double, upper: Double) {
    if let residuals = VectorBends(function, lower: lower, upper: upper) {
      self = residuals.lines
    } else if let quick = VectorSamples.with(function, lower: lower, upper: upper, { $0.lines }) {
      self = quick
    } else if let residuals = RampResiduals(function, lower: lower, upper: upper) {
      self = residuals.lines
    } else if let residuals = BendResiduals(function, lower: lower, upper: upper) {
      self = residuals.lines
    } else {
      self = SmoothSamples(function, lower: lower, upper: upper).lines
    }
  }
}
