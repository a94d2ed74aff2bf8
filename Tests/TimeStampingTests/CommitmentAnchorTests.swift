import CertificateAttestations
import Certificates
import Foundation
import Testing
import TimeStamping
import TransparencyLog

/// What a timestamp and a log show of a commitment within a certificate.
@Suite struct CommitmentAnchorTests {
  private let parties: Attesters

  init() throws { parties = try Attesters() }

  private static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

  private static func spec(_ text: String) throws -> SpecRecord {
    let name = try #require(RelativePath("a.dspec"))
    return SpecRecord(root: name, sources: [FileRecord(name: name, content: Array(text.utf8))])
  }

  private func commitment(_ text: String = "spec", by key: SigningKey? = nil) throws -> SpecCommitment {
    try SpecCommitment(
      to: try Self.spec(text), at: try Self.moment("2026-06-01T11:00:00Z"), signer: key ?? parties.signer)
  }

  private func token(_ commitment: SpecCommitment) throws -> [UInt8] {
    try parties.authority.token(Authority.Stamp(of: commitment.envelope.signatures[0].bytes))
  }

  /// A proof that a new log holds a statement.
  private func proof(_ commitment: SpecCommitment) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try withTemporaryFolder("log") { folder in
      let storage = FolderStorage(folder + "/log")
      let statement = try SignedStatement(commitment.envelope, at: "commitment")
      let name = try #require(LogName("example.org/log"))
      let writer = LogWriter(storage, signer: parties.log)
      _ = try writer.initialise(origin: name)
      _ = try writer.append(LogEntry.entries(of: statement))
      bytes = try LogReader(storage).proof(of: statement).0.bytes
    }
    return bytes
  }

  /// What is shown of a certificate with a record, issued at noon of the second of June unless said otherwise.
  private func shown(
    _ record: CommitmentRecord?, issuedAt: String = "2026-06-02T12:00:00Z", asksLog: Bool = false,
    asksTime: Bool = false, logKey: SigningKey? = nil, trust: TrustPolicy? = nil
  ) throws -> ShownCommitment? {
    var spec = try Self.spec("spec")
    spec.committedBefore = record
    let predicate = CompliancePredicate(
      issuedAt: try Self.moment(issuedAt), expiresAt: try Self.moment("2027-06-02T12:00:00Z"),
      issuerKeyID: ContentDigest(of: []), tool: ToolRecord(name: "dspec", version: "1.0.0"), spec: spec,
      properties: [])
    let envelope = try Envelope(
      signing: try Statement(predicate: predicate).payload(), with: [parties.signer])
    var found: ShownCommitment?
    try withTemporaryFolder("commitment") { folder in
      let name = try #require(RelativePath("a.dspec"))
      try BundleWriter.write(
        envelope, BundleContent(spec: [name: .bytes(Array("spec".utf8))]), to: folder + "/a.dcert")
      let contents = try UnverifiedCertificate(bundle: folder + "/a.dcert").check()
      let anchors = CommitmentAnchors(
        log: asksLog ? (logKey ?? parties.log).verificationKey : nil,
        authorities: asksTime ? [try Sample.anchor(try parties.authority.certificate())] : [])
      found = try anchors.check(
        contents, policy: try trust ?? TrustPolicy(keys: [parties.signer.verificationKey]))
    }
    return found
  }

  @Test func wordsTimesAndLogs() throws {
    let own = try commitment()
    let record = CommitmentRecord(own, timestamp: try token(own), logProof: try proof(own))
    let word = try #require(try shown(record))
    #expect(word.signers == [parties.signer.verificationKey.keyID] && word.time == nil && word.log == nil)
    let all = try #require(try shown(record, asksLog: true, asksTime: true))
    #expect(all.time?.latest.text == "2026-06-01T12:00:00Z")
    #expect(all.log?.checkpoint.origin.text == "example.org/log")
    #expect(all.attested.count == 2)
    #expect(try shown(nil) == nil)
  }

  @Test func whatIsAskedForHasToHold() throws {
    let (own, other) = (try commitment(), try commitment("other"))
    for (timestamp, proof) in [
      (nil, nil), (try token(other), try proof(other)), ([0], [0]),
    ] as [([UInt8]?, [UInt8]?)] {
      let record = CommitmentRecord(own, timestamp: timestamp, logProof: proof)
      _ = try #require(try shown(record))
      #expect(refusal { _ = try shown(record, asksTime: true) } == .timestamp)
      #expect(refusal { _ = try shown(record, asksLog: true) } == .log)
    }
    let record = CommitmentRecord(own, logProof: try proof(own))
    #expect(refusal { _ = try shown(record, asksLog: true, logKey: try Sample.key(31)) } == .log)
    #expect(refusal { _ = try shown(nil, asksLog: true) } == .commitment)
    #expect(refusal { _ = try shown(nil, asksTime: true) } == .commitment)
  }

  @Test func stampsComeBeforeTheCertificate() throws {
    let own = try commitment()
    let record = CommitmentRecord(own, timestamp: try token(own))
    _ = try #require(try shown(record, issuedAt: "2026-06-01T12:00:00Z", asksTime: true))
    #expect(
      refusal { _ = try shown(record, issuedAt: "2026-06-01T11:59:59Z", asksTime: true) } == .commitment)
  }

  /// A token is of a signature: without the key it may have been made for other bytes long before.
  @Test func stampsNeedASignerWhoIsKnown() throws {
    let foreign = try commitment(by: try Sample.key(2))
    let record = CommitmentRecord(
      foreign, timestamp: try token(foreign), logProof: try proof(foreign))
    let word = try #require(try shown(record))
    #expect(word.signers.isEmpty)
    // An entry counts under the key of a signature that verifies: any name can be written beside one.
    #expect(refusal { _ = try shown(record, asksLog: true) } == .log)
    #expect(refusal { _ = try shown(record, asksTime: true) } == .signature)

    let own = try commitment()
    var signature = own.envelope.signatures[0].bytes
    signature[0] ^= 1
    let json = String(decoding: try own.envelope.json(), as: UTF8.self).replacing(
      Base64.text(own.envelope.signatures[0].bytes), with: Base64.text(signature))
    let forged = try SpecCommitment(try Envelope(json: Array(json.utf8)), at: "commitment")
    #expect(refusal { _ = try shown(CommitmentRecord(forged)) } == .signature)
  }

  /// A stamp of a second signature, which nobody trusted made, shows nothing of the first.
  @Test func stampsOfAnotherSignature() throws {
    let own = try commitment()
    let both = try SpecCommitment(try own.envelope.countersigned(by: try Sample.key(2)), at: "commitment")
    for (index, code) in [nil, CertificateError.Code.signature].enumerated() {
      let stamp = Authority.Stamp(of: both.envelope.signatures[index].bytes)
      let record = CommitmentRecord(both, timestamp: try parties.authority.token(stamp))
      #expect(refusal { _ = try shown(record, asksTime: true) } == code)
    }
  }

  /// A valid signature under an invented name, by which the log has the entry.
  @Test func entriesUnderInventedNames() throws {
    let own = try commitment()
    let json = String(decoding: try own.envelope.json(), as: UTF8.self)
      .replacing(parties.signer.verificationKey.keyID, with: String(repeating: "ab", count: 32))
    let named = try SpecCommitment(try Envelope(json: Array(json.utf8)), at: "commitment")
    let record = CommitmentRecord(named, timestamp: try token(named), logProof: try proof(named))
    #expect(try #require(try shown(record, asksTime: true)).signers == [parties.signer.verificationKey.keyID])
    #expect(refusal { _ = try shown(record, asksLog: true) } == .log)
  }

  @Test func revokedKeysCountForWhatWasSeenBefore() throws {
    let own = try commitment()
    let record = CommitmentRecord(own, timestamp: try token(own))
    func policy(_ moment: String) throws -> TrustPolicy {
      let keyID = try #require(ContentDigest(hex: parties.signer.verificationKey.keyID))
      return try TrustPolicy(
        [TrustedKey(parties.signer.verificationKey)],
        revokedKeys: [Withdrawal(digest: keyID, moment: try Self.moment(moment), reason: "lost")])
    }
    _ = try #require(try shown(record, asksTime: true, trust: try policy("2026-06-01T12:00:01Z")))
    #expect(
      refusal { _ = try shown(record, asksTime: true, trust: try policy("2026-06-01T12:00:00Z")) }
        == .revoked)
    // Where nobody asks, it is a remark.
    let word = try #require(try shown(record, trust: try policy("2026-06-01T12:00:01Z")))
    #expect(word.signers.isEmpty && word.objection?.contains("revoked") == true)
  }
}
