import Certificates
import Foundation
import Testing

/// A commitment to a specification, within the certificate that came of it.
@Suite struct CommitmentTests {
  private static let before = "2026-11-22T19:00:00Z"

  private func spec(
    root: String = "fair.dspec", sources: [String: String] = Samples.spec, epsilon: String = "1/10"
  ) -> SpecRecord {
    SpecRecord(
      root: Samples.path(root), sources: Samples.records(sources), parameters: ["epsilon": epsilon])
  }

  private func commitment(
    to spec: SpecRecord, files: [FileRecord] = [], at moment: String = before
  ) throws -> SpecCommitment {
    try SpecCommitment(to: spec, files: files, at: Samples.moment(moment), signer: try Samples.key(1))
  }

  /// A statement, written and read again.
  private func read(_ record: CommitmentRecord) throws -> Statement {
    var predicate = try Samples.predicate()
    predicate.spec.committedBefore = record
    return try Statement(payload: try Statement(predicate: predicate).payload())
  }

  @Test func survivesTheStatement() throws {
    let record = CommitmentRecord(try commitment(to: spec()), timestamp: [1, 2, 3], logProof: [4])
    let found = try read(record)
    #expect(found.predicate.spec.committedBefore == record)
    #expect(found.predicate.spec.committedBefore?.commitment.committedAt.text == Self.before)
    #expect(try read(CommitmentRecord(record.commitment)).predicate.spec.committedBefore?.timestamp == nil)
    // The second of its issue is not after it.
    _ = try read(CommitmentRecord(try commitment(to: spec(), at: "2026-11-22T20:00:00Z")))
  }

  @Test func isToThisSpecification() throws {
    let others = [
      spec(root: "lib/hazards.dspec"), spec(epsilon: "1/5"),
      spec(sources: Samples.spec.merging(["fair.dspec": "import \"lib/hazards.dspec\" "]) { $1 }),
      spec(sources: ["fair.dspec": Samples.spec["fair.dspec"] ?? ""]),
      spec(sources: Samples.spec.merging(["more.dspec": ""]) { $1 }),
    ]
    for other in others {
      #expect(refusal { _ = try read(CommitmentRecord(try commitment(to: other))) } == .commitment)
    }
    // Equal to Swift's strings, but not the same bytes.
    #expect(
      refusal {
        _ = try commitment(to: spec(epsilon: "\u{212A}")).check(
          spec(epsilon: "K"), files: [], issuedAt: Samples.moment(Self.before), at: "x")
      } == .commitment)
    let later = try commitment(to: spec(), at: "2026-11-22T20:00:01Z")
    #expect(refusal { _ = try read(CommitmentRecord(later)) } == .commitment)
  }

  @Test func modelsAndDataThatWereThereStayAsTheyWere() throws {
    let files = Samples.records(Samples.models) + Samples.records(Samples.data)
    let own = try commitment(to: spec(), files: files.reversed())
    #expect(own.missing(of: files).isEmpty && own.files.count == 3)
    _ = try read(CommitmentRecord(own))
    let judge = try commitment(to: spec(), files: [files[1]])
    #expect(judge.missing(of: files) == [files[0].name, files[2].name])
    _ = try read(CommitmentRecord(judge))
    for index in files.indices {
      var changed = files
      changed[index] = FileRecord(
        name: files[index].name, digest: ContentDigest(of: []), size: files[index].size)
      #expect(
        refusal { _ = try read(CommitmentRecord(try commitment(to: spec(), files: changed))) } == .commitment)
    }
    #expect(refusal { _ = try commitment(to: spec(), files: [files[0], files[0]]) } == .fieldValue)
  }

  @Test func sizesAreLimited() throws {
    let own = try commitment(to: spec())
    for surplus in [0, 1, 3] {
      for record in [
        CommitmentRecord(own, timestamp: [UInt8](repeating: 0, count: 1 << 20 + surplus)),
        CommitmentRecord(own, logProof: [UInt8](repeating: 0, count: 2 << 20 + surplus)),
      ] {
        #expect(refusal { _ = try read(record) } == (surplus > 0 ? .size : nil))
      }
    }
  }

  @Test func otherStatementsAreNone() throws {
    let path = "commitment"
    let receipt = try SignedRemark(
      .revocation(Revocation(revokedAt: Samples.moment(Self.before), reason: "wrong")),
      on: ContentDigest(of: []), signer: try Samples.key(1))
    #expect(refusal { _ = try SpecCommitment(receipt.envelope, at: path) } == .predicateType)
    #expect(refusal { _ = try SpecCommitment(try Samples.envelope(), at: path) } == .predicateType)
    let own = try commitment(to: spec()).envelope
    for (text, other, code) in [
      ("spec-commitment/v1", "spec-commitment/v2", CertificateError.Code.predicateType),
      ("\"name\":\"fair.dspec\"", "\"name\":\"../x\"", .path),
      ("spec.manifest.json", "certificate.payload", .subject),
      ("\"committedAt\"", "\"committedBy\":\"x\",\"committedAt\"", .nonCanonical),
      ("\"committedAt\":\"2026", "\"committedAt\":\"x026", .fieldValue),
      ("{\"committedAt", "{\"a\":1,\"committedAt", .unknownField),
      ("Statement/v1", "Statement/v2", .statementType),
    ] {
      let payload = String(decoding: own.payload, as: UTF8.self).replacing(text, with: other)
      let changed = try Envelope(signing: Array(payload.utf8), with: [try Samples.key(1)])
      #expect(refusal { _ = try SpecCommitment(changed, at: path) } == code, "\(other)")
    }
  }

  @Test func hasOneSpelling() throws {
    let record = CommitmentRecord(try commitment(to: spec()))
    let text = String(decoding: try record.commitment.envelope.json(), as: UTF8.self)
    var predicate = try Samples.predicate()
    predicate.spec.committedBefore = record
    let payload = String(decoding: try Statement(predicate: predicate).payload(), as: UTF8.self)
    func refused(_ other: String, padded: String = "") throws -> CertificateError.Code? {
      let changed = payload.replacing(
        Base64.text(Array(text.utf8)), with: Base64.text(Array(other.utf8)) + padded)
      return refusal { _ = try Statement(payload: Array(changed.utf8)) }
    }
    #expect(try refused(text) == nil)
    #expect(try refused(text + " ") == .nonCanonical)
    #expect(try refused(String(text.dropLast())) == .nonCanonical)
    #expect(try refused(text.replacing("{\"payload\"", with: "{\"a\":1,\"payload\"")) == .nonCanonical)
    #expect(try refused(text, padded: "\\n") == .base64)
    #expect(try refused("") == .base64)
    #expect(try refused("{}") == .envelope)
  }

  @Test func filesAreReadWithWhatLiesBeside() throws {
    try withTemporaryFolder("commitment") { folder in
      let path = "\(folder)/fair.commitment.json"
      let own = try commitment(to: spec())
      try own.write(to: path)
      #expect(refusal { try own.write(to: path) } == .exists)
      func record() throws -> CommitmentRecord {
        try CommitmentRecord(at: path, timestampEnding: ".tsr", logProofEnding: ".tlog-proof")
      }
      #expect(try record() == CommitmentRecord(own))
      try Data([7]).write(to: URL(filePath: path + ".tsr"))
      try Data([8, 9]).write(to: URL(filePath: path + ".tlog-proof"))
      #expect(try record() == CommitmentRecord(own, timestamp: [7], logProof: [8, 9]))
    }
  }
}
