// Theorem: the integers are sign times magnitude, with the sign of zero fixed as positive, so that
// equal numbers have equal representations; magnitudes are the naturals of `Limbs`. Numbers that fit are
// kept in 128 bits in two's complement, and only those, and an operation on them that does not overflow is exact.

/// An integer of any size; every operation is exact.
///
/// Costs are quadratic in the number of limbs, so sizes of untrusted numbers are bounded where they
/// are read (`Rational(decimal:)`, `Rational(description:)`).
package struct BigInteger: Hashable, Sendable {
  private enum Form: Hashable, Sendable {
    case small(Int128)
    /// Not one that `small` could hold.
    case large(isNegative: Bool, limbs: [UInt64])
  }

  private let form: Form

  @inline(__always)
  private init(_ value: Int128) { form = .small(value) }

  /// A number from its sign and its magnitude without leading zero limbs.
  init(isNegative: Bool, limbs: [UInt64]) {
    if limbs.count <= 2 {
      let magnitude = UInt128(limbs.first ?? 0) | UInt128(limbs.count > 1 ? limbs[1] : 0) << 64
      let value = Int128(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude)
      // Magnitudes of 2^127 and more change the sign, but for the least number itself.
      if magnitude == 0 || (value < 0) == isNegative {
        form = .small(value)
        return
      }
    }
    form = .large(isNegative: isNegative, limbs: limbs)
  }

  /// The given machine integer.
  package init(_ value: Int) { self.init(Int128(value)) }

  /// The given unsigned machine integer.
  package init(_ value: UInt64) { self.init(Int128(value)) }

  /// Zero.
  package static let zero = BigInteger(0)
  /// One.
  package static let one = BigInteger(1)

  @inline(__always)
  private var small: Int128? {
    if case .small(let value) = form { return value }
    return nil
  }

  /// The magnitude as little-endian 64-bit limbs without leading zero limbs; empty for zero.
  package var limbs: [UInt64] {
    switch form {
    case .large(_, let limbs): return limbs
    case .small(let value):
      let (low, high) = (UInt64(truncatingIfNeeded: value.magnitude), UInt64(value.magnitude >> 64))
      return high != 0 ? [low, high] : low != 0 ? [low] : []
    }
  }

  /// Whether the number is below zero; never true of zero.
  package var isNegative: Bool {
    switch form {
    case .small(let value): value < 0
    case .large(let isNegative, _): isNegative
    }
  }

  /// Whether the number is zero.
  package var isZero: Bool { small == 0 }

  /// -1, 0 or 1.
  package var signum: Int { isNegative ? -1 : isZero ? 0 : 1 }

  /// The absolute value.
  package var magnitude: BigInteger { isNegative ? -self : self }

  /// The number of bits of the magnitude: 0 for zero, else floor(log2 |x|) + 1.
  package var bitWidth: Int {
    switch form {
    case .small(let value): 128 - value.magnitude.leadingZeroBitCount
    case .large(_, let limbs): Limbs.bitWidth(limbs)
    }
  }

  /// The number of factors 2 of the magnitude; 0 for zero.
  package var trailingZeroBitCount: Int {
    switch form {
    case .small(let value): return value == 0 ? 0 : value.trailingZeroBitCount
    case .large(_, let limbs):
      guard let first = limbs.firstIndex(where: { $0 != 0 }) else { return 0 }
      return first * 64 + limbs[first].trailingZeroBitCount
    }
  }

  /// The same number as an `Int`, or nil if it does not fit.
  package func asInt() -> Int? { small.flatMap { Int(exactly: $0) } }

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
    if case .small(let x) = a.form, case .small(let y) = b.form { return x < y }
    if a.isNegative != b.isNegative { return a.isNegative }
    return a.isNegative ? Limbs.isLess(b.limbs, a.limbs) : Limbs.isLess(a.limbs, b.limbs)
  }
}

extension BigInteger {
  /// The number with the other sign.
  package static prefix func - (a: BigInteger) -> BigInteger {
    if case .small(let x) = a.form, x != .min { return BigInteger(-x) }
    return BigInteger(isNegative: !a.isNegative, limbs: a.limbs)
  }

  /// Exact sum.
  package static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if case .small(let x) = a.form, case .small(let y) = b.form {
      let (sum, overflow) = x.addingReportingOverflow(y)
      if !overflow { return BigInteger(sum) }
    }
    if a.isNegative == b.isNegative {
      return BigInteger(isNegative: a.isNegative, limbs: Limbs.sum(a.limbs, b.limbs))
    }
    return Limbs.isLess(a.limbs, b.limbs)
      ? BigInteger(isNegative: b.isNegative, limbs: Limbs.difference(b.limbs, a.limbs))
      : BigInteger(isNegative: a.isNegative, limbs: Limbs.difference(a.limbs, b.limbs))
  }

  /// Exact difference.
  package static func - (a: BigInteger, b: BigInteger) -> BigInteger {
    if case .small(let x) = a.form, case .small(let y) = b.form {
      let (difference, overflow) = x.subtractingReportingOverflow(y)
      if !overflow { return BigInteger(difference) }
    }
    return a + -b
  }

  /// Exact product.
  package static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    if case .small(let x) = a.form, case .small(let y) = b.form {
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      if !overflow { return BigInteger(product) }
    }
    return BigInteger(isNegative: a.isNegative != b.isNegative, limbs: Limbs.product(a.limbs, b.limbs))
  }

  /// The quotient rounded towards zero and the remainder, which has the sign of this number.
  ///
  /// self = quotient * divisor + remainder and |remainder| < |divisor|. The divisor is not zero.
  package func divMod(_ divisor: BigInteger) -> (quotient: BigInteger, remainder: BigInteger) {
    if case .small(let x) = form, case .small(let y) = divisor.form, x != .min {
      let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
      return (BigInteger(quotient), BigInteger(remainder))
    }
    let (quotient, remainder) = Limbs.quotientAndRemainder(limbs, dividingBy: divisor.limbs)
    return (
      BigInteger(isNegative: isNegative != divisor.isNegative, limbs: quotient),
      BigInteger(isNegative: isNegative, limbs: remainder)
    )
  }

  /// The number times 2^count, count >= 0.
  package func shiftedLeft(by count: Int) -> BigInteger {
    precondition(count >= 0, "negative shift")
    if case .small(let value) = form, bitWidth + count < 128 { return BigInteger(value << count) }
    return BigInteger(isNegative: isNegative, limbs: Limbs.shiftedLeft(limbs, by: count))
  }

  /// The magnitude divided by 2^count and rounded down, with the same sign, count >= 0.
  package func shiftedRight(by count: Int) -> BigInteger {
    precondition(count >= 0, "negative shift")
    if case .small(let value) = form, value != .min {
      return BigInteger(value < 0 ? -(-value >> count) : value >> count)
    }
    return BigInteger(isNegative: isNegative, limbs: Limbs.shiftedRight(limbs, by: count))
  }

  /// The quotient by 2^count, rounded downwards, count >= 0.
  package func floorShifted(by count: Int) -> BigInteger {
    precondition(count >= 0, "negative shift")
    if case .small(let value) = form { return BigInteger(value >> count) }
    let quotient = shiftedRight(by: count)
    return isNegative && isCut(by: count) ? quotient - .one : quotient
  }

  /// Whether division by 2^count leaves a remainder.
  package func isCut(by count: Int) -> Bool { !isZero && trailingZeroBitCount < count }

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
