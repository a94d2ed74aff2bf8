import Evidence
import Replay
import Testing
import VerificationProblem

/// Which evidence answers which question; the rules themselves have tests of their own.
@Suite struct EvidenceCheckTests {
  private static let trees = ProofEvidence.trees([Magnitude.tree([0, 0x83, 0x83])])
  /// Four cells, on two of which `|x| <= 1`.
  private static let quarters = ProofEvidence.trees([Magnitude.tree([0, 0, 0x81, 0x82, 0, 0x84, 0x81])])
  private static let witness = ProofEvidence.witness(caseIndex: 0, point: [2])
  private static let samples = ProofEvidence.samples(
    SampleRecord(seed: [UInt8](repeating: 7, count: 32), count: 10, hits: 5, undecided: 0))

  @Test(arguments: [
    RuleRow("trees", 2, trees, .holds(true)), RuleRow("a witness", 1.5, witness, .holds(false)),
    RuleRow("a witness of what holds", 2, witness, .refused(.witness)),
    RuleRow("samples", 2, samples, .refused(.evidenceKind)),
  ])
  func everywhere(row: RuleRow) async throws {
    _ = try await row.check(Magnitude.everywhere(atMost: row.limit))
  }

  @Test(arguments: [
    RuleRow("trees", 0.4, quarters, .holds(true)),
    RuleRow("a witness", 0.4, witness, .refused(.evidenceKind)),
    RuleRow("samples that nobody asked for", 0.4, samples, .refused(.evidenceKind)),
  ])
  func probability(row: RuleRow) async throws {
    _ = try await row.check(Magnitude.probability(atLeast: row.limit))
  }

  /// The answer is the same for any number of workers.
  @Test(arguments: [1, 2, 7])
  func workers(count: Int) async throws {
    let obligation = try Magnitude.probability(atLeast: 0.4)
    let one = try await EvidenceCheck.check(obligation, Self.quarters, plan: nil, workers: 1)
    let many = try await EvidenceCheck.check(obligation, Self.quarters, plan: nil, workers: count)
    #expect(one.holds == many.holds && one.measure == many.measure && one.leaves == many.leaves)
  }
}
