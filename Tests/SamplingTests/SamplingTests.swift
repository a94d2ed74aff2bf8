import RigorousArithmetic
import SampleLaw
import Sampling
import Statistics
import Synchronization
import TensorGraph
import Testing
import VerificationProblem

private let seed = [UInt8](repeating: 11, count: 32)

private func fraction(_ numerator: Int, _ denominator: Int) -> Rational {
  Rational(BigInteger(numerator), over: BigInteger(denominator))
}

/// `(x, y) -> (relu(x + y / 2), relu(y - x), logistic(x))`, with weights scaled by the case.
private func graph(scale: Double) throws -> Graph {
  var builder = GraphBuilder()
  let input = try builder.input("z", shape: Shape(vector: 2))
  let linear = try Linear(
    weights: Tensor(shape: Shape([2, 2]), values: [1, 0.5, -1, 1].map { $0 * scale }),
    bias: Tensor(shape: Shape(vector: 2), values: [0, 0.25]))
  let affine = try builder.apply(.linear(linear), [input])
  let first = try builder.apply(.relu, [affine])
  let second = try builder.apply(.smooth(.sigmoid), [input])
  let joined = try builder.apply(.concat(axis: 0), [first, second])
  return try builder.build(outputs: [joined])
}

private let law = [
  AxisLaw.normal(mean: .zero, deviation: .one),
  AxisLaw.uniform(AxisRange(lower: Rational(-1), upper: fraction(1, 3))),
]

/// The event `x > -1/4` under a standard normal coordinate; the case of weight 3/4 has `x > 1/2` instead.
private func obligation(_ bounds: [MeasureBound], event: Rational = fraction(1, 2)) throws -> Obligation {
  var builder = GraphBuilder()
  let input = try builder.input("z", shape: Shape(vector: 2))
  let output = try builder.apply(.scale(1), [input])
  let identity = try builder.build(outputs: [output])
  let cases = [(fraction(1, 4), fraction(-1, 4)), (fraction(3, 4), event)].map { weight, threshold in
    ObligationCase(
      label: "\(weight)", weight: weight, graph: identity,
      predicate: .atom(Atom(.element(0), .greater, .rational(threshold))))
  }
  return try Obligation(name: "p", question: .measure(law: law, bounds: bounds), cases: cases)
}

@Suite("Sample runs")
struct SampleRunTests {
  @Test("counts do not depend on workers or chunks")
  func workers() async throws {
    let problem = try obligation([])
    let source = try SampleSource(problem, seed: seed)
    let expected = try await SampleRun(source, count: 3001).tally(workers: 1, evaluation: problem.events)
    #expect(expected.total == 3001)
    for (workers, chunk) in [(1, 7), (2, 256), (2, 100), (5, 64), (0, 5000)] {
      let tally = try await SampleRun(source, count: 3001, chunk: chunk).tally(
        workers: workers, evaluation: problem.events)
      #expect(tally == expected)
    }
    var direct = SampleTally()
    for index in 0..<3001 {
      let sample = source.sample(index)
      direct.count(try problem.cases[sample.caseIndex].truth(at: sample.point).truth)
    }
    #expect(direct == expected)
    // P = Phi(1/4) / 4 + 3 Phi(-1/2) / 4.
    let mass = (NormalMass.cdf(0.25).midpoint + 3 * NormalMass.cdf(-0.5).midpoint) / 4
    let limits = try #require(
      ClopperPearson.limits(
        events: expected.hits, trials: 3001, confidence: fraction(999_999, 1_000_000)))
    #expect(limits.lower <= mass && mass <= limits.upper)
    #expect(expected.undecided == 0)
  }

  @Test(
    "verdicts of a probability near 0.381",
    arguments: [
      (Comparison.less, 1, 2, BinomialDecision.Verdict.supported), (.greater, 1, 2, .contradicted),
      (.lessOrEqual, 3, 10, .contradicted), (.greaterOrEqual, 3, 10, .supported),
    ])
  func verdicts(
    comparison: Comparison, numerator: Int, denominator: Int, expected: BinomialDecision.Verdict
  ) async throws {
    let bounds = [MeasureBound(comparison, fraction(numerator, denominator))]
    let problem = try obligation(bounds)
    let run = try SampleRun(SampleSource(problem, seed: seed), count: 2000)
    let tally = try await run.tally(workers: 2, evaluation: problem.events)
    #expect(try MeasureVerdict(tally, bounds: bounds, confidence: fraction(99, 100)).overall == expected)
  }

  @Test("samples within rounding are counted apart")
  func undecided() async throws {
    let problem = try obligation([])
    let source = try SampleSource(problem, seed: seed)
    let tally = try await SampleRun(source, count: 1000).tally(workers: 2) {
      caseIndex, points throws(GraphError) in
      points.map { caseIndex == 0 ? nil : $0[0] > 0 }
    }
    let samples = (0..<1000).map { source.sample($0) }
    #expect(tally.undecided == samples.count { $0.caseIndex == 0 })
    #expect(tally.hits == samples.count { $0.caseIndex == 1 && $0.point[0] > 0 })
    #expect(tally.total == 1000)
  }

  @Test("the first failing chunk's error is reported", arguments: [1, 2, 4])
  func failure(workers: Int) async throws {
    let problem = try obligation([])
    let source = try SampleSource(problem, seed: seed)
    let chunkOf = Dictionary(
      (0..<2000).map { (source.sample($0).point, $0 / 50) }, uniquingKeysWith: { first, _ in first })
    await #expect(throws: SamplingError.graph(.reference("chunk 13"))) {
      try await SampleRun(source, count: 2000, chunk: 50).tally(workers: workers) {
        _, points throws(GraphError) in
        if let first = points.first, let chunk = chunkOf[first], [13, 14, 15, 30].contains(chunk) {
          throw GraphError.reference("chunk \(chunk)")
        }
        return points.map { _ in true }
      }
    }
    await #expect(throws: SamplingError.self) {
      try await SampleRun(source, count: 100).tally(workers: workers) { _, _ in [] }
    }
  }

  @Test("progress rises to the count; a count out of range is refused; no samples are no samples")
  func edges() async throws {
    let problem = try obligation([])
    let source = try SampleSource(problem, seed: seed)
    let seen = Mutex<[Int]>([])
    _ = try await SampleRun(source, count: 500, chunk: 64).tally(
      workers: 2, progress: { done in seen.withLock { $0.append(done) } }, evaluation: problem.events)
    let steps = seen.withLock { $0 }
    #expect(steps == steps.sorted())
    #expect(steps.count == 8)
    #expect(steps.last == 500)
    #expect(throws: SamplingError.count(-1)) { try SampleRun(source, count: -1) }
    #expect(throws: SamplingError.count(0)) { try SampleRun(source, count: 1, chunk: 0) }
    let none = try await SampleRun(source, count: 0).tally(workers: 2, evaluation: problem.events)
    #expect(none == SampleTally())
  }

  @Test("a cancelled task stops")
  func cancellation() async throws {
    let problem = try obligation([])
    let run = try SampleRun(SampleSource(problem, seed: seed), count: 100_000, chunk: 1)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try await run.tally(workers: 2, evaluation: problem.events)
    }
    await #expect(throws: SamplingError.cancelled) { try await task.value }
  }

  @Test("claims about every point have no samples")
  func forall() throws {
    let region = [AxisRange](repeating: AxisRange(lower: .zero, upper: .one), count: 2)
    let problem = try Obligation(
      name: "q", question: .forall(region: region),
      cases: [ObligationCase(label: "", weight: .one, graph: graph(scale: 1), predicate: .all([]))])
    #expect(throws: SampleLawError.noLaw("q")) { try SampleSource(problem, seed: seed) }
  }
}

@Suite("Image sampler")
struct ImageSamplerTests {
  @Test("images are outputs at the samples of the source, in any stretch")
  func images() throws {
    let weights = [fraction(1, 3), fraction(2, 3)]
    let source = try SampleSource(law: law, weights: weights, seed: seed)
    let graphs = [try graph(scale: 1), try graph(scale: 3)]
    let sampler = try ImageSampler(source, graphs: graphs)
    let images = try sampler.images(0..<600)
    #expect(images.map(\.index) == Array(0..<600))
    for image in images {
      #expect(image.sample == source.sample(image.index))
      let exact = try graphs[image.sample.caseIndex].evaluate([image.sample.point.map { Interval($0) }])[0]
      let isNear = zip(exact, image.values).allSatisfy { abs($0.midpoint - $1) <= 1e-12 }
      #expect(isNear && image.values.count == exact.count)
    }
    let later = try sampler.images(590..<600)
    #expect(later.map(\.sample) == images[590...].map(\.sample))
    #expect(try sampler.images(5..<5).isEmpty)
  }

  @Test("what does not fit is refused")
  func refusals() throws {
    let one = try graph(scale: 1)
    let sampler = try ImageSampler(one, law: law, seed: seed)
    #expect(throws: SamplingError.count(-2)) { try sampler.images(-2..<3) }
    #expect(throws: SamplingError.law(.seedLength(2))) { try ImageSampler(one, law: law, seed: [1, 2]) }
    #expect(throws: SamplingError.self) { try ImageSampler(one, law: [law[0]], seed: seed) }
    let source = try SampleSource(law: law, weights: [.one], seed: seed)
    #expect(throws: SamplingError.self) { try ImageSampler(source, graphs: [one, one]) }
  }
}
