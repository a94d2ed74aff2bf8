import RigorousArithmetic

/// The square root of numbers that are not negative, with the derivatives `1 / (2 sqrt x)` and `-1 / (4 x sqrt x)` of
/// positive ones: concave.
enum Sqrt: SmoothRule {
  static func isDefined(on x: Interval) -> Bool { x.lower >= 0 }

  static func enclosure(over x: Interval) -> Interval { x.squareRoot() }

  static func derivative(at x: Double) -> Double { 0.5 / x.squareRoot() }

  static func curvature(over x: Interval) -> Double {
    guard x.lower > 0 else { return .infinity }
    let least = Interval(4) * Interval(x.lower) * Interval(x.lower).squareRoot()
    return least.lower > 0 ? (Interval.one / least).upper : .infinity
  }

  static func bend(over x: Interval) -> Bend? { .concave }

  static func slope(over x: Interval) -> Interval {
    let root = x.lower > 0 ? x.squareRoot() : .entire
    return root.lower > 0 ? Interval(0.5) / root : .entire
  }

  static func argument(ofSlope slope: Double, near hint: Double) -> Double {
    let root = 0.5 / slope
    return root * root
  }
}
