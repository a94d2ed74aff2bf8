import RigorousArithmetic

// Theorem: floor(x) <= x <= ceil(x), and each is less than a unit from x; the floor of a quotient by a natural number is that
// of the floor's quotient.

/// The numbers that exact arithmetic keeps: integers in units of 2^-72.
///
/// Products are taken exactly, and what is kept of each is rounded by less than a unit, which whoever rounds adds to a
/// remainder.
enum Grid {
  /// Binary places.
  static let bits = 72
  /// Bits of the longest number that is followed; products would grow without end.
  static let longest = 512
  /// The number one.
  static let one = BigInteger.powerOfTwo(bits)

  /// The greatest number of the grid that is not above a rational number.
  static func floor(_ value: Rational) -> BigInteger {
    value.numerator.shiftedLeft(by: bits).floorDivided(by: value.denominator)
  }

  /// The least number of the grid that is not below a rational number.
  static func ceil(_ value: Rational) -> BigInteger { -floor(-value) }

  /// The greatest number of the grid that is not above a double; nil for infinities and NaN.
  static func floor(_ value: Double) -> BigInteger? { Factor(value)?.times(one).value }

  /// The least number of the grid that is not below a double; nil for infinities and NaN.
  static func ceil(_ value: Double) -> BigInteger? { floor(-value).map { -$0 } }

  /// The greatest double that is not above a number of the grid.
  static func roundedDown(_ value: BigInteger) -> Double {
    Rational(value, over: one).roundedDown
  }

  /// The least double that is not below a number of the grid.
  static func roundedUp(_ value: BigInteger) -> Double { -roundedDown(-value) }
}

/// A number of the grid in place of an exact one.
struct Floored: Sendable {
  /// Not above the exact number.
  var value: BigInteger
  /// The exact number is less than so many units above, or equal where that is none.
  var lost: Int
}

/// A finite double as an integer times a power of two, or the reciprocal of one, exactly.
struct Factor: Hashable, Sendable {
  let isNegative: Bool
  /// Odd, or zero.
  let mantissa: UInt64
  /// Zero where the mantissa is.
  let exponent: Int
  /// Not zero; one unless this is a reciprocal.
  let divisor: UInt64

  /// - Returns: Nil for infinities and NaN.
  init?(_ value: Double) {
    guard let (mantissa, exponent) = value.oddSignificand else { return nil }
    self.init(isNegative: value < 0, mantissa: mantissa, exponent: exponent, divisor: 1)
  }

  private init(isNegative: Bool, mantissa: UInt64, exponent: Int, divisor: UInt64) {
    (self.isNegative, self.mantissa) = (isNegative, mantissa)
    (self.exponent, self.divisor) = (exponent, divisor)
  }

  /// The number of this magnitude that is not above zero.
  var negative: Factor {
    Factor(isNegative: true, mantissa: mantissa, exponent: exponent, divisor: divisor)
  }

  /// The reciprocal of a double; nil where that is zero.
  var reciprocal: Factor? {
    isZero ? nil : Factor(isNegative: isNegative, mantissa: 1, exponent: -exponent, divisor: mantissa)
  }

  var isZero: Bool { mantissa == 0 }

  /// The product with an integer.
  func times(_ number: BigInteger) -> Floored {
    let product = BigInteger(isNegative ? -Int(mantissa) : Int(mantissa)) * number
    let scaled =
      exponent >= 0
      ? Floored(value: product.shiftedLeft(by: exponent), lost: 0) : product.floored(by: -exponent)
    guard divisor > 1 else { return scaled }
    let (quotient, remainder) = scaled.value.divMod(BigInteger(divisor))
    return Floored(
      value: remainder.isNegative ? quotient - .one : quotient, lost: remainder.isZero ? scaled.lost : 1)
  }
}

extension BigInteger {
  /// The quotient by `2^count`.
  func floored(by count: Int) -> Floored {
    Floored(value: floorShifted(by: count), lost: isCut(by: count) ? 1 : 0)
  }

  /// The quotient by `2^count`, rounded upwards.
  func ceilShifted(by count: Int) -> BigInteger { -((-self).floorShifted(by: count)) }

  /// The quotient by a positive number, rounded downwards.
  func floorDivided(by divisor: BigInteger) -> BigInteger {
    let (quotient, remainder) = divMod(divisor)
    return remainder.isNegative ? quotient - .one : quotient
  }

  /// The quotient by a positive number, rounded upwards.
  func ceilDivided(by divisor: BigInteger) -> BigInteger { -((-self).floorDivided(by: divisor)) }

  /// The greatest integer whose square is at most this number, which is not negative.
  ///
  /// Newton's iteration from above falls until it reaches that integer, and no further.
  var floorRoot: BigInteger {
    guard signum > 0 else { return .zero }
    var root = BigInteger.powerOfTwo((bitWidth + 1) / 2 + 1)
    while true {
      let next = (root + divMod(root).quotient).shiftedRight(by: 1)
      guard next < root else { return root }
      root = next
    }
  }
}
