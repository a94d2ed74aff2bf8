// Theorem: e^x = 2^k e^r for every integer k and r = x - k ln 2, and e^r = 1 + r q(r) with
// q(r) = sum of r^n / (n + 1)! over n >= 0. For |r| <= 0.36 the terms from n = 14 on sum to at most
// 0.36^14 / 15! * 1 / (1 - 0.36 / 16) < 2^-60 (ratio of successive terms at most 0.36 / 16).
// Rounding is covered by interval arithmetic. e^x is increasing.

extension Interval {
  /// An enclosure of e^x over the members; never negative.
  package func exp() -> Interval {
    mapIncreasing { Self.exponential(of: $0, plus: .zero) }
  }

  /// An enclosure of e^(x + correction) for any x other than NaN and |correction| <= 0.01.
  static func exponential(of x: Double, plus correction: Interval) -> Interval {
    // e^709.99 is above the greatest Double, e^-745.99 below the least, with the correction.
    if x > 710 { return Interval(unchecked: .greatestFiniteMagnitude, .infinity) }
    if x < -746 { return Interval(unchecked: 0, .leastNonzeroMagnitude) }
    let quotient = x * 0x1.71547652b82fep+0
    let k = Int(quotient < 0 ? quotient - 0.5 : quotient + 0.5)
    // |k| <= 1077 has at most 11 bits and the head of ln 2 has 41, so their product is exact.
    let head = Interval(x) - Interval(Double(k) * ln2Head)
    let r = head - Interval(Double(k)) * ln2Rest + correction
    return (.one + r * exponentialQuotient(r)).scaled(byPowerOfTwo: k)
  }

  /// An enclosure of q(r) = (e^r - 1) / r, |r| <= 0.36.
  static func exponentialQuotient(_ r: Interval) -> Interval {
    precondition(r.magnitude <= 0.36, "argument of the reduced exponential out of range")
    return polynomial(exponentialCoefficients, at: r) + Interval(unchecked: -0x1p-60, 0x1p-60)
  }

  /// 1 / (n + 1)! for n < 14; the factorials up to 18! are exact Doubles.
  private static let exponentialCoefficients: [Interval] = {
    var factorial = 1.0
    return (1...14).map { n in
      factorial *= Double(n)
      return .one / Interval(factorial)
    }
  }()
}
