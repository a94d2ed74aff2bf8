// Theorem: each pair of neighbouring Doubles brackets its constant (checked against MPFR by a test).
// Sums of a head with few significant bits and a bracketed rest give ln 2 and pi/2 to about 2^-93
// and 2^-121: the heads make products with small integers exact (argument reduction of Cody and
// Waite, Software Manual for the Elementary Functions, 1980).

extension Interval {
  /// The circle constant, between neighbouring Doubles.
  package static var pi: Interval { Interval(unchecked: 0x1.921fb54442d18p+1, 0x1.921fb54442d19p+1) }
  /// The natural logarithm of 2, between neighbouring Doubles.
  package static var ln2: Interval { Interval(unchecked: 0x1.62e42fefa39efp-1, 0x1.62e42fefa39f0p-1) }
  /// One over the square root of 2 pi, between neighbouring Doubles.
  package static var inverseSquareRootOfTwoPi: Interval {
    Interval(unchecked: 0x1.9884533d43650p-2, 0x1.9884533d43651p-2)
  }
  /// Two over the square root of pi, between neighbouring Doubles.
  package static var twoOverSquareRootOfPi: Interval {
    Interval(unchecked: 0x1.20dd750429b6dp+0, 0x1.20dd750429b6ep+0)
  }
  /// The square root of 2, between neighbouring Doubles.
  package static var squareRootOfTwo: Interval {
    Interval(unchecked: 0x1.6a09e667f3bccp+0, 0x1.6a09e667f3bcdp+0)
  }

  /// The first 41 bits of ln 2 and a bracket of the rest.
  static var ln2Head: Double { 0x1.62e42fefa2000p-1 }
  static var ln2Rest: Interval { Interval(unchecked: 0x1.9ef35793c7673p-41, 0x1.9ef35793c7674p-41) }

  /// The first 33 bits of pi / 2, the next 33 bits, and a bracket of the rest.
  static var halfPiHead: Double { 0x1.921fb54400000p+0 }
  static var halfPiMiddle: Double { 0x1.0b4611a600000p-34 }
  static var halfPiRest: Interval { Interval(unchecked: 0x1.3198a2e037073p-69, 0x1.3198a2e037074p-69) }

  /// An enclosure of the sum of coefficients[i] * x^i by Horner's rule.
  static func polynomial(_ coefficients: [Interval], at x: Interval) -> Interval {
    var result = Interval.zero
    for coefficient in coefficients.reversed() { result = result * x + coefficient }
    return result
  }

  /// The enclosure of an increasing function on the interval, given its enclosures at points.
  @inline(__always)
  func mapIncreasing(_ pointwise: (Double) -> Interval) -> Interval {
    if isPoint { return pointwise(lower) }
    return Interval(unchecked: pointwise(lower).lower, pointwise(upper).upper)
  }
}
