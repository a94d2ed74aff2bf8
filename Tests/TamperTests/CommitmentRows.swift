import Certificates
import Tampering

/// Rows on commitments to the specification: 54.
enum CommitmentRows {
  /// A second before the valid bundle was issued, and a second after.
  private static let (before, after) = ("2027-01-15T07:59:59Z", "2027-01-15T08:00:01Z")

  static let rows: [Row] = [
    Row(54, "a true one", by: .keyHolder, .accepted) { try $0.commit(at: before) },
    Row(54, "a true one", .unsat, by: .keyHolder, .accepted) { try $0.commit(at: before) },
    Row(54, "by somebody unknown, whose word it is", by: .keyHolder, .accepted) {
      try $0.commit(at: before, by: try TrustRows.key(9))
    },
    Row(54, "a true one", by: .anybody, .refused("SIGNATURE")) {
      try $0.commit(at: before)
      try $0.keepSignatures()
    },
    Row(54, "made later", by: .keyHolder, .refused("COMMITMENT")) { try $0.commit(at: after) },
    Row(54, "to other files", by: .keyHolder, .refused("COMMITMENT")) { attempt in
      try attempt.commit(at: before) { spec in
        SpecRecord(
          root: spec.root,
          sources: spec.sources.map {
            FileRecord(name: $0.name, digest: ContentDigest(of: []), size: $0.size)
          },
          parameters: spec.parameters)
      }
    },
    Row(54, "to fewer files", .unsat, by: .keyHolder, .refused("COMMITMENT")) { attempt in
      try attempt.commit(at: before) { SpecRecord(root: $0.root, sources: []) }
    },
    Row(54, "to other parameters", by: .keyHolder, .refused("COMMITMENT")) { attempt in
      try attempt.commit(at: before) {
        SpecRecord(root: $0.root, sources: $0.sources, parameters: ["tau": "3/10"])
      }
    },
    Row(54, "a bit of its signature", by: .keyHolder, .refused("SIGNATURE")) { attempt in
      try attempt.commit(at: before, signature: { $0[0] ^= 1 })
    },
    Row(54, "nothing, where a log is asked for", by: .anybody, .refused("COMMITMENT")) {
      $0.arguments += ["--commitment-log-key", "@issuer.pem"]
    },
    Row(54, "no proof, where a log is asked for", by: .keyHolder, .refused("LOG")) {
      try $0.commit(at: before)
      $0.arguments += ["--commitment-log-key", "@issuer.pem"]
    },
    Row(54, "a log's key that is none", by: .anybody, .unreadable("KEY_IS_PRIVATE")) {
      $0.beside["log.pem"] = Array($0.base.holder.key.pem.utf8)
      $0.arguments += ["--commitment-log-key", "@log.pem"]
    },
    Row(54, "a member more", by: .keyHolder, .refused("UNKNOWN_FIELD")) {
      try $0.commit(at: before)
      try $0.set("spec/committedBefore/note", "early")
    },
    Row(
      54, "a proof that is not base64", by: .keyHolder, .refused("BASE64"), each: ["", "e", "e30\n", "e30_"]
    ) {
      try $0.commit(at: before)
      try $0.set("spec/committedBefore/logProof", .string($1))
    },
    Row(54, "a revocation in its place", by: .keyHolder, .refused("PREDICATE_TYPE")) { attempt in
      try attempt.commit(at: before)
      let remark = try SignedRemark(
        .revocation(Revocation(revokedAt: try attempt.moment(before), reason: "wrong")),
        on: ContentDigest(of: []), signer: attempt.base.holder.key)
      try attempt.set("spec/committedBefore/commitment", .string(base64(try remark.envelope.json())))
    },
  ]
}

extension Attempt {
  fileprivate func moment(_ text: String) throws -> Timestamp {
    guard let moment = Timestamp(text) else { throw EditFailure("`\(text)` is no moment") }
    return moment
  }

  /// Puts a commitment into the statement, to another specification or with another signature if so changed.
  fileprivate mutating func commit(
    at text: String, by key: SigningKey? = nil, to change: (SpecRecord) -> SpecRecord = { $0 },
    signature: ((inout [UInt8]) -> Void)? = nil
  ) throws {
    let spec = try Statement(payload: try statement.canonicalBytes()).predicate.spec
    let commitment = try SpecCommitment(
      to: change(spec), at: try moment(text), signer: key ?? base.holder.key)
    var json = try JSONValue.parse(try commitment.envelope.json())
    if let signature {
      var bytes = commitment.envelope.signatures[0].bytes
      signature(&bytes)
      try json.set("signatures/0/sig", .string(base64(bytes)))
    }
    try set(
      "spec/committedBefore", ["commitment": .string(base64(try json.canonicalBytes() + [10]))])
  }
}
