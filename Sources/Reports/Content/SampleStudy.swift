package import Certificates
package import Evidence
import Replay
package import RigorousArithmetic
package import SampleLaw
package import VerificationProblem

/// What recorded counts of samples amount to.
package struct SampleStudy: Sendable {
  /// The record.
  package let record: SampleRecord
  /// Confidence that the property asks for.
  package let confidence: Rational
  /// The exact test on the recorded counts.
  package let verdict: MeasureVerdict

  /// Tests recorded counts.
  ///
  /// - Parameter seed: the seed that the rule of derivation gives.
  /// - Throws: `ReplayError` where the seed is another one, or the counts are none or do not give the recorded answer.
  package init(
    _ record: SampleRecord, _ bounds: [MeasureBound], seed: [UInt8],
    plan: (count: Int, confidence: Rational)?,
    of answer: PropertyRecord
  ) throws {
    let step = answer.id
    guard record.seed == seed else {
      throw ReplayError(
        .seedRule, step: step, "the seed does not derive from the question and the sample size")
    }
    guard let plan, plan.count == record.count, record.hits <= record.count,
      record.undecided <= record.count - record.hits,
      let tally = SampleTally(
        hits: record.hits, misses: record.count - record.hits - record.undecided, undecided: record.undecided)
    else {
      throw ReplayError(.sampleMismatch, step: step, "the counts are not those of the samples asked for")
    }
    do {
      verdict = try MeasureVerdict(tally, bounds: bounds, confidence: plan.confidence)
    } catch {
      throw ReplayError(.sampleMismatch, step: step, "the counts allow no decision: \(error)")
    }
    let expected: Bool? = answer.verdict.isDecided ? answer.verdict.isPositive : nil
    guard verdict.holds == expected else {
      throw ReplayError(.verdict, step: step, "the recorded counts do not give the recorded verdict")
    }
    self.record = record
    confidence = plan.confidence
  }
}
