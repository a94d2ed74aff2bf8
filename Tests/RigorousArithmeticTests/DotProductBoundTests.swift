import RigorousArithmetic
import SeededDraws
import Testing

/// Sums the products of two vectors in a random order of a random tree, fused or not.
private func dotProduct(_ x: [Double], _ y: [Double], _ generator: inout SeededGenerator) -> Double {
  var terms = zip(x, y).map { $0 * $1 }
  var pending = Array(zip(x, y))
  if generator.next() % 2 == 0 {
    var sum = 0.0
    pending.shuffle(using: &generator)
    for (a, b) in pending { sum = generator.next() % 3 == 0 ? sum + a * b : sum.addingProduct(a, b) }
    return sum
  }
  while terms.count > 1 {
    terms.swapAt(Int(generator.next() % UInt64(terms.count)), terms.count - 1)
    let last = terms.removeLast()
    terms[Int(generator.next() % UInt64(terms.count))] += last
  }
  return terms.first ?? 0
}

@Test(arguments: [0, -500, -1020, -1060, 400])
func innerProductsStayWithinTheBound(exponent: Int) throws {
  var generator = SeededGenerator(seed: 50)
  for round in 0..<400 {
    let n = Int(generator.next() % 40)
    let scale = Double(sign: .plus, exponent: exponent, significand: 1)
    let x = (0..<n).map { _ in Double.random(in: -1...1, using: &generator) * scale }
    let y = (0..<n).map { _ in Double.random(in: -1...1, using: &generator) * (round % 2 == 0 ? 1 : 0x1p-30) }
    var (exact, absolute) = (Rational.zero, Rational.zero)
    for (a, b) in zip(x, y) {
      let product = try #require(Rational(exactly: a)) * #require(Rational(exactly: b))
      exact = exact + product
      absolute = absolute + product.magnitude
    }
    let error = (try #require(Rational(exactly: dotProduct(x, y, &generator))) - exact).magnitude
    let gamma = try #require(Rational(exactly: DotProductBound.gamma(n)))
    let underflow = try #require(Rational(exactly: DotProductBound.underflow(n)))
    #expect(error <= gamma * absolute + underflow)
    let computed = dotProduct(x.map(abs), y.map(abs), &generator)
    let bound = DotProductBound.error(length: n, absoluteProduct: computed)
    #expect(try gamma * absolute + underflow <= #require(Rational(exactly: bound)))
  }
}

@Test func gammaIsTheRoundedUpQuotient() throws {
  for n in [0, 1, 2, 784, 1 << 20, 1 << 51, (1 << 52) - 1] {
    let u = Rational(.one, over: .powerOfTwo(53))
    let product = Rational(n) * u
    let exact = try #require(product.divided(by: .one - product))
    let bound = DotProductBound.gamma(n)
    #expect(exact <= bound && bound.nextDown.nextDown.nextDown <= exact.roundedUp)
  }
  #expect(DotProductBound.gamma(0) == 0 && DotProductBound.underflow(0) == 0)
  #expect(DotProductBound.gamma(1 << 52) == .infinity && DotProductBound.gamma(Int.max) == .infinity)
  #expect(DotProductBound.gamma(1 << 23, unitRoundoff: 0x1p-24) == .infinity)
  #expect(DotProductBound.gamma(3, unitRoundoff: 0x1p-24) > 3 * 0x1p-24)
  #expect(DotProductBound.underflow(7) == 7 * 0x1p-1074)
  #expect(DotProductBound.underflow(7, smallestSubnormal: 0x1p-149) == 7 * 0x1p-149)
}

@Test func unusableSumsHaveNoFiniteBound() {
  #expect(DotProductBound.error(length: 3, absoluteProduct: .infinity) == .infinity)
  #expect(DotProductBound.error(length: 3, absoluteProduct: .nan) == .infinity)
  #expect(DotProductBound.error(length: 3, absoluteProduct: -1) == .infinity)
  #expect(DotProductBound.error(length: 1 << 60, absoluteProduct: 1) == .infinity)
}
