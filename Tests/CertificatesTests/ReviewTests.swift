import Certificates
import Foundation
import Testing

private func contents(_ folder: String, keys: [UInt8] = [1]) throws -> CertificateContents {
  let bundle = "\(folder)/sample.dcert"
  try BundleWriter.write(try Samples.envelope(keys: keys), Samples.content(), to: bundle)
  return try UnverifiedCertificate(bundle: bundle).check()
}

private func entry(_ number: UInt8, _ roles: Set<TrustRole>, from: String? = nil, to: String? = nil) throws
  -> TrustedKey
{
  TrustedKey(
    try Samples.key(number).verificationKey, roles: roles, notBefore: from.map(Samples.moment),
    notAfter: to.map(Samples.moment))
}

private let noon = Samples.moment("2026-12-01T12:00:00Z")

private func receipt(_ result: ReplayReceipt.Result = .valid) -> Remark {
  .receipt(
    ReplayReceipt(
      reviewedAt: noon, checker: ReplayReceipt.Checker(name: "dspec-replay", version: "1.0.0", digest: nil),
      result: result,
      failure: result == .invalid ? ReplayReceipt.Failure(code: "TREE", step: "Fair", reason: "cut") : nil,
      properties: Samples.replayed(),
      uncovered: result == .partial ? ["Open"] : [], holes: result == .holey ? ["Fair: z3"] : []))
}

private let revocation = Remark.revocation(Revocation(revokedAt: noon, reason: "wrong model"))

@Suite struct TrustFileTests {
  private func file(_ text: String, _ body: (String) throws -> Void) throws {
    try withTemporaryFolder("trustfile") { folder in
      let path = "\(folder)/trust.json"
      try Data(text.utf8).write(to: URL(filePath: path))
      try body(path)
    }
  }

  private func key(_ number: UInt8) throws -> String {
    try Samples.key(number).verificationKey.pem.replacing("\n", with: "\\n")
  }

  @Test func readsRolesTimesThresholdsAndRevocations() throws {
    let revoked = try Samples.key(2).verificationKey.keyID
    let text = """
      {"version": 1, "keys": [
        {"publicKey": "\(try key(1))", "roles": ["issuer"], "name": "Lab",
         "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2027-01-01T00:00:00Z"},
        {"publicKey": "\(try key(2))", "roles": ["reviewer", "revoker"]}],
       "thresholds": {"issuer": 1, "reviewer": 1},
       "revokedKeys": [{"keyid": "\(revoked)", "at": "2026-06-01T00:00:00Z", "reason": "lost"}]}
      """
    try file(text) { path in
      let policy = try TrustPolicy(files: [path])
      #expect(
        policy.entries == [
          TrustedKey(
            try Samples.key(1).verificationKey, name: "Lab", roles: [.issuer],
            notBefore: Samples.moment("2026-01-01T00:00:00Z"),
            notAfter: Samples.moment("2027-01-01T00:00:00Z")),
          TrustedKey(try Samples.key(2).verificationKey, roles: [.reviewer, .revoker]),
        ])
      #expect(policy.thresholds == [.issuer: 1, .reviewer: 1])
      #expect(policy.revokedKeys.map(\.reason) == ["lost"])
    }
  }

  @Test func refusesWhatItDoesNotUnderstand() throws {
    let good = "{\"publicKey\": \"\(try key(1))\", \"roles\": [\"issuer\"]}"
    let cases: [(String, CertificateError.Code)] = [
      ("{", .trust), ("{}", .trust), ("{\"version\": 2, \"keys\": [\(good)]}", .trust),
      ("{\"version\": 1, \"keys\": []}", .trust),
      ("{\"version\": 1, \"keys\": [\(good)], \"kees\": 1}", .trust),
      ("{\"version\": 1, \"keys\": [\(good.replacing("issuer", with: "isuer"))]}", .trust),
      (
        "{\"version\": 1, \"keys\": [\(good.replacing("roles\": [\"issuer\"]", with: "roles\": []"))]}",
        .trust
      ),
      ("{\"version\": 1, \"keys\": [\(good.replacing("}", with: ", \"notAfte\": \"x\"}"))]}", .trust),
      ("{\"version\": 1, \"keys\": [\(good), \(good)]}", .keyDuplicate),
      ("{\"version\": 1, \"keys\": [\(good)], \"thresholds\": {\"issuer\": 2}}", .threshold),
      ("{\"version\": 1, \"keys\": [\(good)], \"thresholds\": {\"issuer\": 0}}", .threshold),
      (
        "{\"version\": 1, \"keys\": [\(good.replacing("}", with: ", \"notBefore\": \"2027-01-01T00:00:00Z\", \"notAfter\": \"2026-01-01T00:00:00Z\"}"))]}",
        .trust
      ),
      ("{\"version\": 1, \"keys\": [{\"publicKey\": \"x\", \"roles\": [\"issuer\"]}]}", .keyFormat),
    ]
    for (text, code) in cases {
      try file(text) { path in #expect(refusal { _ = try TrustPolicy(files: [path]) } == code, "\(text)") }
    }
  }

  @Test func keysCountInTheirTimeAndRoleOnly() throws {
    try withTemporaryFolder("times") { folder in
      // Issued at 2026-11-22T20:00:00Z.
      let certificate = try contents(folder)
      func decide(_ entries: [TrustedKey], revoked: [UInt8] = []) throws -> TrustDecision {
        try TrustPolicy(
          entries,
          revokedKeys: try revoked.map {
            Withdrawal(
              digest: try #require(ContentDigest(hex: try Samples.key($0).verificationKey.keyID)),
              moment: noon,
              reason: "lost")
          }
        ).decide(on: certificate)
      }
      let trusted = TrustDecision.trusted(keyIDs: [try Samples.key(1).verificationKey.keyID])
      #expect(try decide([try entry(1, [.issuer])]) == trusted)
      #expect(try decide([try entry(1, [.issuer], from: "2026-11-22T20:00:00Z")]) == trusted)
      #expect(try decide([try entry(1, [.issuer], to: "2026-11-22T20:00:01Z")]) == trusted)
      #expect(refusal { _ = try decide([try entry(1, [.issuer], to: "2026-11-22T20:00:00Z")]) } == .expired)
      #expect(refusal { _ = try decide([try entry(1, [.issuer], from: "2026-11-22T20:00:01Z")]) } == .expired)
      #expect(refusal { _ = try decide([try entry(1, [.issuer])], revoked: [1]) } == .revoked)
      #expect(try decide([try entry(1, [.issuer])], revoked: [2]) == trusted)
      let reviewer = try decide([try entry(1, [.reviewer])])
      #expect(reviewer == .unknownSigner(keyIDs: [try Samples.key(1).verificationKey.keyID]))
      let revoked = try TrustPolicy(
        [try entry(1, [.issuer])],
        revokedCertificates: [Withdrawal(digest: certificate.payloadDigest, moment: noon, reason: "wrong")])
      #expect(refusal { _ = try revoked.decide(on: certificate) } == .revoked)
    }
  }

  @Test func aRevokedCosignerIsLeftOutWhereTheOthersSuffice() throws {
    try withTemporaryFolder("cosigner") { folder in
      let certificate = try contents(folder, keys: [1, 2])
      let revoked = Withdrawal(
        digest: try #require(ContentDigest(hex: try Samples.key(2).verificationKey.keyID)), moment: noon,
        reason: "lost")
      let entries = [try entry(1, [.issuer]), try entry(2, [.issuer])]
      #expect(
        try TrustPolicy(entries, revokedKeys: [revoked]).decide(on: certificate)
          == .trusted(keyIDs: [try Samples.key(1).verificationKey.keyID]))
      let both = try TrustPolicy(entries, thresholds: [.issuer: 2], revokedKeys: [revoked])
      #expect(refusal { _ = try both.decide(on: certificate) } == .revoked)
    }
  }
}

@Suite struct RemarkTests {
  @Test(arguments: [receipt(), receipt(.partial), receipt(.holey), receipt(.invalid), revocation])
  func surviveBeingWritten(remark: Remark) throws {
    try withTemporaryFolder("remark") { folder in
      let digest = ContentDigest(of: Array("certificate".utf8))
      let signed = try SignedRemark(remark, on: digest, signer: try Samples.key(7))
      let path = "\(folder)/remark.json"
      try signed.write(to: path)
      #expect(try SignedRemark(at: path) == signed)
      #expect(signed.content == remark && signed.certificate == digest)
      #expect(refusal { try signed.write(to: path) } == .exists)
      #expect(refusal { try signed.checkSubject(is: ContentDigest(of: []), place: path) } == .receiptSubject)
      // A certificate is no remark, and a remark no certificate.
      try Data(try Samples.envelope().json()).write(to: URL(filePath: "\(folder)/certificate.json"))
      #expect(refusal { _ = try SignedRemark(at: "\(folder)/certificate.json") } != nil)
      #expect(refusal { _ = try Statement(payload: signed.envelope.payload) } != nil)
    }
  }

  @Test func changedPayloadsAreRefused() throws {
    try withTemporaryFolder("changed") { folder in
      let digest = ContentDigest(of: Array("certificate".utf8))
      for (remark, from, to, code) in [
        (receipt(), "\"valid\"", "\"vaild\"", CertificateError.Code.fieldValue),
        (receipt(), "\"holes\":[]", "\"holes\":[\"x\"]", .fieldValue),
        (receipt(.holey), "\"holes\":[\"Fair: z3\"]", "\"holes\":[]", .fieldValue),
        (receipt(.invalid), "\"result\":\"invalid\"", "\"result\":\"valid\"", .fieldValue),
        (receipt(), "\"leaves\":12", "\"leaves\":-1", .fieldValue),
        (receipt(), "\"uncovered\"", "\"uncoverd\"", .unknownField),
        (receipt(), "replay-receipt/v1", "replay-receipt/v2", .predicateType),
        (receipt(), "Statement/v1", "Statement/v0", .statementType),
        (receipt(), "certificate.payload", "certificate.other", .subject),
        (revocation, "wrong model", "", .fieldValue), (revocation, "2026-12-01", "2026-13-01", .fieldValue),
        (receipt(), "\"holes\"", " \"holes\"", .nonCanonical),
      ] {
        let good = try SignedRemark(remark, on: digest, signer: try Samples.key(7)).envelope.payload
        let text = String(decoding: good, as: UTF8.self)
        let changed = text.replacing(from, with: to)
        #expect(changed != text)
        let path = "\(folder)/\(UUID().uuidString).json"
        let envelope = try Envelope(signing: Array(changed.utf8), with: [try Samples.key(7)])
        try Data(try envelope.json()).write(to: URL(filePath: path))
        #expect(refusal { _ = try SignedRemark(at: path) } == code, "\(from) -> \(to)")
      }
    }
  }
}

@Suite struct ReviewTests {
  private func signed(_ remark: Remark, _ number: UInt8, _ certificate: CertificateContents) throws
    -> (place: String, remark: SignedRemark)
  {
    let key = try Samples.key(number)
    return ("r\(number)", try SignedRemark(remark, on: certificate.payloadDigest, signer: key))
  }

  @Test func receiptsAddUpToAConclusion() throws {
    try withTemporaryFolder("review") { folder in
      let certificate = try contents(folder)
      func conclude(
        _ receipts: [(Remark, UInt8)], needed: Int = 2
      ) throws -> ReviewSummary.Conclusion {
        let policy = try TrustPolicy(
          [try entry(1, [.issuer]), try entry(2, [.reviewer]), try entry(3, [.reviewer])],
          thresholds: [.reviewer: needed])
        return try ReviewSummary(
          try receipts.map { try signed($0.0, $0.1, certificate) }, of: certificate.payloadDigest,
          stating: certificate.predicate, signedBy: [], policy: policy
        ).conclusion
      }
      #expect(try conclude([]) == .pending)
      #expect(try conclude([(receipt(), 2)]) == .pending)
      #expect(try conclude([(receipt(), 2)], needed: 1) == .accepted)
      #expect(try conclude([(receipt(), 2), (receipt(), 3)]) == .accepted)
      #expect(try conclude([(receipt(), 2), (receipt(), 2)]) == .pending, "one reviewer counts once")
      #expect(
        try conclude([(receipt(), 2), (receipt(), 4)]) == .pending, "an unknown reviewer does not count")
      #expect(try conclude([(receipt(), 2), (receipt(), 1)]) == .pending, "the issuer is no reviewer")
      #expect(try conclude([(receipt(), 2), (receipt(.partial), 3)]) == .pending)
      #expect(try conclude([(receipt(), 2), (receipt(.holey), 3)]) == .pending)
      #expect(try conclude([(receipt(), 2), (receipt(), 3), (receipt(.invalid), 3)]) == .rejected)
      #expect(try conclude([(receipt(), 2), (receipt(), 3), (receipt(.invalid), 4)]) == .accepted)
      let other = try SignedRemark(receipt(), on: ContentDigest(of: []), signer: try Samples.key(2))
      #expect(
        refusal {
          _ = try ReviewSummary(
            [("x", other)], of: certificate.payloadDigest, stating: certificate.predicate,
            signedBy: [], policy: try TrustPolicy([try entry(2, [.reviewer])]))
        } == .receiptSubject)
    }
  }

  /// Nobody approves what he signed himself, whatever roles his key has, but may find fault with it.
  @Test func whoSignedDoesNotReview() throws {
    try withTemporaryFolder("own") { folder in
      let certificate = try contents(folder)
      let policy = try TrustPolicy([try entry(1, [.issuer, .reviewer]), try entry(2, [.reviewer])])
      func summary(_ receipts: [(Remark, UInt8)]) throws -> ReviewSummary {
        try ReviewSummary(
          try receipts.map { try signed($0.0, $0.1, certificate) }, of: certificate.payloadDigest,
          stating: certificate.predicate, signedBy: [try Samples.key(1).verificationKey.keyID], policy: policy
        )
      }
      let own = try summary([(receipt(), 1)])
      #expect(own.conclusion == .pending && own.approvals.isEmpty)
      #expect(own.entries.first?.standing == .isIssuer(keyIDs: [try Samples.key(1).verificationKey.keyID]))
      #expect(try summary([(receipt(), 1), (receipt(), 2)]).conclusion == .accepted)
      #expect(try summary([(receipt(.invalid), 1), (receipt(), 2)]).conclusion == .rejected)
    }
  }

  /// A receipt that cannot be of a replay of the certificate approves nothing, whoever signed it, and one by a key that
  /// does not count neither approves nor rejects.
  @Test func receiptsThatDoNotFitCountForNothing() throws {
    try withTemporaryFolder("misfit") { folder in
      let certificate = try contents(folder)
      let late = Samples.moment("2026-12-02T12:00:00Z")
      let policy = try TrustPolicy([
        try entry(1, [.issuer]), try entry(2, [.reviewer]),
        try entry(3, [.reviewer], to: "2026-11-25T00:00:00Z"),
      ])
      func summary(
        by number: UInt8 = 2, exactly: Bool = false, _ change: (inout ReplayReceipt) -> Void
      ) throws -> ReviewSummary {
        guard case .receipt(var receipt) = receipt() else { throw SampleFailure() }
        change(&receipt)
        return try ReviewSummary(
          [try signed(.receipt(receipt), number, certificate)], of: certificate.payloadDigest,
          stating: certificate.predicate, signedBy: [], policy: policy, at: late, needsExact: exactly)
      }
      #expect(try summary { _ in }.conclusion == .accepted)
      #expect(
        try summary(exactly: true) { $0.exact = .answers(derived: ["Fair"], notShown: []) }.conclusion
          == .accepted)
      let changes: [(String, (inout ReplayReceipt) -> Void)] = [
        ("no answers", { $0.properties = [] }), ("an answer less", { $0.properties.removeLast() }),
        ("an answer twice", { $0.properties[1] = $0.properties[0] }),
        ("one more, of the same", { $0.properties.append($0.properties[0]) }),
        ("another verdict", { $0.properties[0].verdict = .contradicted }),
        ("another grade", { $0.properties[0].grade = .proof }),
        ("other leaves", { $0.properties[0].leaves = 13 }),
        ("another name", { $0.properties[0].id = "Fairer" }),
        ("something open", { $0.uncovered = ["Else"] }),
        ("before the certificate", { $0.reviewedAt = Samples.moment("2026-11-22T19:54:59Z") }),
        ("later than now", { $0.reviewedAt = Samples.moment("2026-12-02T12:05:01Z") }),
      ]
      for (name, change) in changes {
        let found = try summary(change)
        #expect(found.conclusion == .pending, "\(name)")
        guard case .doesNotFit = found.entries.first?.standing else {
          Issue.record("\(name): \(found.entries)")
          continue
        }
      }
      #expect(
        try summary(exactly: true) { $0.exact = .answers(derived: [], notShown: []) }.conclusion == .pending)
      // Clocks differ by a little, and who finds fault is heard whatever the date.
      for time in ["2026-11-22T19:55:00Z", "2026-12-02T12:05:00Z"] {
        #expect(try summary { $0.reviewedAt = Samples.moment(time) }.conclusion == .accepted)
      }
      for time in ["2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
        let found = try summary {
          $0.reviewedAt = Samples.moment(time)
          $0.result = .invalid
          $0.failure = ReplayReceipt.Failure(code: "TREE", step: "x", reason: "y")
        }
        #expect(found.conclusion == .rejected)
      }
      // By a key whose time is over.
      for result in [ReplayReceipt.Result.valid, .invalid] {
        let found = try summary(by: 3) {
          $0.result = result
          $0.failure = result == .invalid ? ReplayReceipt.Failure(code: "TREE", step: "x", reason: "y") : nil
        }
        #expect(found.conclusion == .pending)
        guard case .refused(let error) = found.entries.first?.standing else {
          Issue.record("\(found.entries)")
          continue
        }
        #expect(error.code == .expired)
      }
    }
  }

  /// A receipt that says to be a trusted reviewer's and does not verify may have said otherwise before.
  @Test func brokenSignaturesLeaveItOpen() throws {
    try withTemporaryFolder("broken") { folder in
      let certificate = try contents(folder)
      let good = try signed(receipt(), 2, certificate).remark
      let path = "\(folder)/receipt.json"
      let id = try Samples.key(2).verificationKey.keyID
      let other = try signed(receipt(.invalid), 3, certificate).remark
      let text = String(decoding: try other.envelope.json(), as: UTF8.self)
      try Data(text.replacing(try Samples.key(3).verificationKey.keyID, with: id).utf8).write(
        to: URL(filePath: path))
      let policy = try TrustPolicy([try entry(1, [.issuer]), try entry(2, [.reviewer])])
      let summary = try ReviewSummary(
        [("good", good), (path, try SignedRemark(at: path))], of: certificate.payloadDigest,
        stating: certificate.predicate, signedBy: [], policy: policy)
      #expect(summary.conclusion == .pending && summary.approvals.count == 1)
    }
  }

  @Test func timesAreCountedInSeconds() {
    for seconds in [
      0, 951_782_400, 951_868_800, 1_709_164_800, 1_764_417_600, 4_107_542_399, 253_402_300_799,
    ] {
      #expect(Timestamp(secondsSince1970: seconds)?.secondsSince1970 == seconds)
    }
  }

  private struct SampleFailure: Error {}

  @Test func onlyWhoMayRevokeDoes() throws {
    try withTemporaryFolder("revoke") { folder in
      let certificate = try contents(folder, keys: [1])
      func check(_ number: UInt8, _ entries: [TrustedKey], threshold: Int = 1) throws -> CertificateError
        .Code?
      {
        let remark = try signed(revocation, number, certificate)
        let policy = try TrustPolicy(entries, thresholds: [.issuer: threshold])
        return refusal { _ = try policy.checkRevocations([remark], of: certificate) }
      }
      #expect(try check(1, [try entry(1, [.issuer])]) == .revoked)
      #expect(try check(5, [try entry(1, [.issuer]), try entry(5, [.revoker])]) == .revoked)
      #expect(try check(5, [try entry(1, [.issuer]), try entry(5, [.reviewer])]) == nil)
      #expect(try check(6, [try entry(1, [.issuer])]) == nil, "an unknown key silences nobody")
      let idle = try TrustPolicy([try entry(1, [.issuer])]).checkRevocations(
        [try signed(revocation, 6, certificate)], of: certificate)
      #expect(idle.count == 1 && idle[0].hasPrefix("r6: "), "and whoever gave its word is told")
      let late = [try entry(1, [.issuer]), try entry(5, [.revoker], to: "2026-11-25T00:00:00Z")]
      #expect(try check(5, late) == nil, "a key that does not count revokes nothing")
      let pair = [try entry(1, [.issuer]), try entry(2, [.issuer])]
      #expect(try check(2, pair, threshold: 2) == .revoked, "one of several issuers suffices")
      #expect(try check(1, [try entry(1, [.issuer], to: "2026-11-25T00:00:00Z")]) == .revoked)
      let other = try SignedRemark(revocation, on: ContentDigest(of: []), signer: try Samples.key(1))
      let policy = try TrustPolicy([try entry(1, [.issuer])])
      #expect(refusal { _ = try policy.checkRevocations([("x", other)], of: certificate) } == .receiptSubject)
    }
  }
}

@Suite struct CountersignTests {
  @Test func addsASignatureAndLeavesTheRestAlone() throws {
    try withTemporaryFolder("countersign") { folder in
      let bundle = "\(folder)/sample.dcert"
      let digest = try contents(folder).payloadDigest
      #expect(try BundleWriter.countersign(bundle, with: try Samples.key(2)) == 2)
      let both = try UnverifiedCertificate(bundle: bundle).check()
      #expect(both.payloadDigest == digest)
      let keys = try [UInt8(1), 2].map { try Samples.key($0).verificationKey }
      #expect(
        try TrustPolicy(keys: keys, threshold: 2).decide(on: both) == .trusted(keyIDs: keys.map(\.keyID)))
      #expect(refusal { _ = try BundleWriter.countersign(bundle, with: try Samples.key(2)) } == .keyDuplicate)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["sample.dcert"])
      try Data("changed".utf8).write(to: URL(filePath: "\(bundle)/models/vae.onnx"))
      #expect(refusal { _ = try BundleWriter.countersign(bundle, with: try Samples.key(3)) } != nil)
    }
  }
}

@Suite struct CertificateChangesTests {
  private func changes(_ change: (inout CompliancePredicate) throws -> Void) throws
    -> [CertificateChanges.Change]
  {
    let old = try Samples.predicate()
    var new = old
    try change(&new)
    return CertificateChanges(from: old, to: new).changes
  }

  @Test(arguments: [
    ("<= 1/20", "<= 1/10", true), ("<= 1/10", "<= 1/20", false), ("< 1/20", "<= 1/20", true),
    ("<= 1/20", "< 1/20", false), (">= 97/100", ">= 1/2", true), (">= 1/2", ">= 97/100", false),
    ("<= 1/20", ">= 1/20", true),
  ])
  func looserBoundsAskForLess(before: String, after: String, isWeaker: Bool) throws {
    var old = try Samples.predicate()
    old.properties[0].threshold = [before]
    var new = old
    new.properties[0].threshold = [after]
    let found = CertificateChanges(from: old, to: new).changes
    #expect(found.map(\.aspect) == ["bounds asked"] && found.map(\.isWeaker) == [isWeaker])
  }

  @Test func saysWhatChangedAndWhetherLessIsClaimed() throws {
    #expect(try changes { _ in }.isEmpty)
    #expect(try changes { $0.issuedAt = noon }.isEmpty)
    let cases: [(String, Bool, (inout CompliancePredicate) -> Void)] = [
      (
        "models", false,
        { $0.models = Samples.records(["vae.onnx": "other", "unet/model.onnx": "weights of one"]) }
      ),
      ("property Fair", true, { $0.properties[0].verdict = .unknown }),
      (
        "property Fair", true,
        {
          $0.properties[0].verdict = .supported
          $0.properties[0].grade = .sampled
        }
      ),
      ("property Fair", true, { $0.properties[0].hazards = [] }),
      ("property Fair", false, { $0.properties[0].title = "another" }),
      ("property Fair", false, { $0.properties[0].arithmetic = .float32AnyOrder }),
      ("supersedes", false, { $0.supersedes.append(ContentDigest(of: [1])) }),
      ("property Open", false, { $0.properties[2].verdict = .proved }),
      ("property Fair", true, { $0.properties.remove(at: 0) }),
      ("property Fair", true, { $0.properties[0].requestedGrade = .sampled }),
      ("property Fair", false, { $0.properties[0].obligation = ContentDigest(of: []) }),
      ("assumption", true, { $0.assumptions.append(Assumption(id: "A9", text: "x", isDischarged: false)) }),
      ("assumption", false, { $0.assumptions = [] }),
      ("scope", true, { $0.scope = [] }),
      (
        "parameter", false,
        { $0.spec = SpecRecord(root: $0.spec.root, sources: $0.spec.sources, parameters: ["epsilon": "1/5"]) }
      ),
    ]
    for (subject, isWeaker, change) in cases {
      let found = try changes { change(&$0) }
      #expect(found.count == 1 && found.first?.subject == subject, "\(found)")
      #expect(found.first?.isWeaker == isWeaker, "\(found)")
    }
  }
}
