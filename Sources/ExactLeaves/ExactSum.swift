import RigorousArithmetic

// Theorem: with e the least exponent of the factors, sum f_i x_i = 2^e sum (m_i 2^(e_i - e)) x_i, a sum of products of
// integers; positive and negative products are summed apart as naturals, without any rounding.

/// A sum of products of doubles and integers, exact.
struct ExactSum {
  /// The sum is counted in units of two to this power; no factor has a lower exponent.
  let lowest: Int
  private var plus: [UInt64] = []
  private var minus: [UInt64] = []

  init(lowest: Int) { self.lowest = lowest }

  /// Nothing added up yet.
  mutating func reset() {
    for index in plus.indices { plus[index] = 0 }
    for index in minus.indices { minus[index] = 0 }
  }

  /// Adds a product.
  mutating func add(_ factor: Factor, _ number: BigInteger) {
    guard !factor.isZero, !number.isZero else { return }
    if factor.isNegative == number.isNegative {
      Self.accumulate(&plus, number.limbs, factor.mantissa, shift: factor.exponent - lowest)
    } else {
      Self.accumulate(&minus, number.limbs, factor.mantissa, shift: factor.exponent - lowest)
    }
  }

  /// Adds the product of the magnitudes.
  mutating func addMagnitude(_ factor: Factor, _ number: BigInteger) {
    guard !factor.isZero, !number.isZero else { return }
    Self.accumulate(&plus, number.limbs, factor.mantissa, shift: factor.exponent - lowest)
  }

  /// The sum in units of `2^lowest`.
  var value: BigInteger {
    let sum = BigInteger(isNegative: false, magnitude: plus)
    return minus.isEmpty ? sum : sum - BigInteger(isNegative: false, magnitude: minus)
  }

  /// The sum, rounded downwards to an integer, and whether it was one.
  var floor: (value: BigInteger, isExact: Bool) {
    let sum = value
    if lowest >= 0 { return (sum.shiftedLeft(by: lowest), true) }
    return (sum.floorShifted(by: -lowest), !sum.isCut(by: -lowest))
  }

  /// The sum, rounded upwards to an integer.
  var ceil: BigInteger {
    let (floor, isExact) = floor
    return isExact ? floor : floor + .one
  }

  /// `sum += limbs * mantissa * 2^shift` of naturals, `shift >= 0`.
  private static func accumulate(
    _ sum: inout [UInt64], _ limbs: [UInt64], _ mantissa: UInt64, shift: Int
  ) {
    let (offset, bits) = (shift / 64, UInt64(shift % 64))
    let needed = offset + limbs.count + 3
    while sum.count < needed { sum.append(0) }
    sum.withUnsafeMutableBufferPointer { sum in
      row(sum, limbs, mantissa << bits, offset)
      if bits > 0, mantissa >> (64 - bits) != 0 { row(sum, limbs, mantissa >> (64 - bits), offset + 1) }
    }
  }

  @inline(__always)
  private static func row(
    _ sum: UnsafeMutableBufferPointer<UInt64>, _ limbs: [UInt64], _ digit: UInt64, _ offset: Int
  ) {
    var carry: UInt64 = 0
    var place = offset
    for limb in limbs {
      // digit * limb + sum + carry never exceeds two digits.
      let (high, low) = digit.multipliedFullWidth(by: limb)
      let (first, firstCarry) = low.addingReportingOverflow(sum[place])
      let (second, secondCarry) = first.addingReportingOverflow(carry)
      sum[place] = second
      carry = high &+ (firstCarry ? 1 : 0) &+ (secondCarry ? 1 : 0)
      place += 1
    }
    while carry != 0 {
      let (total, overflow) = sum[place].addingReportingOverflow(carry)
      sum[place] = total
      carry = overflow ? 1 : 0
      place += 1
    }
  }
}
