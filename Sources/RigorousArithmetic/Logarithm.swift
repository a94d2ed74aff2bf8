// Theorem: for x = 2^k m, log x = k ln 2 + log m, and log m = 2 artanh s with s = (m - 1) / (m + 1);
// likewise logit p = 2 artanh(2p - 1). artanh s = s * sum of s^(2n) / (2n + 1) over n >= 0, where for
// s^2 <= 0.0299 the terms from n = 11 on sum to at most
// 0.0299^11 / 23 / (1 - 0.0299) < 2^-60. With sqrt(1/2) <= m <= sqrt(2), s^2 <= 0.0295.
// Rounding is covered by interval arithmetic. Both functions are increasing.

extension Interval {
  /// An enclosure of the natural logarithm over the members; unbounded below if zero is a member,
  /// `entire` if a negative number is one or zero is the only one.
  package func log() -> Interval {
    if lower < 0 || upper == 0 { return .entire }
    return mapIncreasing(Self.logarithm)
  }

  /// An enclosure of log(p / (1 - p)) over the members; unbounded on the side where 0 or 1 is a
  /// member, `entire` if a member lies outside [0, 1] or 0 or 1 is the only one.
  ///
  /// The logit of 1/2 is exactly zero.
  package func logit() -> Interval {
    if lower < 0 || upper > 1 || upper == 0 || lower == 1 { return .entire }
    return mapIncreasing(Self.logit)
  }

  /// An enclosure of log x for a number x >= 0 (infinity standing for an unbounded end).
  private static func logarithm(_ x: Double) -> Interval {
    if x == 0 { return Interval(unchecked: -.infinity, -.greatestFiniteMagnitude) }
    if x == .infinity { return Interval(unchecked: .greatestFiniteMagnitude, .infinity) }
    let isSubnormal = x < .leastNormalMagnitude
    let pattern = (isSubnormal ? x * 0x1p54 : x).bitPattern
    var k = Int(pattern >> 52) - 1023 - (isSubnormal ? 54 : 0)
    var m = Double(bitPattern: pattern & (1 << 52 - 1) | 1023 << 52)
    if m > 1.4142 {
      m *= 0.5
      k += 1
    }
    let s = (Interval(m) - .one) / (Interval(m) + .one)
    let fraction = Interval(2) * inverseHyperbolicTangent(s)
    if k == 0 { return fraction }
    // |k| <= 1075 has at most 11 bits and the head of ln 2 has 41, so their product is exact.
    return Interval(Double(k) * ln2Head) + (fraction + Interval(Double(k)) * ln2Rest)
  }

  private static func logit(_ p: Double) -> Interval {
    let t = Interval(2) * Interval(p) - .one
    if t.magnitude < 0.1715 { return Interval(2) * inverseHyperbolicTangent(t) }
    if p == 0 { return Interval(unchecked: -.infinity, -.greatestFiniteMagnitude) }
    if p == 1 { return Interval(unchecked: .greatestFiniteMagnitude, .infinity) }
    return logarithm(p) - (.one - Interval(p)).mapIncreasing(logarithm)
  }

  /// An enclosure of artanh s for s^2 <= 0.0299.
  private static func inverseHyperbolicTangent(_ s: Interval) -> Interval {
    let square = s.squared()
    precondition(square.upper <= 0.0299, "argument of the reduced artanh out of range")
    return s * (polynomial(oddReciprocals, at: square) + Interval(unchecked: 0, 0x1p-60))
  }

  /// 1 / (2n + 1) for n < 11.
  private static let oddReciprocals: [Interval] = (0..<11).map { .one / Interval(Double(2 * $0 + 1)) }
}
