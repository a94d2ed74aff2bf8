import Certificates
import Evidence
import Replay
import Testing
import VerificationProblem

/// Recorded answers beside their evidence: verdict, grade, leaves and bounds have to be what it gives.
@Suite struct AnswerCheckTests {
  private static func record(
    _ verdict: Verdict, _ grade: Grade, leaves: Int, lower: Double? = nil, upper: Double? = nil
  ) -> PropertyRecord {
    PropertyRecord(
      id: "Magnitude", title: "", text: "", formula: ContentDigest(of: []), obligation: ContentDigest(of: []),
      verdict: verdict, grade: grade, requestedGrade: .proof,
      bounds: PropertyBounds(lower: lower, upper: upper), leaves: leaves)
  }

  private static func refusal(
    _ record: PropertyRecord, _ evidence: ProofEvidence, _ obligation: Obligation
  ) async throws -> ReplayError.Code? {
    let checked = try await EvidenceCheck.check(obligation, evidence, plan: nil, workers: 1)
    do {
      try AnswerCheck.compare(record, checked, evidence, obligation)
      try AnswerCheck.compareBounds(record, checked)
      return nil
    } catch { return error.code }
  }

  @Test func proofs() async throws {
    let evidence = ProofEvidence.trees([Magnitude.tree([0, 0x83, 0x83])])
    let claim = try Magnitude.everywhere(atMost: 2)
    func refusal(_ record: PropertyRecord) async throws -> ReplayError.Code? {
      try await Self.refusal(record, evidence, claim)
    }
    #expect(try await refusal(Self.record(.proved, .proof, leaves: 2)) == nil)
    #expect(try await refusal(Self.record(.proved, .proof, leaves: 2, upper: 2)) == nil)
    #expect(try await refusal(Self.record(.proved, .bound, leaves: 2)) == .verdict)
    #expect(try await refusal(Self.record(.refuted, .proof, leaves: 2)) == .verdict)
    #expect(try await refusal(Self.record(.unknown, .proof, leaves: 2)) == .verdict)
    #expect(try await refusal(Self.record(.proved, .proof, leaves: 1)) == .record)
    #expect(try await refusal(Self.record(.proved, .proof, leaves: 2, upper: 1.9)) == .boundNotMet)
    #expect(try await refusal(Self.record(.proved, .proof, leaves: 2, lower: 0.1)) == .boundNotMet)
  }

  /// That nothing meets what a claim presupposes shows that it is vacuous, and never that it is proved.
  @Test func vacuity() async throws {
    let evidence = ProofEvidence.trees([Magnitude.tree([0, 0x83, 0x83])])
    let question = try Magnitude.everywhere(atMost: 2)
    let checked = try await EvidenceCheck.check(question, evidence, plan: nil, workers: 1)
    func isAccepted(_ record: PropertyRecord, isVacuity: Bool) -> Bool {
      (try? AnswerCheck.compare(record, checked, evidence, question, isVacuity: isVacuity)) != nil
    }
    #expect(isAccepted(Self.record(.vacuous, .proof, leaves: 2), isVacuity: true))
    #expect(!isAccepted(Self.record(.proved, .proof, leaves: 2), isVacuity: true))
    #expect(!isAccepted(Self.record(.vacuous, .proof, leaves: 2), isVacuity: false))
    #expect(!isAccepted(Self.record(.vacuous, .attacked, leaves: 2), isVacuity: true))
  }

  /// A leaf that is open proves nothing, whatever the others do.
  @Test func openAnswers() async throws {
    let evidence = ProofEvidence.trees([Magnitude.tree([0, 0x83, 0x8f])])
    let claim = try Magnitude.everywhere(atMost: 2)
    #expect(try await Self.refusal(Self.record(.unknown, .proof, leaves: 2), evidence, claim) == nil)
    #expect(try await Self.refusal(Self.record(.proved, .proof, leaves: 2), evidence, claim) == .verdict)
  }

  @Test func probabilities() async throws {
    let evidence = ProofEvidence.trees([Magnitude.tree([0, 0, 0x81, 0x82, 0, 0x84, 0x81])])
    let claim = try Magnitude.probability(atLeast: 0.4)
    func refusal(_ record: PropertyRecord) async throws -> ReplayError.Code? {
      try await Self.refusal(record, evidence, claim)
    }
    #expect(try await refusal(Self.record(.proved, .bound, leaves: 4, lower: 0.4, upper: 0.6)) == nil)
    #expect(try await refusal(Self.record(.proved, .proof, leaves: 4)) == .verdict)
    #expect(try await refusal(Self.record(.proved, .bound, leaves: 4, lower: 0.5001)) == .boundNotMet)
    #expect(try await refusal(Self.record(.proved, .bound, leaves: 4, upper: 0.4999)) == .boundNotMet)
  }

  @Test func witnesses() async throws {
    let evidence = ProofEvidence.witness(caseIndex: 0, point: [2])
    let claim = try Magnitude.everywhere(atMost: 1.5)
    #expect(try await Self.refusal(Self.record(.refuted, .proof, leaves: 0), evidence, claim) == nil)
    #expect(try await Self.refusal(Self.record(.proved, .proof, leaves: 0), evidence, claim) == .verdict)
    #expect(try await Self.refusal(Self.record(.refuted, .bound, leaves: 0), evidence, claim) == .verdict)
    #expect(
      try await Self.refusal(Self.record(.refuted, .proof, leaves: 0, upper: 2), evidence, claim)
        == .boundNotMet)
  }
}
