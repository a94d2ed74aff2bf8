import RigorousArithmetic
import Statistics
import Testing

private func generator() throws -> CounterGenerator {
  try #require(CounterGenerator(seed: [UInt8](repeating: 42, count: 32)))
}

@Test(
  arguments: [
    (0.5, 0.0), (0.25, -0.6744897501960817), (0.075, -1.439531470938456), (0.925, 1.4395314709384561),
    (0.99, 2.3263478740408408), (1e-3, -3.0902323061678136), (0.999999, 4.753424308817087),
    (1e-10, -6.361340902404057), (1e-20, -9.262340089798407), (0, -.infinity), (1, .infinity),
  ] as [(Double, Double)])
func normalQuantilesMatchTheReference(u: Double, expected: Double) {
  let value = Variate.normal(u)
  #expect(value == expected || abs(value - expected) <= 1e-15 * abs(expected))
}

@Test func normalQuantileInvertsTheDistributionFunction() throws {
  var draws = try generator().draws(stream: 1, index: 0)
  for i in 0..<20_000 {
    // Half of the probabilities are spread over the scales of the lower tail.
    let u = draws.uniform() * (i % 2 == 0 ? 1 : Double(sign: .plus, exponent: -(i % 900), significand: 1))
    let x = Variate.normal(u)
    let back = Interval(x).normalCDF().midpoint
    // A relative error e of x moves Phi(x) by at most about (x^2 + 1) e relative.
    #expect(abs(back - u) <= 1e-15 * (x * x + 1) * u + 2e-16, "\(u)")
    #expect(u >= 0x1p-53 || abs(back / u - 1) <= 1e-15 * (x * x + 1), "\(u)")
  }
}

@Test func normalVariatesHaveNormalMoments() throws {
  let generator = try generator()
  let count = 40_000
  var (first, second, fourth) = (0.0, 0.0, 0.0)
  for index in 0..<count {
    var draws = generator.draws(stream: 2, index: UInt64(index))
    let x = draws.normal()
    first += x
    second += x * x
    fourth += x * x * x * x
  }
  // Five standard errors of each moment.
  #expect(abs(first / Double(count)) < 5 / 200)
  #expect(abs(second / Double(count) - 1) < 5 * 1.4143 / 200)
  #expect(abs(fourth / Double(count) - 3) < 5 * 9.8 / 200)
}

@Test func uniformVariatesStayInRange() {
  #expect(Variate.uniform(0.25, from: -1, to: 3) == 0)
  #expect(Variate.uniform(1 - 0x1p-53, from: 0.1, to: 0.1.nextUp) <= 0.1.nextUp)
  #expect(Variate.uniform(0.5, from: 2, to: 2) == 2)
  let wide = Variate.uniform(0.75, from: -.greatestFiniteMagnitude, to: .greatestFiniteMagnitude)
  #expect(abs(wide - 0.5 * .greatestFiniteMagnitude) <= wide.ulp)
}

@Test(
  arguments: [
    (-1.0, 2.0), (0, 1), (-3, -2.5), (2.5, 3), (6, 7), (-7, -6), (10, 11), (-1e-3, 1e-3), (-.infinity, -4),
    (3, .infinity), (-.infinity, .infinity), (30, .infinity), (-8.5, 9.5),
  ] as [(Double, Double)])
func truncatedNormalInvertsTheConditionalLaw(lower: Double, upper: Double) throws {
  let law = try #require(TruncatedNormal(from: lower, to: upper))
  #expect(law.mass == NormalMass.mass(from: lower, to: upper))
  var previous = lower
  for step in 1..<64 {
    let u = Double(2 * step - 1) / 127
    let x = law.value(u)
    #expect(x >= previous && x <= upper && x > -.infinity && x < .infinity)
    previous = x
    let share = NormalMass.mass(from: lower, to: x) / law.mass
    let scale = max(1, x * x)
    #expect(abs(share.midpoint - u) <= 1e-13 * scale / min(1, law.mass.lower * 1e6), "\(u)")
  }
}

@Test func impossibleTruncationsAreRefused() {
  #expect(TruncatedNormal(from: 1, to: 1) == nil && TruncatedNormal(from: 2, to: 1) == nil)
  #expect(TruncatedNormal(from: .nan, to: 1) == nil && TruncatedNormal(from: 0, to: .nan) == nil)
  #expect(TruncatedNormal(from: 40, to: 41) == nil)
}

@Test func categoriesSplitTheUnitIntervalExactly() throws {
  let weights = try ["1/3", "0", "1/6", "1/2"].map { try #require(Rational(description: $0)) }
  let law = try #require(Categorical(weights: weights))
  // 2^53 / 3 = 3002399751580330.67, so the last numerator of the first category ends in 330.
  #expect(law.count == 4)
  #expect(law.category(numerator: 0) == 0 && law.category(numerator: 3_002_399_751_580_330) == 0)
  #expect(law.category(numerator: 3_002_399_751_580_331) == 2)
  #expect(law.category(numerator: 1 << 52 - 1) == 2 && law.category(numerator: 1 << 52) == 3)
  #expect(law.category(numerator: 1 << 53 - 1) == 3)
}

@Test func categoryFrequenciesFollowTheWeights() throws {
  let law = try #require(Categorical(weights: [Rational(1), Rational(2), Rational(0), Rational(5)]))
  let generator = try generator()
  var counts = [0, 0, 0, 0]
  for index in 0..<16_000 {
    counts[law.category(numerator: generator.uniformNumerator(stream: 5, index: UInt64(index), lane: 0))] += 1
  }
  #expect(counts[2] == 0)
  #expect(abs(counts[0] - 2000) < 220 && abs(counts[1] - 4000) < 280 && abs(counts[3] - 10_000) < 320)
}

@Test func impossibleWeightsAreRefused() {
  #expect(Categorical(weights: []) == nil && Categorical(weights: [.zero, .zero]) == nil)
  #expect(Categorical(weights: [.one, Rational(-1), .one]) == nil)
  #expect(Categorical(weights: [Rational(3)])?.category(numerator: 12) == 0)
}
