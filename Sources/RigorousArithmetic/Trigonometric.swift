// Theorem: with r = x - k pi/2, cos x is cos r, -sin r, -cos r, sin r for k = 0, 1, 2, 3 modulo 4.
// sin r = r S(r^2) and cos r = C(r^2) with S(z) = sum of (-z)^n / (2n + 1)! and
// C(z) = sum of (-z)^n / (2n)!; for 0 <= z <= 0.65 the terms fall and alternate in sign, so a partial
// sum errs by at most the first omitted term (Leibniz): below 0.65^9 / 18! < 2^-57 for both from
// n = 9 on. Over an interval the extrema are the end points and the members of pi Z for the cosine,
// pi (Z + 1/2) for the sine, where the value is +-1 by the parity of the integer. Testing for such a
// member with bounds of x / pi can only find too many. Rounding is covered by interval arithmetic.

extension Interval {
  /// An enclosure of the cosine over the members (radians); [-1, 1] if one exceeds 2^20 in magnitude.
  package func cos() -> Interval { trigonometric(quarterTurns: 0) }

  /// An enclosure of the sine over the members (radians); [-1, 1] if one exceeds 2^20 in magnitude.
  package func sin() -> Interval { trigonometric(quarterTurns: -1) }

  /// An enclosure of cos(x + quarterTurns * pi / 2) over the members, for 0 or -1 quarter turns.
  private func trigonometric(quarterTurns: Int) -> Interval {
    let whole = Interval(unchecked: -1, 1)
    if magnitude > 0x1p20 || width > 6.5 { return whole }
    var result = Self.cosine(lower, quarterTurns: quarterTurns)
    if isPoint { return result }
    result = result.hull(Self.cosine(upper, quarterTurns: quarterTurns))
    let shift = Interval(Double(quarterTurns) * 0.5)
    let halfTurns = self / .pi + shift
    let (first, last) = (-Self.floor(-halfTurns.lower), Self.floor(halfTurns.upper))
    if first > last { return result }
    for integer in first...last {
      result = result.hull(Interval(integer & 1 == 0 ? 1 : -1))
    }
    return result
  }

  /// An enclosure of cos(x + quarterTurns * pi / 2) for |x| <= 2^20.
  private static func cosine(_ x: Double, quarterTurns: Int) -> Interval {
    let quotient = x * 0x1.45f306dc9c883p-1
    let k = Int(quotient < 0 ? quotient - 0.5 : quotient + 0.5)
    // |k| < 2^20 and heads of 33 bits, so both products are exact.
    let coarse = Interval(x) - Interval(Double(k) * halfPiHead)
    let r = coarse - Interval(Double(k) * halfPiMiddle) - Interval(Double(k)) * halfPiRest
    let z = r.squared()
    precondition(z.upper <= 0.65, "argument of the reduced sine out of range")
    let error = Interval(unchecked: -0x1p-57, 0x1p-57)
    let quadrant = (k + quarterTurns) & 3
    let value =
      quadrant & 1 == 0
      ? polynomial(cosineCoefficients, at: z) + z * error
      : r * (polynomial(sineCoefficients, at: z) + error)
    let signed = quadrant == 1 || quadrant == 2 ? -value : value
    return Interval(unchecked: Swift.max(signed.lower, -1), Swift.min(signed.upper, 1))
  }

  private static func floor(_ x: Double) -> Int {
    let truncated = Int(x)
    return Double(truncated) > x ? truncated - 1 : truncated
  }

  private static let cosineCoefficients = alternatingReciprocalFactorials(from: 0)
  private static let sineCoefficients = alternatingReciprocalFactorials(from: 1)

  /// (-1)^n / (2n + first)! for n < 9; the factorials up to 18! are exact Doubles.
  private static func alternatingReciprocalFactorials(from first: Int) -> [Interval] {
    (0..<9).map { n in
      let factorial = (0..<(2 * n + first)).reduce(1.0) { $0 * Double($1 + 1) }
      return Interval(n & 1 == 0 ? 1 : -1) / Interval(factorial)
    }
  }
}
