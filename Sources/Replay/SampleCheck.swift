import Evidence
import LeafRules
import RigorousArithmetic
import VerificationProblem

/// Seeded samples, drawn and evaluated again.
///
/// Theorem (Clopper, Pearson 1934): see `BinomialDecision`. The seed must derive from specification and models, so
/// that it was not chosen for its outcome; the author may still have chosen among specifications.
enum SampleCheck {
  static func check(
    _ obligation: Obligation, bounds: [MeasureBound], record: SampleRecord, count: Int, confidence: Rational,
    seed: [UInt8], workers: Int
  ) async throws(ReplayError) -> CheckedEvidence {
    let step = obligation.name
    guard record.seed == seed else {
      throw ReplayError(.seedRule, step: step, "the seed does not derive from the question and the sample size")
    }
    guard record.count == count else {
      throw ReplayError(
        .sampleMismatch, step: step, "\(record.count) samples where the property asks for \(count)")
    }
    let rule: SampleRule?
    do {
      rule = try SampleRule(obligation, seed: seed)
    } catch {
      throw ReplayError(.evidenceKind, step: step, "no rule reads this graph: \(error)")
    }
    guard let rule else { throw ReplayError(.sampleMismatch, step: step, "the law cannot be sampled") }
    let counts = await rule.counts(first: count, workers: workers)
    guard counts.hits == record.hits, counts.undecided == record.undecided else {
      throw ReplayError(
        .sampleMismatch, step: step,
        "the samples give \(counts.hits) hits and \(counts.undecided) undecided, recorded are \(record.hits) and "
          + "\(record.undecided)")
    }
    guard let decision = SampleDecision(counts, bounds: bounds, confidence: confidence) else {
      throw ReplayError(.sampleMismatch, step: step, "the counts allow no decision")
    }
    return CheckedEvidence(holds: decision.supported, measure: decision.limits)
  }
}
