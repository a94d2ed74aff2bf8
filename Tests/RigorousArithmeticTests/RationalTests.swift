import RigorousArithmetic
import SeededDraws
import Testing

private func rational(_ text: String) throws -> Rational { try #require(Rational(description: text)) }

private func randomRational(_ generator: inout SeededGenerator) -> Rational {
  let denominator = generator.bigInteger(maximumLimbs: 2)
  return Rational(generator.bigInteger(maximumLimbs: 3), over: denominator.isZero ? .one : denominator)
}

@Test func rationalsObeyTheFieldLawsInLowestTerms() throws {
  var generator = SeededGenerator(seed: 20)
  for _ in 0..<2_000 {
    let (a, b, c) = (randomRational(&generator), randomRational(&generator), randomRational(&generator))
    #expect(a + b == b + a && (a + b) + c == a + (b + c) && a - b == -(b - a))
    #expect(a * b == b * a && (a * b) * c == a * (b * c) && a * (b + c) == a * b + a * c)
    if let quotient = a.divided(by: b) { #expect(quotient * b == a) } else { #expect(b.isZero) }
    #expect((a < b) == ((b - a).signum > 0) && (a <= b) == ((b - a).signum >= 0))
    for value in [a + b, a * b, a - c] {
      #expect(value.denominator.signum > 0)
      #expect(BigInteger.gcd(value.numerator, value.denominator) == .one)
      #expect(Rational(description: value.description) == value)
    }
  }
}

@Test func doublesConvertExactlyBothWays() throws {
  var generator = SeededGenerator(seed: 21)
  for _ in 0..<20_000 {
    let value = generator.awkwardDouble()
    let exact = try #require(Rational(exactly: value))
    #expect(exact.roundedDown == value && exact.roundedUp == value && exact.enclosure.isPoint)
    #expect(exact == value && exact <= value && value <= exact && !(exact < value) && !(value < exact))
  }
  #expect(Rational(exactly: .infinity) == nil && Rational(exactly: .nan) == nil)
  #expect(Rational(exactly: 0.1)?.description == "3602879701896397/36028797018963968")
  #expect(Rational(exactly: 0x1p-1074) == Rational(.one, over: .powerOfTwo(1074)))
}

@Test func roundingBracketsWithNeighbouringDoubles() throws {
  var generator = SeededGenerator(seed: 22)
  for round in 0..<5_000 {
    let scale = BigInteger.powerOfTwo(Int(generator.next() % 1200))
    let base = randomRational(&generator)
    let value = base * (round % 2 == 0 ? Rational(scale) : Rational(.one, over: scale))
    let (down, up) = (value.roundedDown, value.roundedUp)
    #expect(down <= value && value <= up)
    if down != up {
      #expect(down.nextUp == up && !(value == down) && !(value == up))
      #expect(down < value && value < up)
    } else {
      #expect(value == down)
    }
  }
}

@Test func rationalsCompareWithNonFiniteDoubles() {
  #expect(Rational.one < Double.infinity && -Double.infinity < Rational.one)
  #expect(!(Rational.one < Double.nan) && !(Double.nan <= Rational.one) && !(Rational.one == Double.infinity))
}

@Test(arguments: [
  ("12", "12"), ("-0.5", "-1/2"), ("+0.25", "1/4"), ("1e-4", "1/10000"), ("50_000", "50000"),
  ("1.5E3", "1500"), ("0.1", "1/10"), ("-0", "0"), ("2.50e+1", "25"), ("0e400", "0"), ("007", "7"),
  ("1_0.0_1", "1001/100"),
])
func decimalLiteralsReadExactly(text: String, expected: String) {
  #expect(Rational(decimal: text)?.description == expected)
}

@Test(arguments: [
  "", ".", ".5", "5.", "1e", "1e401", "1e-401", "e5", "1__0", "_1", "1_", "1_.5", "1._5", "0x1", "1.2.3",
  "inf", "nan", " 1", "1 ", "--1", "1e99999999999999999999", "1e+-1", "½",
])
func malformedDecimalsAreRefused(text: String) {
  #expect(Rational(decimal: text) == nil)
}

@Test func decimalLiteralLengthIsBounded() {
  #expect(Rational(decimal: String(repeating: "9", count: 400)) != nil)
  #expect(Rational(decimal: String(repeating: "9", count: 401)) == nil)
  #expect(Rational(decimal: "0." + String(repeating: "0", count: 400)) == nil)
}

@Test(arguments: ["", "1/", "/2", "1/0", "2/4", "1/-2", "-0", "01", "3/1", "+1", "1/2/3", "1.5", " 1"])
func uncanonicalFractionsAreRefused(text: String) {
  #expect(Rational(description: text) == nil)
}

@Test func integersAreRecognised() throws {
  #expect(try rational("7").isInteger && rational("7").asInt() == 7)
  #expect(try !rational("7/2").isInteger && rational("7/2").asInt() == nil)
  #expect(Rational(.powerOfTwo(63)).asInt() == nil)
  #expect(Rational(BigInteger(6), over: BigInteger(-4)).description == "-3/2")
}
