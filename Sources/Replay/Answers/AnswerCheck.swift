package import Certificates
package import Evidence
package import Lowering
package import VerificationProblem

/// One recorded answer against its evidence.
package enum AnswerCheck {
  /// What the evidence of an answer gives, derived anew.
  ///
  /// - Parameters:
  ///   - checkpoint: What the seeds of samples derive from besides the questions.
  ///   - keepsMasses: As `EvidenceCheck.check`.
  ///   - state: As there.
  /// - Throws: `ReplayError` at the first step that does not hold.
  package static func derive(
    _ lowered: LoweredProperty, _ evidence: ProofEvidence, checkpoint: ContentDigest?, workers: Int,
    keepsMasses: Bool = false, state: ReplayState? = nil
  ) async throws(ReplayError) -> CheckedEvidence {
    let plan = lowered.property.samplePlan.map {
      EvidenceCheck.SamplePlan(
        count: $0.count, confidence: $0.confidence,
        seed: SampleSeed.derive(lowered.obligation, count: $0.count, checkpoint: checkpoint))
    }
    return try await EvidenceCheck.check(
      lowered.obligation, evidence, plan: plan, workers: workers, keepsMasses: keepsMasses, state: state)
  }

  /// Recorded verdict, grade and number of leaves are those of the evidence.
  ///
  /// - Parameter isVacuity: Whether the question is if nothing meets what a claim presupposes.
  /// - Throws: `ReplayError` VERDICT_MISMATCH or RECORD_MISMATCH.
  package static func compare(
    _ record: PropertyRecord, _ checked: CheckedEvidence, _ evidence: ProofEvidence, _ obligation: Obligation,
    isVacuity: Bool = false
  ) throws(ReplayError) {
    let (verdict, grade) = EvidenceVerdict.of(evidence, checked, obligation, isVacuity: isVacuity)
    guard record.verdict == verdict, record.grade == grade else {
      throw ReplayError(
        .verdict, step: record.id,
        "recorded is `\(record.verdict.rawValue)` (\(record.grade.rawValue)), the evidence gives "
          + "`\(verdict.rawValue)` (\(grade.rawValue))")
    }
    guard record.leaves == checked.leaves else {
      throw ReplayError(
        .record, step: record.id, "\(record.leaves) leaves recorded, \(checked.leaves) in the evidence")
    }
  }

  /// Recorded bounds are those of the evidence or wider.
  ///
  /// - Throws: `ReplayError` BOUND_NOT_MET.
  package static func compareBounds(
    _ record: PropertyRecord, _ checked: CheckedEvidence
  ) throws(ReplayError) {
    try RecordCheck.bounds(record.bounds, checked.measure, step: record.id)
  }
}

/// The verdict and grade that evidence supports.
package enum EvidenceVerdict {
  /// What checked evidence amounts to.
  package static func of(
    _ evidence: ProofEvidence, _ checked: CheckedEvidence, _ obligation: Obligation, isVacuity: Bool
  ) -> (Verdict, Grade) {
    switch evidence {
    case .samples:
      switch checked.holds {
      case .some(true): return (.supported, .sampled)
      case .some(false): return (.contradicted, .sampled)
      case nil: return (.unknown, .sampled)
      }
    case .trees:
      var grade = Grade.bound
      if case .forall = obligation.question { grade = .proof }
      switch checked.holds {
      // That no point meets what a claim presupposes is no proof of the claim.
      case .some(true): return (isVacuity ? .vacuous : .proved, grade)
      case .some(false): return (.refuted, grade)
      case nil: return (.unknown, grade)
      }
    case .witness: return (.refuted, .proof)
    }
  }
}
