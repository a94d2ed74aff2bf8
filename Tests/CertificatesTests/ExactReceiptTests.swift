import Certificates
import Testing

/// Receipts say what was derived again in exact arithmetic, and a review may ask for it.
@Suite struct ExactReceiptTests {
  private let digest = ContentDigest(of: [1])

  private func remark(
    _ exact: ReplayReceipt.Exact?, _ result: ReplayReceipt.Result = .valid,
    coverage: ReplayReceipt.Coverage? = nil, by number: UInt8 = 3
  ) throws -> SignedRemark {
    let failure = ReplayReceipt.Failure(code: "TREE", step: "Fair", reason: "cut")
    let receipt = ReplayReceipt(
      reviewedAt: Samples.moment("2026-12-01T12:00:00Z"),
      checker: ReplayReceipt.Checker(name: "dspec-replay", version: "1.3.0", digest: nil), result: result,
      failure: result == .invalid ? failure : nil,
      properties: Samples.replayed(try Self.predicate().properties), coverage: coverage, exact: exact)
    return try SignedRemark(.receipt(receipt), on: digest, signer: try Samples.key(number))
  }

  /// Of two answers that rest on trees.
  private static func predicate() throws -> CompliancePredicate {
    var predicate = try Samples.predicate()
    let fair = predicate.properties[0]
    var rare = fair
    rare.id = "Rare"
    predicate.properties = [fair, rare]
    return predicate
  }

  @Test(
    arguments: [
      nil, .answers(derived: ["Fair", "Rare"], notShown: []), .answers(derived: ["Rare"], notShown: ["Fair"]),
      .answers(derived: [], notShown: []), .leaves(drawn: 20, of: 24, shown: 19),
      .leaves(drawn: 0, of: 0, shown: 0),
    ] as [ReplayReceipt.Exact?])
  func readsBack(exact: ReplayReceipt.Exact?) throws {
    guard case .receipt(let receipt) = try remark(exact).content else {
      Issue.record("no receipt")
      return
    }
    #expect(receipt.exact == exact)
  }

  @Test(
    arguments: [
      .answers(derived: ["Fair", "Fair"], notShown: []), .answers(derived: ["Fair"], notShown: ["Fair"]),
      .answers(derived: ["Other"], notShown: []), .leaves(drawn: 25, of: 24, shown: 1),
      .leaves(drawn: 2, of: 24, shown: 3), .leaves(drawn: 2, of: 24, shown: -1),
    ] as [ReplayReceipt.Exact])
  func whatCannotBeIsRefused(exact: ReplayReceipt.Exact) {
    #expect(refusal { _ = try remark(exact) } == .fieldValue)
  }

  /// Exact arithmetic comes after a replay of everything that refused nothing.
  @Test func onlyAfterAWholeReplay() {
    let exact = ReplayReceipt.Exact.answers(derived: ["Fair"], notShown: [])
    #expect(refusal { _ = try remark(exact, .invalid) } == .fieldValue)
    let some = ReplayReceipt.Coverage(chunks: 1, of: 2, structureOnly: [])
    #expect(refusal { _ = try remark(exact, .partial, coverage: some) } == .fieldValue)
    #expect(refusal { _ = try remark(exact, .partial) } == nil)
  }

  @Test func aReviewThatAsksForItCountsNothingElse() throws {
    let policy = try TrustPolicy([
      TrustedKey(try Samples.key(3).verificationKey, roles: [.reviewer]),
      TrustedKey(try Samples.key(4).verificationKey, roles: [.reviewer]),
    ])
    func summary(_ remarks: [SignedRemark], needsExact: Bool = true) throws -> ReviewSummary {
      try ReviewSummary(
        remarks.map { (place: "a", remark: $0) }, of: digest, stating: Self.predicate(), signedBy: [],
        policy: policy,
        needsExact: needsExact)
    }
    let whole = try remark(.answers(derived: ["Fair", "Rare"], notShown: []))
    let others = [
      try remark(nil), try remark(.answers(derived: ["Fair"], notShown: ["Rare"])),
      try remark(.leaves(drawn: 24, of: 24, shown: 24)),
    ]
    #expect(try summary([whole]).conclusion == .accepted)
    // Who leaves an answer out did not derive it.
    #expect(try summary([try remark(.answers(derived: ["Fair"], notShown: []))]).conclusion == .pending)
    for other in others {
      let lacking = try summary([other])
      #expect(lacking.conclusion == .pending && lacking.approvals.isEmpty)
      #expect(
        lacking.entries.map(\.standing) == [.lacksExact(keyIDs: [try Samples.key(3).verificationKey.keyID])])
      #expect(try summary([other], needsExact: false).conclusion == .accepted)
      #expect(try summary([other, whole]).conclusion == .accepted)
    }
    // Who finds it invalid is heard, however it was found.
    #expect(try summary([whole, try remark(nil, .invalid, by: 4)]).conclusion == .rejected)
  }
}
