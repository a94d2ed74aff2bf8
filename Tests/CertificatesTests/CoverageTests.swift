import Certificates
import Testing

/// Receipts of partial replays say how much was replayed, and approve nothing.
@Suite struct CoverageTests {
  private let digest = ContentDigest(of: [1])

  private func remark(
    _ result: ReplayReceipt.Result, _ coverage: ReplayReceipt.Coverage?, holes: [String] = []
  ) throws -> SignedRemark {
    let receipt = ReplayReceipt(
      reviewedAt: Samples.moment("2026-12-01T12:00:00Z"),
      checker: ReplayReceipt.Checker(name: "dspec-replay", version: "1.3.0", digest: nil), result: result,
      properties: result == .valid ? Samples.replayed() : [], holes: holes, coverage: coverage)
    return try SignedRemark(.receipt(receipt), on: digest, signer: try Samples.key(3))
  }

  private let some = ReplayReceipt.Coverage(chunks: 2, of: 9, structureOnly: ["Rare"])

  @Test func coverageReadsBack() throws {
    for coverage in [some, nil, ReplayReceipt.Coverage(chunks: 0, of: 0, structureOnly: [])] {
      guard case .receipt(let receipt) = try remark(.partial, coverage).content else {
        Issue.record("no receipt")
        continue
      }
      #expect(receipt.coverage == coverage)
    }
    #expect(some.text == "2 of 9 chunks, nothing of Rare")
  }

  @Test func noPartOfAReplayIsValid() throws {
    #expect(refusal { _ = try remark(.valid, some) } == .fieldValue)
    let whole = ReplayReceipt.Coverage(chunks: 9, of: 9, structureOnly: [])
    #expect(refusal { _ = try remark(.valid, whole) } == .fieldValue)
    #expect(
      refusal { _ = try remark(.partial, ReplayReceipt.Coverage(chunks: 10, of: 9, structureOnly: [])) }
        == .fieldValue)
    #expect(refusal { _ = try remark(.holey, some, holes: ["a step"]) } == nil)
  }

  @Test func aPartialReceiptApprovesNothing() throws {
    let policy = try TrustPolicy([
      TrustedKey(try Samples.key(3).verificationKey, roles: [.reviewer])
    ])
    let summary = try ReviewSummary(
      [(place: "a", remark: try remark(.partial, some))], of: digest, stating: try Samples.predicate(),
      signedBy: [], policy: policy)
    #expect(summary.conclusion == .pending && summary.approvals.isEmpty)
    #expect(summary.entries.first?.receipt.coverage == some)
    let both = try ReviewSummary(
      [(place: "a", remark: try remark(.partial, some)), (place: "b", remark: try remark(.valid, nil))],
      of: digest, stating: try Samples.predicate(), signedBy: [], policy: policy)
    #expect(both.conclusion == .accepted)
  }
}
