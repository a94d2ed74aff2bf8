import RigorousArithmetic

/// An enclosure of a real number between two multiples of `2^-256`.
///
/// Theorem: every operation returns an interval that contains the exact result for all operands within the given
/// intervals. Sums are exact; products, quotients and roots are rounded outward to the grid.
///
/// A product of a thousand factors stays tight to far below one unit in the last place of a double, which the
/// same product in double intervals does not.
struct FixedPointInterval {
  static let fractionBits = 256

  let lower: BigInteger
  let upper: BigInteger

  private init(lower: BigInteger, upper: BigInteger) {
    self.lower = lower
    self.upper = upper
  }

  /// The tightest enclosure of a rational number.
  init(_ value: Rational) {
    let scaled = value.numerator.shiftedLeft(by: Self.fractionBits)
    lower = floorQuotient(scaled, value.denominator)
    upper = -floorQuotient(-scaled, value.denominator)
  }

  static let zero = FixedPointInterval(.zero)
  static let one = FixedPointInterval(.one)

  static func + (a: FixedPointInterval, b: FixedPointInterval) -> FixedPointInterval {
    FixedPointInterval(lower: a.lower + b.lower, upper: a.upper + b.upper)
  }

  static func - (a: FixedPointInterval, b: FixedPointInterval) -> FixedPointInterval {
    FixedPointInterval(lower: a.lower - b.upper, upper: a.upper - b.lower)
  }

  static func * (a: FixedPointInterval, b: FixedPointInterval) -> FixedPointInterval {
    // The product is monotone in each operand, so its extremes lie at end points: of numbers that are not negative at
    // the lower and at the upper ones.
    if a.lower.signum >= 0, b.lower.signum >= 0 {
      return FixedPointInterval(
        lower: floorToGrid(a.lower * b.lower), upper: -floorToGrid(-(a.upper * b.upper)))
    }
    let products = [a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper]
    let (least, greatest) = extremes(products)
    return FixedPointInterval(lower: floorToGrid(least), upper: -floorToGrid(-greatest))
  }

  /// The quotient, nil unless the divisor is certainly positive.
  func divided(by divisor: FixedPointInterval) -> FixedPointInterval? {
    guard divisor.lower.signum > 0 else { return nil }
    let (a, b) = (lower.shiftedLeft(by: Self.fractionBits), upper.shiftedLeft(by: Self.fractionBits))
    let floors = [floorQuotient(a, divisor.lower), floorQuotient(a, divisor.upper)]
    let ceilings = [-floorQuotient(-b, divisor.lower), -floorQuotient(-b, divisor.upper)]
    return FixedPointInterval(lower: extremes(floors).least, upper: extremes(ceilings).greatest)
  }

  /// The square root, nil unless the operand is certainly not negative.
  func squareRoot() -> FixedPointInterval? {
    guard lower.signum >= 0 else { return nil }
    // sqrt(m 2^-F) = sqrt(m 2^F) 2^-F, and floor(sqrt) + 1 exceeds the root.
    let low = integerSquareRoot(lower.shiftedLeft(by: Self.fractionBits))
    let high = integerSquareRoot(upper.shiftedLeft(by: Self.fractionBits))
    return FixedPointInterval(lower: low, upper: upper.isZero ? .zero : high + .one)
  }

  /// The tightest enclosure by doubles.
  var interval: Interval {
    let unit = BigInteger.powerOfTwo(Self.fractionBits)
    return Interval(Rational(lower, over: unit).roundedDown, Rational(upper, over: unit).roundedUp)
  }

  /// Whether the number certainly is at least `2^exponent`, for exponents above `-256`.
  func isAtLeast(powerOfTwo exponent: Int) -> Bool {
    !(lower < BigInteger.powerOfTwo(Self.fractionBits + exponent))
  }
}

private func extremes(_ values: [BigInteger]) -> (least: BigInteger, greatest: BigInteger) {
  var (least, greatest) = (values[0], values[0])
  for value in values {
    if value < least { least = value }
    if greatest < value { greatest = value }
  }
  return (least, greatest)
}

/// The number times `2^-256`, rounded downwards.
private func floorToGrid(_ value: BigInteger) -> BigInteger {
  let bits = FixedPointInterval.fractionBits
  if value.signum >= 0 { return value.shiftedRight(by: bits) }
  return -(-value + (BigInteger.powerOfTwo(bits) - .one)).shiftedRight(by: bits)
}

/// The quotient rounded downwards; the divisor is positive.
private func floorQuotient(_ value: BigInteger, _ divisor: BigInteger) -> BigInteger {
  let (quotient, remainder) = value.divMod(divisor)
  return remainder.signum < 0 ? quotient - .one : quotient
}

/// The greatest integer whose square does not exceed a number that is not negative.
///
/// Newton's iteration from above decreases until it reaches the floor of the root, and never passes below it.
private func integerSquareRoot(_ value: BigInteger) -> BigInteger {
  if value.isZero { return .zero }
  var root = BigInteger.powerOfTwo((value.bitWidth + 1) / 2)
  while true {
    let next = (root + value.divMod(root).quotient).shiftedRight(by: 1)
    if !(next < root) { return root }
    root = next
  }
}
