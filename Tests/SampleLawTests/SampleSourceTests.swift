import RigorousArithmetic
import SampleLaw
import Statistics
import Testing
import VerificationProblem

private let seed = [UInt8](0..<32)

private func fraction(_ numerator: Int, _ denominator: Int) -> Rational {
  Rational(BigInteger(numerator), over: BigInteger(denominator))
}

@Suite("Sample source")
struct SampleSourceTests {
  static let laws: [AxisLaw] = [
    .normal(mean: fraction(1, 2), deviation: Rational(2)),
    .truncatedNormal(
      mean: .zero, deviation: .one, range: AxisRange(lower: fraction(-1, 3), upper: fraction(7, 3))),
    .uniform(AxisRange(lower: fraction(-1, 7), upper: fraction(1, 3))),
  ]
  static let weights = [fraction(1, 6), fraction(1, 3), .zero, fraction(1, 2)]

  @Test("a sample is its lanes of the generator")
  func lanes() throws {
    let source = try SampleSource(law: Self.laws, weights: Self.weights, seed: seed)
    let generator = try #require(CounterGenerator(seed: seed))
    let choice = try #require(Categorical(weights: Self.weights))
    #expect(source.dimension == 3)
    #expect(source.caseCount == 4)
    for index in [0, 1, 17, 1 << 40] {
      let sample = source.sample(index)
      let position = UInt64(index)
      #expect(
        sample.caseIndex
          == choice.category(numerator: generator.uniformNumerator(stream: 0, index: position, lane: 0)))
      let normal = 0.5 + 2 * Variate.normal(generator.uniform(stream: 0, index: position, lane: 1))
      #expect(sample.point[0] == normal)
      let u = generator.uniform(stream: 0, index: position, lane: 3)
      #expect(abs(sample.point[2] - (-1.0 / 7 + u * (1.0 / 3 + 1.0 / 7))) < 1e-15)
    }
  }

  @Test("samples are the same in every version")
  func golden() throws {
    let source = try SampleSource(law: Self.laws, weights: Self.weights, seed: seed)
    let samples = (0..<3).map { source.sample($0) }
    #expect(samples.map(\.caseIndex) == [1, 1, 0])
    #expect(
      samples.flatMap(\.point).map(\.bitPattern) == [
        13_827_207_934_101_101_410, 4_607_648_821_094_490_439, 4_593_815_320_161_539_278,
        4_608_406_095_466_834_370, 4_609_890_390_417_099_954, 4_586_419_620_830_952_676,
        13_811_355_492_139_730_096, 13_821_405_985_685_892_373, 4_579_390_427_468_553_744,
      ])
  }

  @Test("values lie in the exact support")
  func support() throws {
    // Ends that no double meets, and a range of three doubles.
    let narrow = AxisRange(
      lower: .one - fraction(1, 1 << 60), upper: .one + fraction(1, 1 << 51) + fraction(1, 1 << 60))
    let ranges = [
      AxisRange(lower: fraction(1, 10), upper: fraction(3, 10)),
      AxisRange(lower: fraction(1, 3), upper: fraction(1, 3) + fraction(1, 1 << 50)), narrow,
    ]
    let law =
      ranges.map { AxisLaw.uniform($0) }
      + [AxisLaw.truncatedNormal(mean: Rational(2), deviation: fraction(1, 3), range: ranges[0])]
    let source = try SampleSource(law: law, weights: [.one], seed: seed)
    for index in 0..<2000 {
      let inside = zip(ranges + [ranges[0]], source.sample(index).point).allSatisfy { $0.contains($1) }
      #expect(inside)
    }
  }

  @Test("cases come as often as their weights say")
  func frequencies() throws {
    let source = try SampleSource(law: [], weights: Self.weights, seed: seed)
    let trials = 40_000
    var counts = [Int](repeating: 0, count: 4)
    for index in 0..<trials { counts[source.sample(index).caseIndex] += 1 }
    #expect(counts[2] == 0)
    for (count, weight) in zip(counts, Self.weights) where !weight.isZero {
      let limits = try #require(
        ClopperPearson.limits(events: count, trials: trials, confidence: fraction(999_999, 1_000_000)))
      #expect(limits.lower <= weight && weight <= limits.upper)
    }
  }

  @Test("moments and distribution functions agree with the laws")
  func distribution() throws {
    let source = try SampleSource(law: Self.laws, weights: [.one], seed: seed)
    let trials = 40_000
    let points = (0..<trials).map { source.sample($0).point }
    let means = (0..<3).map { axis in points.reduce(0) { $0 + $1[axis] } / Double(trials) }
    let variances = (0..<3).map { axis in
      points.reduce(0) { $0 + ($1[axis] - means[axis]) * ($1[axis] - means[axis]) } / Double(trials)
    }
    // Five standard errors.
    #expect(abs(means[0] - 0.5) < 5 * 2 / 200)
    #expect(abs(variances[0] - 4) < 5 * 4 * (2.0 / Double(trials)).squareRoot())
    #expect(abs(means[2] - 2.0 / 21) < 5 * (10.0 / 21) / 12.0.squareRoot() / 200)
    #expect(abs(variances[2] - 100.0 / 441 / 12) < 0.001)
    let correlation = points.reduce(0) { $0 + ($1[0] - means[0]) * ($1[1] - means[1]) } / Double(trials)
    #expect(abs(correlation) < 5 * (variances[0] * variances[1]).squareRoot() / 200)
    let mass = NormalMass.mass(from: -1.0 / 3, to: 7.0 / 3).midpoint
    for cut in stride(from: -0.3, to: 2.3, by: 0.2) {
      try expectFrequency(
        points.filter { $0[0] <= cut }.count, of: trials, NormalMass.cdf((cut - 0.5) / 2).midpoint)
      try expectFrequency(
        points.filter { $0[1] <= cut }.count, of: trials,
        NormalMass.mass(from: -1.0 / 3, to: cut).midpoint / mass)
    }
    for cut in stride(from: -0.1, to: 0.3, by: 0.05) {
      try expectFrequency(points.filter { $0[2] <= cut }.count, of: trials, (cut + 1.0 / 7) * 21 / 10)
    }
  }

  private func expectFrequency(_ count: Int, of trials: Int, _ probability: Double) throws {
    let limits = try #require(
      ClopperPearson.limits(events: count, trials: trials, confidence: fraction(999_999, 1_000_000)))
    #expect(limits.lower <= probability && probability <= limits.upper)
  }

  @Test("laws that cannot be sampled are refused")
  func refusals() {
    func error(_ law: [AxisLaw], _ weights: [Rational], _ seed: [UInt8]) -> SampleLawError? {
      do throws(SampleLawError) {
        _ = try SampleSource(law: law, weights: weights, seed: seed)
        return nil
      } catch {
        return error
      }
    }
    #expect(error([], [fraction(1, 3), fraction(1, 3)], seed) == .weights(sum: fraction(2, 3)))
    #expect(error([], [.one, fraction(1, 1 << 60)], seed) == .weights(sum: .one + fraction(1, 1 << 60)))
    #expect(error([], [Rational(2), Rational(-1)], seed) == .noChoice)
    #expect(error([], [], seed) == .noChoice)
    #expect(error([], [.one], [1]) == .seedLength(1))
    let between = AxisRange(lower: fraction(1, 3), upper: fraction(1, 3) + fraction(1, 1 << 60))
    #expect(error([Self.laws[0], .uniform(between)], [.one], seed) == .unusableAxis(1))
    let far = AxisRange(lower: Rational(60), upper: Rational(61))
    #expect(
      error([.truncatedNormal(mean: .zero, deviation: .one, range: far)], [.one], seed) == .unusableAxis(0))
    // A mass that enclosures cannot tell from none.
    let sliver = AxisRange(lower: fraction(1, 3), upper: fraction(1, 3) + fraction(1, 1 << 52))
    #expect(
      error([.truncatedNormal(mean: .zero, deviation: .one, range: sliver)], [.one], seed) == .unusableAxis(0)
    )
    let huge = Rational(BigInteger(10).power(400))
    #expect(error([.normal(mean: huge, deviation: .one)], [.one], seed) == .unusableAxis(0))
    #expect(error([.uniform(AxisRange(lower: -huge, upper: .zero))], [.one], seed) == .unusableAxis(0))
    #expect(error([.normal(mean: .zero, deviation: huge)], [.one], seed) == .unusableAxis(0))
  }
}
