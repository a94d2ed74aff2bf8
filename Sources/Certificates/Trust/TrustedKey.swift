/// What a trusted key may vouch for.
package enum TrustRole: String, Hashable, Sendable, CaseIterable {
  /// Certificates.
  case issuer
  /// Replay receipts.
  case reviewer
  /// Revocations.
  case revoker
}

/// A key that a reviewer trusts, with what it is trusted for and when.
package struct TrustedKey: Hashable, Sendable {
  /// The key.
  package let key: VerificationKey
  /// Whose it is, for people.
  package let name: String?
  /// What it may vouch for.
  package let roles: Set<TrustRole>
  /// When it starts and stops counting, if ever; the end is excluded.
  package let notBefore: Timestamp?
  package let notAfter: Timestamp?

  /// Makes an entry.
  package init(
    _ key: VerificationKey, name: String? = nil, roles: Set<TrustRole> = Set(TrustRole.allCases),
    notBefore: Timestamp? = nil, notAfter: Timestamp? = nil
  ) {
    self.key = key
    self.name = name
    self.roles = roles
    self.notBefore = notBefore
    self.notAfter = notAfter
  }

  /// Whether the key counts at a moment.
  package func counts(at moment: Timestamp) -> Bool {
    if let notBefore, moment < notBefore { return false }
    if let notAfter, moment >= notAfter { return false }
    return true
  }
}

/// Something that was withdrawn: a key or a certificate.
package struct Withdrawal: Hashable, Sendable {
  /// Identifier of the key, or digest of the certificate's payload.
  package let digest: ContentDigest
  /// When.
  package let moment: Timestamp
  /// Why, for people.
  package let reason: String

  /// Makes a withdrawal.
  package init(digest: ContentDigest, moment: Timestamp, reason: String) {
    self.digest = digest
    self.moment = moment
    self.reason = reason
  }
}
