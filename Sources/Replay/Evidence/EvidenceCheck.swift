package import Evidence
package import RigorousArithmetic
package import VerificationProblem

/// Re-derives the answer to an obligation from its evidence.
package enum EvidenceCheck {
  /// What the property asks of samples.
  package struct SamplePlan: Sendable {
    /// Number of samples.
    package let count: Int
    /// Confidence, strictly between 0 and 1.
    package let confidence: Rational
    /// The seed that the rule of derivation gives.
    package let seed: [UInt8]

    /// Makes a plan.
    package init(count: Int, confidence: Rational, seed: [UInt8]) {
      self.count = count
      self.confidence = confidence
      self.seed = seed
    }
  }

  /// Checks evidence; the result depends on obligation and evidence only, not on the number of workers.
  ///
  /// - Parameters:
  ///   - plan: the samples that the property asks for; nil where it accepts none.
  ///   - chunks: what is replayed of a claim about every point; nil for all. Every tree is walked to its end all the same.
  ///   - keepsMasses: whether the result holds the masses of every leaf; not with a state, which keeps their sums alone.
  ///   - state: how far an earlier replay has come, and where this one keeps how far it comes; not with `chunks`.
  /// - Throws: `ReplayError` at the first step that does not hold.
  package static func check(
    _ obligation: Obligation, _ evidence: ProofEvidence, plan: SamplePlan?, workers: Int,
    chunks: ChunkSelection? = nil, keepsMasses: Bool = false, state: ReplayState? = nil
  ) async throws(ReplayError) -> CheckedEvidence {
    let state = chunks == nil && !keepsMasses ? state : nil
    switch (obligation.question, evidence) {
    case (.forall(let region), .trees(let trees)):
      return try await ForallRule.check(
        obligation, region: region, trees: trees, workers: workers, chunks: chunks, state: state)
    case (.forall(let region), .witness(let caseIndex, let point)):
      return try WitnessRule.check(obligation, region: region, caseIndex: caseIndex, point: point)
    case (.measure(let law, let bounds), .trees(let trees)):
      return try await MeasureRule.check(
        obligation, law: law, bounds: bounds, trees: trees, workers: workers, keepsMasses: keepsMasses,
        state: state)
    case (.measure(_, let bounds), .samples(let record)):
      guard let plan else {
        throw ReplayError(.evidenceKind, step: obligation.name, "the property accepts no samples as evidence")
      }
      return try await SampleCheck.check(
        obligation, bounds: bounds, record: record, count: plan.count, confidence: plan.confidence,
        seed: plan.seed, workers: workers)
    case (.forall, .samples), (.measure, .witness):
      throw ReplayError(
        .evidenceKind, step: obligation.name, "evidence of this kind does not answer the question")
    }
  }
}
