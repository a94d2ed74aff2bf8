/// That a certificate counts no longer, from whoever issued it or watches over it.
package struct Revocation: Hashable, Sendable {
  /// The type under which it stands in a statement.
  package static let type = "https://dspec.dev/revocation/v1"

  /// When.
  package var revokedAt: Timestamp
  /// Why, for people; not empty.
  package var reason: String

  /// Makes a revocation.
  package init(revokedAt: Timestamp, reason: String) {
    self.revokedAt = revokedAt
    self.reason = reason
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["reason", "revokedAt"])
    revokedAt = try reader.timestamp("revokedAt")
    reason = try reader.string("reason")
    guard !reason.isEmpty else { throw reader.refuse(.fieldValue, "reason", "no reason is given") }
  }

  var json: JSONValue { ["reason": .string(reason), "revokedAt": .string(revokedAt.text)] }
}

extension TrustPolicy {
  /// Refuses a certificate that one of the given statements revokes.
  ///
  /// A revocation counts when a key signed it that is trusted for certificates or for revocations, or the very key that
  /// signed the certificate; its date does not matter. One by an unknown key revokes nothing, or anybody could silence a
  /// certificate.
  ///
  /// - Returns: What of the statements revokes nothing, and why, in lines.
  /// - Throws: `CertificateError` REVOKED; RECEIPT_SUBJECT for a revocation of another certificate; SIGNATURE where a
  ///   signature said to be of a trusted key does not verify.
  package func checkRevocations(
    _ statements: [(place: String, remark: SignedRemark)], of certificate: CertificateContents
  ) throws(CertificateError) -> [String] {
    var idle: [String] = []
    for (place, remark) in statements {
      guard case .revocation(let revocation) = remark.content else { continue }
      try remark.checkSubject(is: certificate.payloadDigest, place: place)
      var isTrusted = !remark.envelope.signers(among: certificate.envelope.signers(among: keys)).isEmpty
      for role in remark.content.roles where !isTrusted {
        do {
          let decision = try decide(remark.envelope, role: role, at: revocation.revokedAt, place: place)
          if case .trusted = decision { isTrusted = true }
        } catch {
          // A key that does not count itself revokes nothing; another role or signature may.
          guard error.code == .expired || error.code == .revoked else { throw error }
        }
      }
      guard isTrusted else {
        let signers = remark.envelope.claimedKeyIDs.joined(separator: ", ")
        idle.append(
          "\(place): a revocation by \(signers), which is not trusted for it: it revokes nothing")
        continue
      }
      throw CertificateError(
        .revoked, at: place, "the certificate was revoked at \(revocation.revokedAt): \(revocation.reason)",
        fix: "ask its issuer for a new one")
    }
    return idle
  }
}
