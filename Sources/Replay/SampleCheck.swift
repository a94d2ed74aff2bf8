import Evidence
import LeafRules
import RigorousArithmetic
package import SampleLaw
import Statistics
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
      throw ReplayError(
        .seedRule, step: step, "the seed does not derive from the question and the sample size")
    }
    guard record.count == count else {
      throw ReplayError(
        .sampleMismatch, step: step, "\(record.count) samples where the property asks for \(count)")
    }
    let rule: SampleRule
    do {
      rule = try SampleRule(obligation, seed: seed)
    } catch {
      throw ReplayError(.evidenceKind, step: step, "the law cannot be sampled: \(error)")
    }
    let counts = await rule.tally(first: count, workers: workers)
    guard counts.hits == record.hits, counts.undecided == record.undecided else {
      throw ReplayError(
        .sampleMismatch, step: step,
        "the samples give \(counts.hits) hits and \(counts.undecided) undecided, recorded are \(record.hits) and "
          + "\(record.undecided)")
    }
    let verdict: MeasureVerdict
    do {
      verdict = try MeasureVerdict(counts, bounds: bounds, confidence: confidence)
    } catch {
      throw ReplayError(.sampleMismatch, step: step, "the counts allow no decision: \(error)")
    }
    return CheckedEvidence(
      holds: verdict.holds, measure: Interval(verdict.limits.lower, verdict.limits.upper))
  }
}

extension MeasureVerdict {
  /// True when every bound is supported, false when one is contradicted, nil otherwise.
  package var holds: Bool? {
    switch overall {
    case .supported: return true
    case .contradicted: return false
    case .undecided: return nil
    }
  }
}
