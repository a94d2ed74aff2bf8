import RigorousArithmetic
import SampleLaw
import Statistics
import Testing
import VerificationProblem

@Suite("Verdicts from counts")
struct MeasureVerdictTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let counts: (hits: Int, misses: Int, undecided: Int)
    let bounds: [MeasureBound]
    let expected: BinomialDecision.Verdict

    init(
      _ hits: Int, _ misses: Int, _ undecided: Int, _ bounds: [(Comparison, Double)],
      _ expected: BinomialDecision.Verdict
    ) {
      counts = (hits, misses, undecided)
      self.bounds = bounds.compactMap { bound in
        Rational(exactly: bound.1).map { MeasureBound(bound.0, $0) }
      }
      self.expected = expected
    }

    var testDescription: String {
      "\(counts) \(bounds.map { "\($0.comparison) \($0.threshold)" }) \(expected)"
    }
  }

  @Test(
    "directions",
    arguments: [
      Row(100, 900, 0, [(.less, 0.25)], .supported), Row(100, 900, 0, [(.lessOrEqual, 0.25)], .supported),
      Row(100, 900, 0, [(.greater, 0.25)], .contradicted),
      Row(100, 900, 0, [(.greaterOrEqual, 0.25)], .contradicted),
      Row(100, 900, 0, [(.less, 0.0625)], .contradicted), Row(100, 900, 0, [(.greater, 0.0625)], .supported),
      Row(100, 900, 0, [(.less, 0.1015625)], .undecided),
      Row(100, 900, 0, [(.greater, 0.0625), (.less, 0.25)], .supported),
      Row(100, 900, 0, [(.greater, 0.25), (.less, 0.5)], .contradicted),
      Row(100, 900, 0, [(.greater, 0.0625), (.less, 0.1015625)], .undecided),
      Row(100, 900, 0, [(.greater, 0.25), (.less, 0.1015625)], .contradicted),
      // Undecided samples speak against every answer.
      Row(100, 700, 200, [(.less, 0.25)], .undecided), Row(100, 700, 200, [(.greater, 0.25)], .undecided),
      Row(100, 700, 200, [(.less, 0.5)], .supported), Row(100, 700, 200, [(.greater, 0.5)], .contradicted),
      // No probability is above one or below zero.
      Row(0, 10, 0, [(.lessOrEqual, 1)], .supported), Row(0, 10, 0, [(.greaterOrEqual, 0)], .supported),
      Row(10, 0, 0, [(.less, 1)], .undecided), Row(0, 0, 0, [(.less, 0.5)], .undecided),
      Row(5, 5, 0, [], .undecided),
    ])
  func directions(row: Row) throws {
    let tally = try #require(
      SampleTally(hits: row.counts.hits, misses: row.counts.misses, undecided: row.counts.undecided))
    let confidence = Rational(BigInteger(99), over: BigInteger(100))
    let verdict = try MeasureVerdict(tally, bounds: row.bounds, confidence: confidence)
    #expect(verdict.overall == row.expected)
    #expect(verdict.answers.map(\.bound) == row.bounds)
  }

  @Test("two bounds share the error")
  func bonferroni() throws {
    let tally = try #require(SampleTally(hits: 130, misses: 860, undecided: 10))
    let confidence = Rational(BigInteger(95), over: BigInteger(100))
    let bounds = [MeasureBound(.greater, .zero), MeasureBound(.less, .one)]
    let verdict = try MeasureVerdict(tally, bounds: bounds, confidence: confidence)
    #expect(verdict.confidencePerBound == Rational(BigInteger(975), over: BigInteger(1000)))
    let low = try #require(ClopperPearson.limits(events: 130, trials: 1000, confidence: confidence))
    let high = try #require(ClopperPearson.limits(events: 140, trials: 1000, confidence: confidence))
    #expect(verdict.limits.lower == low.lower)
    #expect(verdict.limits.upper == high.upper)
    let single = try MeasureVerdict(tally, bounds: [bounds[0]], confidence: confidence)
    #expect(single.confidencePerBound == confidence)
    #expect(single.limits.lower > verdict.limits.lower)
  }

  @Test("what is no confidence and no count is refused")
  func refusals() throws {
    for confidence in [Rational.zero, .one, Rational(2), Rational(-1)] {
      #expect(throws: MeasureVerdict.Failure.confidence(confidence)) {
        try MeasureVerdict(SampleTally(), bounds: [], confidence: confidence)
      }
    }
    let many = try #require(SampleTally(hits: ClopperPearson.maximumTrials, misses: 1, undecided: 0))
    let half = Rational(BigInteger(1), over: BigInteger(2))
    #expect(throws: MeasureVerdict.Failure.tooManySamples(ClopperPearson.maximumTrials + 1)) {
      try MeasureVerdict(many, bounds: [], confidence: half)
    }
    #expect(SampleTally(hits: -1, misses: 0, undecided: 0) == nil)
    #expect(SampleTally(hits: .max, misses: 1, undecided: 0) == nil)
    #expect(SampleTally(hits: 1, misses: 1, undecided: .max - 1) == nil)
  }
}
