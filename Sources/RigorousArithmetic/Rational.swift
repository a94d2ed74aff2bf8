// Theorem: the rationals are the pairs p/q with q > 0 and gcd(p, q) = 1, one pair each, under the
// usual laws; p/q < r/s iff p s < r q. Every finite Double is an integer times a power of two.

/// A rational number, always in lowest terms with a positive denominator; every operation is exact.
package struct Rational: Hashable, Sendable {
  /// The numerator, which carries the sign.
  package let numerator: BigInteger
  /// The denominator: positive, without common factor with the numerator.
  package let denominator: BigInteger

  /// The given integer.
  package init(_ value: Int) {
    self.init(BigInteger(value))
  }

  /// The given integer.
  package init(_ value: BigInteger) {
    self.init(reduced: value, over: .one)
  }

  /// The quotient of two integers, brought to lowest terms; the denominator is not zero.
  package init(_ numerator: BigInteger, over denominator: BigInteger) {
    precondition(!denominator.isZero, "rational with denominator zero")
    let divisor = BigInteger.gcd(numerator, denominator)
    let signed = denominator.isNegative ? -divisor : divisor
    self.init(reduced: numerator.divMod(signed).quotient, over: denominator.divMod(signed).quotient)
  }

  init(reduced numerator: BigInteger, over denominator: BigInteger) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The exact value of a finite Double; nil for infinities and NaN.
  package init?(exactly value: Double) {
    guard let (odd, exponent) = value.oddSignificand else { return nil }
    let significand = value < 0 ? -BigInteger(odd) : BigInteger(odd)
    if exponent >= 0 {
      self.init(reduced: significand.shiftedLeft(by: exponent), over: .one)
    } else {
      self.init(reduced: significand, over: .powerOfTwo(-exponent))
    }
  }

  /// Zero.
  package static let zero = Rational(0)
  /// One.
  package static let one = Rational(1)

  /// Whether the denominator is one.
  package var isInteger: Bool { denominator == .one }

  /// Whether the number is zero.
  package var isZero: Bool { numerator.isZero }

  /// -1, 0 or 1.
  package var signum: Int { numerator.signum }

  /// The absolute value.
  package var magnitude: Rational { Rational(reduced: numerator.magnitude, over: denominator) }

  /// The same number as an `Int`; nil if it is no integer or does not fit.
  package func asInt() -> Int? { isInteger ? numerator.asInt() : nil }
}

extension Rational {
  /// The number with the other sign.
  package static prefix func - (a: Rational) -> Rational {
    Rational(reduced: -a.numerator, over: a.denominator)
  }

  /// Exact sum.
  package static func + (a: Rational, b: Rational) -> Rational {
    if a.denominator == b.denominator {
      let sum = a.numerator + b.numerator
      return a.isInteger ? Rational(sum) : Rational(sum, over: a.denominator)
    }
    return Rational(
      a.numerator * b.denominator + b.numerator * a.denominator, over: a.denominator * b.denominator)
  }

  /// Exact difference.
  package static func - (a: Rational, b: Rational) -> Rational { a + -b }

  /// Exact product.
  package static func * (a: Rational, b: Rational) -> Rational {
    if a.isInteger && b.isInteger { return Rational(a.numerator * b.numerator) }
    return Rational(a.numerator * b.numerator, over: a.denominator * b.denominator)
  }

  /// The exact quotient, or nil if the divisor is zero.
  package func divided(by divisor: Rational) -> Rational? {
    if divisor.isZero { return nil }
    return Rational(numerator * divisor.denominator, over: denominator * divisor.numerator)
  }
}

extension Rational: Comparable {
  /// Exact order.
  package static func < (a: Rational, b: Rational) -> Bool {
    if a.denominator == b.denominator { return a.numerator < b.numerator }
    return a.numerator * b.denominator < b.numerator * a.denominator
  }
}

extension Rational {
  /// Exact order against a Double; infinities lie outside all rationals, NaN compares false.
  package static func < (a: Rational, b: Double) -> Bool {
    if let exact = Rational(exactly: b) { return a < exact }
    return b == .infinity
  }

  /// Exact order against a Double; infinities lie outside all rationals, NaN compares false.
  package static func < (a: Double, b: Rational) -> Bool {
    if let exact = Rational(exactly: a) { return exact < b }
    return a == -.infinity
  }

  /// Exact order against a Double; infinities lie outside all rationals, NaN compares false.
  package static func <= (a: Rational, b: Double) -> Bool { !b.isNaN && !(b < a) }

  /// Exact order against a Double; infinities lie outside all rationals, NaN compares false.
  package static func <= (a: Double, b: Rational) -> Bool { !a.isNaN && !(b < a) }

  /// Whether the rational is exactly the given Double; false for infinities and NaN.
  package static func == (a: Rational, b: Double) -> Bool { Rational(exactly: b) == a }
}

extension Double {
  /// A finite magnitude as an odd integer, or zero, times a power of two, exactly; nil for infinities and NaN.
  package var oddSignificand: (value: UInt64, exponent: Int)? {
    guard isFinite else { return nil }
    guard self != 0 else { return (0, 0) }
    let biased = Int(exponentBitPattern)
    let significand = biased == 0 ? significandBitPattern : significandBitPattern | 1 << 52
    let zeros = significand.trailingZeroBitCount
    return (significand >> UInt64(zeros), max(biased, 1) - 1075 + zeros)
  }
}
