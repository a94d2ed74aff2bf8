import CMPFR
import RigorousArithmetic
import SeededDraws
import Testing

/// Whether MPFR's Phi(b) - Phi(a), taken on the side where both are small, lies in the interval.
private func isMass(_ interval: Interval, from a: Double, to b: Double, _ reference: Reference) -> Bool {
  if a > 0 { return isMass(interval, from: -b, to: -a, reference) }
  reference.evaluate(ElementaryFunction.normalCDF, at: a)
  mpfr_set(reference.other, reference.y, reference.nearest)
  reference.evaluate(ElementaryFunction.normalCDF, at: b)
  mpfr_sub(reference.y, reference.y, reference.other, reference.nearest)
  return reference.isIn(interval)
}

@Test func massesEncloseTheMPFRValue() {
  var generator = SeededGenerator(seed: 40)
  let reference = Reference(precision: 160)
  var widest = 0.0
  for round in 0..<6_000 {
    let a = Double.random(in: -9.5...9.5, using: &generator)
    let step = Double(sign: .plus, exponent: -Int(generator.next() % 50), significand: 1)
    let b = round % 2 == 0 ? Double.random(in: a...10, using: &generator) : a + step
    let mass = NormalMass.mass(from: a, to: b)
    #expect(isMass(mass, from: a, to: b, reference), "[\(a), \(b)]")
    // Width in proportion to the tail beyond the end point nearer to zero.
    let tail = a > 0 ? NormalMass.cdf(-a).upper : b < 0 ? NormalMass.cdf(b).upper : 1
    widest = max(widest, mass.width / tail)
    #expect(mass.lower >= 0 && mass.upper <= 1)
  }
  #expect(widest <= 1e-13)
}

@Test func massesOfUnboundedAndDegenerateRanges() {
  #expect(NormalMass.mass(from: -.infinity, to: .infinity) == .one)
  #expect(NormalMass.mass(from: -.infinity, to: 0).contains(0.5))
  #expect(NormalMass.mass(from: 1.5, to: 1.5) == .zero)
  #expect(NormalMass.mass(from: .infinity, to: .infinity) == .zero)
  #expect(NormalMass.mass(from: .nan, to: 1) == Interval(0, 1))
  #expect(NormalMass.mass(from: 1, to: .nan) == Interval(0, 1))
  #expect(NormalMass.cdf(.nan) == Interval(0, 1))
  #expect(NormalMass.cdf(.infinity) == .one && NormalMass.cdf(-.infinity) == .zero)
  let tail = NormalMass.mass(from: 30, to: .infinity)
  #expect(tail.lower > 4.9e-198 && tail.upper < 4.91e-198)
  #expect(NormalMass.mass(from: 50, to: 60).upper <= .leastNonzeroMagnitude)
}

@Test func fastAndSlowDistributionFunctionsAgree() {
  var generator = SeededGenerator(seed: 41)
  var widest = 0.0
  for _ in 0..<50_000 {
    let x = Double.random(in: -9.1...9.1, using: &generator)
    let (fast, slow) = (NormalMass.cdf(x), Interval(x).normalCDF())
    #expect(fast.intersection(slow) != nil)
    widest = max(widest, fast.width)
  }
  #expect(widest <= 1e-15)
}

@Test func partitionMassesSumToOne() {
  var total = NormalMass.mass(from: -.infinity, to: -8)
  for i in -8_000..<8_000 {
    total = total + NormalMass.mass(from: Double(i) / 1000, to: Double(i + 1) / 1000)
  }
  total = total + NormalMass.mass(from: 8, to: .infinity)
  #expect(total.contains(1.0) && total.width < 1e-11)
}
