import Certificates
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
    guard let counts = await rule.tally(first: count, workers: workers) else {
      throw ReplayError(.sampleMismatch, step: step, "not all samples were drawn again before the interrupt")
    }
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
      holds: verdict.holds, measure: verdict.limits.range)
  }

  /// What a property's record says of its samples is what its evidence and the property say.
  static func record(
    _ record: PropertyRecord, _ evidence: ProofEvidence?, bounds: [MeasureBound],
    plan: (count: Int, confidence: Rational)?, checkpoint: ContentDigest?
  ) throws(ReplayError) {
    let step = "\(record.id), sampling"
    guard case .samples(let samples)? = evidence else {
      guard record.sampling == nil else {
        throw ReplayError(.statistic, step: step, "samples are described, and the answer rests on none")
      }
      return
    }
    guard let plan else {
      throw ReplayError(.evidenceKind, step: step, "the property accepts no samples as evidence")
    }
    guard let recorded = record.sampling else {
      throw ReplayError(.statistic, step: step, "nothing says how the samples were drawn and counted")
    }
    let found = SampleSeed.record(
      samples, bounds: bounds, confidence: plan.confidence, checkpoint: checkpoint)
    guard let found else {
      throw ReplayError(.sampleMismatch, step: step, "there are more hits and undecided samples than samples")
    }
    guard recorded.prng == found.prng, recorded.seedDerivation == found.seedDerivation else {
      throw ReplayError(
        .seedRule, step: step,
        "seeds derive by `\(found.seedDerivation)` as the key of \(found.prng), and another rule is recorded")
    }
    guard recorded == found else {
      throw ReplayError(
        .statistic, step: step, "numbers, error or method are not those of the evidence and the property")
    }
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
