import RigorousArithmetic

/// `1 / x` for x other than zero, with the derivatives `-1 / x^2` and `2 / x^3`: convex above zero, concave below.
enum Reciprocal: SmoothRule {
  static func isDefined(on x: Interval) -> Bool { x.lower > 0 || x.upper < 0 }

  static func enclosure(over x: Interval) -> Interval { .one / x }

  static func derivative(at x: Double) -> Double { -1 / (x * x) }

  static func curvature(over x: Interval) -> Double {
    let cube = Interval(x.mignitude).squared() * Interval(x.mignitude)
    return cube.lower > 0 ? (Interval(2) / cube).upper : .infinity
  }

  static func bend(over x: Interval) -> Bend? { x.lower > 0 ? .convex : .concave }

  static func slope(over x: Interval) -> Interval {
    let square = x.squared()
    return square.lower > 0 ? -(.one / square) : .entire
  }

  static func argument(ofSlope slope: Double, near hint: Double) -> Double {
    let size = (-1 / slope).squareRoot()
    return hint < 0 ? -size : size
  }
}
