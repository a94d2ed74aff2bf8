import CMPFR
import RigorousArithmetic
import SeededDraws
import Testing

/// GMP's result of a binary integer operation, in decimal.
private func gmp(
  _ a: BigInteger, _ b: BigInteger,
  _ operation: (
    UnsafeMutablePointer<__mpz_struct>, UnsafeMutablePointer<__mpz_struct>,
    UnsafeMutablePointer<__mpz_struct>
  ) -> Void
) -> String {
  var (x, y, z) = (__mpz_struct(), __mpz_struct(), __mpz_struct())
  __gmpz_init_set_str(&x, a.description, 10)
  __gmpz_init_set_str(&y, b.description, 10)
  __gmpz_init(&z)
  operation(&z, &x, &y)
  var buffer = [CChar](repeating: 0, count: __gmpz_sizeinbase(&z, 10) + 2)
  __gmpz_get_str(&buffer, 10, &z)
  __gmpz_clear(&x)
  __gmpz_clear(&y)
  __gmpz_clear(&z)
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

@Test func integerArithmeticAgreesWithGMP() throws {
  var generator = SeededGenerator(seed: 10)
  for _ in 0..<4_000 {
    let (a, b) = (generator.bigInteger(maximumLimbs: 9), generator.bigInteger(maximumLimbs: 6))
    #expect((a + b).description == gmp(a, b) { __gmpz_add($0, $1, $2) })
    #expect((a - b).description == gmp(a, b) { __gmpz_sub($0, $1, $2) })
    #expect((a * b).description == gmp(a, b) { __gmpz_mul($0, $1, $2) })
    #expect(BigInteger.gcd(a, b).description == gmp(a, b) { __gmpz_gcd($0, $1, $2) })
    #expect((a < b) == (a - b).isNegative && (a == b) == (a - b).isZero)
    #expect(BigInteger(a.description) == a)
    if !b.isZero {
      let (quotient, remainder) = a.divMod(b)
      #expect(quotient.description == gmp(a, b) { __gmpz_tdiv_q($0, $1, $2) })
      #expect(quotient * b + remainder == a && remainder.magnitude < b.magnitude)
      #expect(remainder.isZero || remainder.isNegative == a.isNegative)
    }
  }
}

@Test func divisionReachesTheRareStepsOfAlgorithmD() {
  // Dividends q * d + r around digits of all ones make the trial digit too large by one and by two.
  var generator = SeededGenerator(seed: 11)
  let base = BigInteger.powerOfTwo(64)
  for top: UInt64 in [.max, 1 << 63, 1 << 63 + 1, 1] {
    for next: UInt64 in [.max, 0, 1] {
      let divisor = (BigInteger(top) * base + BigInteger(next)) * base + BigInteger(UInt64.max)
      for quotient in [BigInteger(UInt64.max), base, base * base - .one, BigInteger(generator.next())] {
        for remainder in [BigInteger.zero, .one, divisor - .one] {
          let result = (quotient * divisor + remainder).divMod(divisor)
          #expect(result.quotient == quotient && result.remainder == remainder)
        }
      }
    }
  }
}

@Test func gcdObeysItsLaws() {
  var generator = SeededGenerator(seed: 12)
  for _ in 0..<1_000 {
    let (a, b, c) = (
      generator.bigInteger(maximumLimbs: 4), generator.bigInteger(maximumLimbs: 4),
      generator.bigInteger(maximumLimbs: 3)
    )
    let divisor = BigInteger.gcd(a, b)
    #expect(BigInteger.gcd(a * c, b * c) == divisor * c.magnitude)
    #expect(BigInteger.gcd(b, a) == divisor && !divisor.isNegative)
    if !divisor.isZero {
      #expect(BigInteger.gcd(a.divMod(divisor).quotient, b.divMod(divisor).quotient) == .one)
    }
  }
}

@Test func shiftsAndWidthsArePowersOfTwo() {
  var generator = SeededGenerator(seed: 13)
  for _ in 0..<1_000 {
    let value = generator.bigInteger(maximumLimbs: 4)
    let count = Int(generator.next() % 200)
    let power = BigInteger(2).power(count)
    #expect(power == .powerOfTwo(count) && power.trailingZeroBitCount == count && power.bitWidth == count + 1)
    #expect(value.shiftedLeft(by: count) == value * power)
    #expect(value.shiftedRight(by: count) == value.divMod(power).quotient)
    if !value.isZero {
      #expect(value.magnitude < .powerOfTwo(value.bitWidth))
      #expect(value.magnitude >= .powerOfTwo(value.bitWidth - 1))
    }
  }
}

@Test(arguments: [Int.min, Int.min + 1, -1, 0, 1, Int.max])
func machineIntegersSurvive(value: Int) {
  #expect(BigInteger(value).asInt() == value)
  #expect(BigInteger(value).description == String(value))
  #expect(BigInteger(String(value)) == BigInteger(value))
}

@Test func integersBeyondTheMachineRangeHaveNoInt() {
  #expect((BigInteger(Int.max) + .one).asInt() == nil)
  #expect((BigInteger(Int.min) - .one).asInt() == nil)
  #expect(BigInteger.powerOfTwo(64).asInt() == nil)
}

@Test(arguments: ["", "-", "+1", "1 ", "0x1", "1_0", "--1", "١"])
func malformedIntegersAreRefused(text: String) {
  #expect(BigInteger(text) == nil)
}

/// Numbers at the ends of 128 bits, where one form ends and the other begins.
@Test func formsMeetWithoutAGap() {
  let edge = BigInteger.powerOfTwo(127)
  var numbers: [BigInteger] = []
  for base in [BigInteger.zero, BigInteger.powerOfTwo(63), BigInteger.powerOfTwo(64), edge, edge + edge] {
    for off in -2...2 {
      numbers.append(base + BigInteger(off))
      numbers.append(-base + BigInteger(off))
    }
  }
  for a in numbers {
    #expect(BigInteger(a.description) == a && BigInteger(a.description)?.hashValue == a.hashValue)
    #expect(-(-a) == a && a.magnitude.signum >= 0 && (a.isNegative ? -a : a) == a.magnitude)
    #expect(a.bitWidth == a.limbs.count * 64 - (a.limbs.last?.leadingZeroBitCount ?? 0))
    for count in [0, 1, 2, 62, 63, 64, 65, 126, 127, 128, 129, 200] {
      let power = BigInteger.powerOfTwo(count)
      #expect(a.shiftedLeft(by: count) == a * power)
      #expect(a.shiftedLeft(by: count).description == gmp(a, power) { __gmpz_mul($0, $1, $2) })
      #expect(a.shiftedRight(by: count).description == gmp(a, power) { __gmpz_tdiv_q($0, $1, $2) })
      #expect(a.floorShifted(by: count).description == gmp(a, power) { __gmpz_fdiv_q($0, $1, $2) })
      #expect(a.isCut(by: count) == (a.shiftedRight(by: count).shiftedLeft(by: count) != a))
    }
    for b in numbers {
      #expect((a + b).description == gmp(a, b) { __gmpz_add($0, $1, $2) })
      #expect((a - b).description == gmp(a, b) { __gmpz_sub($0, $1, $2) })
      #expect((a * b).description == gmp(a, b) { __gmpz_mul($0, $1, $2) })
      #expect((a < b) == (a - b).isNegative && (a == b) == (a - b).isZero)
      #expect(BigInteger.gcd(a, b).description == gmp(a, b) { __gmpz_gcd($0, $1, $2) })
      guard !b.isZero else { continue }
      let (quotient, remainder) = a.divMod(b)
      #expect(quotient.description == gmp(a, b) { __gmpz_tdiv_q($0, $1, $2) })
      #expect(quotient * b + remainder == a && remainder.magnitude < b.magnitude)
    }
  }
  #expect(BigInteger(Int.min).asInt() == .min && (BigInteger(Int.min) - .one).asInt() == nil)
  #expect(BigInteger(UInt64.max).asInt() == nil && BigInteger(Int.max).asInt() == .max)
}
