// Theorem: the integers are sign times magnitude, with the sign of zero fixed as positive, so that
// equal numbers have equal representations; magnitudes are the naturals of `Limbs`.

/// An integer of any size; every operation is exact.
///
/// Costs are quadratic in the number of limbs, so sizes of untrusted numbers are bounded where they
/// are read (`Rational(decimal:)`, `Rational(description:)`).
package struct BigInteger: Hashable, Sendable {
  /// Whether the number is below zero; never true of zero.
  package let isNegative: Bool
  /// The magnitude as little-endian 64-bit limbs without leading zero limbs; empty for zero.
  package let limbs: [UInt64]

  init(isNegative: Bool, limbs: [UInt64]) {
    self.isNegative = isNegative && !limbs.isEmpty
    self.limbs = limbs
  }

  /// The given machine integer.
  package init(_ value: Int) {
    let magnitude = UInt64(value.magnitude)
    self.init(isNegative: value < 0, limbs: magnitude == 0 ? [] : [magnitude])
  }

  /// The given unsigned machine integer.
  package init(_ value: UInt64) {
    self.init(isNegative: false, limbs: value == 0 ? [] : [value])
  }

  /// Zero.
  package static let zero = BigInteger(0)
  /// One.
  package static let one = BigInteger(1)

  /// Whether the number is zero.
  package var isZero: Bool { limbs.isEmpty }

  /// -1, 0 or 1.
  package var signum: Int { isNegative ? -1 : isZero ? 0 : 1 }

  /// The absolute value.
  package var magnitude: BigInteger { BigInteger(isNegative: false, limbs: limbs) }

  /// The number of bits of the magnitude: 0 for zero, else floor(log2 |x|) + 1.
  package var bitWidth: Int { Limbs.bitWidth(limbs) }

  /// The number of factors 2 of the magnitude; 0 for zero.
  package var trailingZeroBitCount: Int {
    guard let first = limbs.firstIndex(where: { $0 != 0 }) else { return 0 }
    return first * 64 + limbs[first].trailingZeroBitCount
  }

  /// The same number as an `Int`, or nil if it does not fit.
  package func asInt() -> Int? {
    guard limbs.count <= 1 else { return nil }
    let magnitude = limbs.first ?? 0
    if !isNegative { return Int(exactly: magnitude) }
    return magnitude == 1 << 63 ? Int.min : Int(exactly: magnitude).map { -$0 }
  }

  /// 2 to a power of at least zero.
  package static func powerOfTwo(_ exponent: Int) -> BigInteger { one.shiftedLeft(by: exponent) }

  /// This number to a power of at least zero.
  package func power(_ exponent: Int) -> BigInteger {
    precondition(exponent >= 0, "negative exponent")
    var (result, base, rest) = (BigInteger.one, self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * base }
      rest >>= 1
      if rest > 0 { base = base * base }
    }
    return result
  }
}

extension BigInteger: Comparable {
  /// Exact order.
  package static func < (a: BigInteger, b: BigInteger) -> Bool {
    if a.isNegative != b.isNegative { return a.isNegative }
    return a.isNegative ? Limbs.isLess(b.limbs, a.limbs) : Limbs.isLess(a.limbs, b.limbs)
  }
}

extension BigInteger {
  /// The number with the other sign.
  package static prefix func - (a: BigInteger) -> BigInteger {
    BigInteger(isNegative: !a.isNegative, limbs: a.limbs)
  }

  /// Exact sum.
  package static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isNegative == b.isNegative {
      return BigInteger(isNegative: a.isNegative, limbs: Limbs.sum(a.limbs, b.limbs))
    }
    return Limbs.isLess(a.limbs, b.limbs)
      ? BigInteger(isNegative: b.isNegative, limbs: Limbs.difference(b.limbs, a.limbs))
      : BigInteger(isNegative: a.isNegative, limbs: Limbs.difference(a.limbs, b.limbs))
  }

  /// Exact difference.
  package static func - (a: BigInteger, b: BigInteger) -> BigInteger { a + -b }

  /// Exact product.
  package static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    BigInteger(isNegative: a.isNegative != b.isNegative, limbs: Limbs.product(a.limbs, b.limbs))
  }

  /// The quotient rounded towards zero and the remainder, which has the sign of this number.
  ///
  /// self = quotient * divisor + remainder and |remainder| < |divisor|. The divisor is not zero.
  package func divMod(_ divisor: BigInteger) -> (quotient: BigInteger, remainder: BigInteger) {
    let (quotient, remainder) = Limbs.quotientAndRemainder(limbs, dividingBy: divisor.limbs)
    return (
      BigInteger(isNegative: isNegative != divisor.isNegative, limbs: quotient),
      BigInteger(isNegative: isNegative, limbs: remainder)
    )
  }

  /// The number times 2^count, count >= 0.
  package func shiftedLeft(by count: Int) -> BigInteger {
    precondition(count >= 0, "negative shift")
    return BigInteger(isNegative: isNegative, limbs: Limbs.shiftedLeft(limbs, by: count))
  }

  /// The magnitude divided by 2^count and rounded down, with the same sign, count >= 0.
  package func shiftedRight(by count: Int) -> BigInteger {
    precondition(count >= 0, "negative shift")
    return BigInteger(isNegative: isNegative, limbs: Limbs.shiftedRight(limbs, by: count))
  }

  /// The greatest common divisor by Euclid's algorithm, never negative; gcd(0, 0) = 0.
  package static func gcd(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    var (x, y) = (a.limbs, b.limbs)
    while x.count > 1 || y.count > 1 {
      if y.isEmpty { return BigInteger(isNegative: false, limbs: x) }
      (x, y) = (y, Limbs.quotientAndRemainder(x, dividingBy: y).remainder)
    }
    var (p, q) = (x.first ?? 0, y.first ?? 0)
    while q != 0 { (p, q) = (q, p % q) }
    return BigInteger(p)
  }
}
