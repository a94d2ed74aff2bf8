import RigorousArithmetic

/// The natural logarithm of positive numbers, with the derivatives `1 / x` and `-1 / x^2`: concave.
enum Log: SmoothRule {
  static func isDefined(on x: Interval) -> Bool { x.lower > 0 }

  static func enclosure(over x: Interval) -> Interval { x.lower > 0 ? x.log() : .entire }

  static func derivative(at x: Double) -> Double { 1 / x }

  static func curvature(over x: Interval) -> Double {
    guard x.lower > 0 else { return .infinity }
    let square = Interval(x.lower).squared()
    return square.lower > 0 ? (Interval.one / square).upper : .infinity
  }

  static func bend(over x: Interval) -> Bend? { .concave }

  static func slope(over x: Interval) -> Interval { x.lower > 0 ? .one / x : .entire }

  static func argument(ofSlope slope: Double, near hint: Double) -> Double { 1 / slope }
}
