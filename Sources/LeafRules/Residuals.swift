import RigorousArithmetic
import TensorGraph

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
  var slopes: [Double] { get }
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
    for slope in keepsSign ? slopes + [0] : slopes where slope.isFinite {
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
    guard let below = line(isAbove: false), let above = line(isAbove: true) else { return .none }
    return BackwardLines(below: below, above: above)
  }

  private func line(isAbove: Bool) -> BackwardLine? {
    if let single {
      guard single.isFinite else { return nil }
      return BackwardLine(slope: 0, offset: isAbove ? single.upper : single.lower)
    }
    let centre = Cell.midpoint(lower, upper)
    var best: (line: BackwardLine, height: Double)?
    for slope in slopes where slope.isFinite {
      let (low, high) = range(slope: slope)
      let spread = BackwardLine.spread(slope, lower, upper)
      let offset = isAbove ? Directed.addUp(high, spread) : Directed.subtractDown(low, spread)
      let height = isAbove ? slope * centre + offset : -(slope * centre + offset)
      guard offset.isFinite, height.isFinite else { continue }
      if let known = best, known.height <= height { continue }
      best = (BackwardLine(slope: slope, offset: offset), height)
    }
    return best?.line
  }
}

extension Relaxation {
  /// A smooth function on `[lower, upper]`, see `Residuals`.
  static func smooth(
    _ function: SmoothFunction, lower: Double, upper: Double, keepsSign: Bool = false
  ) -> Relaxation {
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
    if let residuals = BendResiduals(function, lower: lower, upper: upper) {
      self = residuals.lines
    } else {
      self = SmoothSamples(function, lower: lower, upper: upper).lines
    }
  }
}
