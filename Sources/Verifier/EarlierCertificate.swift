package import Certificates
import DSpecSemantics
import Evidence
package import Lowering
import Replay
import RigorousArithmetic
import VerificationProblem

/// An earlier certificate of the same issuer, whose answers stand for obligations that have not changed.
///
/// An answer is reused only if the certificate carries a valid signature of the key that signs now, its files have
/// the digests that it states, the same version of the tool wrote it, and the obligation has the same digest, so that it is
/// the issuer's own answer to the very same question; and only if its evidence, replayed by the rules of the checker of now,
/// gives it. What an older build wrongly answered is not signed again.
package struct EarlierCertificate: Sendable {
  private let contents: CertificateContents

  /// Opens an earlier bundle; nil where there is none, or none that this key signed.
  package init?(bundle: String, key: VerificationKey?) {
    guard let key, let unverified = try? UnverifiedCertificate(bundle: bundle),
      let contents = try? unverified.check(candidates: [key]),
      contents.validSigners.contains(key),
      contents.predicate.tool == DSpecVersion.record
    else { return nil }
    self.contents = contents
  }

  /// The earlier answer to the same obligation, if it was decided at the grade that is asked now, and its samples are those
  /// that would be drawn now.
  ///
  /// - Parameter workers: For the replay.
  package func outcome(
    for lowered: LoweredProperty, seedCheckpoint: ContentDigest? = nil, workers: Int
  ) async -> PropertyOutcome? {
    let obligation = ContentDigest(of: lowered.obligation.canonicalBytes)
    let formula = ContentDigest(of: Array(lowered.property.canonicalText.utf8))
    guard
      let record = contents.predicate.properties.first(where: {
        $0.id == lowered.property.name && $0.obligation == obligation && $0.formula == formula
      }), record.verdict.isDecided, record.requestedGrade == lowered.property.weakestGrade,
      let file = record.evidence.first, let bytes = try? contents.files.evidence(file.digest),
      let evidence = try? ProofEvidence(decoding: bytes)
    else { return nil }
    // What may hold for want of cases is looked at again.
    if record.verdict == .proved, lowered.property.hasImplication,
      !(lowered.vacuity.map({ AntecedentCheck.isMet($0.obligation) }) ?? false)
    {
      return nil
    }
    do {
      let checked = try await AnswerCheck.derive(
        lowered, evidence, checkpoint: seedCheckpoint, workers: workers)
      try AnswerCheck.compare(
        record, checked, evidence, lowered.obligation, isVacuity: lowered.isVacuity)
      try AnswerCheck.compareBounds(record, checked)
    } catch {
      return nil
    }
    var outcome = PropertyOutcome(
      lowered.property, lowered: lowered, verdict: record.verdict, grade: record.grade)
    outcome.evidence = evidence
    outcome.leaves = record.leaves
    outcome.nodes = record.nodes
    outcome.note = record.note
    outcome.details = record.details
    outcome.isReused = true
    if let bounds = record.bounds, lowered.hasReadableBounds {
      outcome.bounds = Interval(bounds.lower ?? -.infinity, bounds.upper ?? .infinity)
    }
    return outcome
  }
}
