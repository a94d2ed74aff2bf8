// Theorem: let x > 0 be a rational with 2^E <= x < 2^(E+1). The Doubles up to x have the form
// n * 2^u with n < 2^53 and u = max(E - 52, -1074), so the greatest of them is floor(x / 2^u) * 2^u,
// and x is a Double iff that division leaves no remainder. The next Double above is its neighbour.

extension Rational {
  /// The greatest Double not above the number (-infinity below the finite range).
  package var roundedDown: Double {
    if isZero { return 0 }
    if signum > 0 { return Self.truncated(self).value }
    let (value, isExact) = Self.truncated(-self)
    return isExact ? -value : -value.nextUp
  }

  /// The smallest Double not below the number (infinity above the finite range).
  package var roundedUp: Double { -(-self).roundedDown }

  /// The tightest Doubles around the number; its end points are equal iff the number is a Double.
  package var enclosure: Interval {
    Interval(unchecked: roundedDown, roundedUp)
  }

  /// The greatest Double not above x, for x > 0, and whether it is x.
  private static func truncated(_ x: Rational) -> (value: Double, isExact: Bool) {
    let (p, q) = (x.numerator, x.denominator)
    var exponent = p.bitWidth - q.bitWidth
    // Here 2^(exponent - 1) < x < 2^(exponent + 1).
    if isBelow(x, powerOfTwo: exponent) { exponent -= 1 }
    if exponent > 1023 { return (.greatestFiniteMagnitude, false) }
    let unit = max(exponent - 52, -1074)
    let (quotient, remainder) =
      unit <= 0
      ? p.shiftedLeft(by: -unit).divMod(q) : p.divMod(q.shiftedLeft(by: unit))
    let significand = quotient.limbs.first ?? 0
    // Below 2^52 the number is subnormal (unit is -1074) and its bit pattern is the significand;
    // above, the hidden bit adds one to the biased exponent field, which therefore starts one lower.
    let pattern = UInt64(unit + 1074) << 52 + significand
    return (Double(bitPattern: pattern), remainder.isZero)
  }

  private static func isBelow(_ x: Rational, powerOfTwo exponent: Int) -> Bool {
    exponent >= 0
      ? x.numerator < x.denominator.shiftedLeft(by: exponent)
      : x.numerator.shiftedLeft(by: -exponent) < x.denominator
  }
}
