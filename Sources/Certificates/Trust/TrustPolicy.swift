/// What a reviewer's keys say about a certificate.
package enum TrustDecision: Hashable, Sendable {
  /// Enough trusted keys signed; the identifiers of those that did.
  case trusted(keyIDs: [String])
  /// No trusted key signed, and no signature claims to be of one; the identifiers that are claimed.
  case unknownSigner(keyIDs: [String])
}

/// The keys a reviewer trusts, what for, and how many of them must have signed.
///
/// A key that was replaced stays in the list with an end to its time, so that what it signed before goes on counting. The
/// time of signing is the issuer's own word; whoever holds a key can date a certificate back. So a key that was revoked
/// vouches for nothing, whatever the date, but for a signature that a trusted clock saw before.
package struct TrustPolicy: Hashable, Sendable {
  /// The trusted keys, each once.
  package let entries: [TrustedKey]
  /// The number of distinct trusted signers needed for each role, at least 1.
  package let thresholds: [TrustRole: Int]
  /// Keys that count no longer.
  package let revokedKeys: [Withdrawal]
  /// Certificates that count no longer.
  package let revokedCertificates: [Withdrawal]

  /// The trusted keys.
  package var keys: [VerificationKey] { entries.map(\.key) }
  /// The number of signers that a certificate needs.
  package var threshold: Int { thresholds[.issuer] ?? 1 }

  /// Makes a policy.
  ///
  /// - Throws: `CertificateError` KEY_DUPLICATE for a key given twice, THRESHOLD for a threshold below 1 or above
  ///   the number of keys of that role.
  package init(
    _ entries: [TrustedKey], thresholds: [TrustRole: Int] = [:], revokedKeys: [Withdrawal] = [],
    revokedCertificates: [Withdrawal] = []
  ) throws(CertificateError) {
    guard Set(entries.map(\.key)).count == entries.count else {
      throw CertificateError(
        .keyDuplicate, at: "trusted keys", "one key is listed twice", fix: "list each key once")
    }
    for role in TrustRole.allCases {
      guard let threshold = thresholds[role] else { continue }
      let count = entries.filter { $0.roles.contains(role) }.count
      guard threshold >= 1, threshold <= max(1, count) else {
        throw CertificateError(
          .threshold, at: "trusted keys",
          "\(threshold) signers are asked for and \(count) keys are given as \(role.rawValue)",
          fix: "ask for 1 to \(max(1, count)) signers")
      }
    }
    self.entries = entries
    self.thresholds = thresholds
    self.revokedKeys = revokedKeys
    self.revokedCertificates = revokedCertificates
  }

  /// A policy of keys that are trusted for everything at any time.
  ///
  /// - Throws: as the other.
  package init(keys: [VerificationKey], threshold: Int = 1) throws(CertificateError) {
    try self.init(keys.map { TrustedKey($0) }, thresholds: [.issuer: threshold])
  }

  /// Reads a policy from files: public keys, trusted for everything, or trust files, see `TrustFile`.
  ///
  /// - Parameter threshold: Signers that a certificate needs; by default what the files say, or one.
  /// - Throws: `CertificateError` of the files, the keys or the policy.
  package init(files: [String], threshold: Int? = nil) throws(CertificateError) {
    var entries: [TrustedKey] = []
    var thresholds: [TrustRole: Int] = [:]
    var revokedKeys: [Withdrawal] = []
    var revokedCertificates: [Withdrawal] = []
    for path in files {
      guard let file = try TrustFile(at: path) else {
        guard !path.hasSuffix(".json") else {
          throw CertificateError(
            .trust, at: path, "the trust file does not begin with `{`",
            fix: "write one JSON object, without a byte-order mark and comments")
        }
        entries.append(TrustedKey(try KeyFile.verificationKey(at: path)))
        continue
      }
      entries += file.entries
      thresholds.merge(file.thresholds) { max($0, $1) }
      revokedKeys += file.revokedKeys
      revokedCertificates += file.revokedCertificates
    }
    if let threshold { thresholds[.issuer] = threshold }
    try self.init(
      entries, thresholds: thresholds, revokedKeys: revokedKeys, revokedCertificates: revokedCertificates)
  }

  /// Decides on a certificate by verifying its signatures under the trusted keys.
  ///
  /// - Parameter seen: A signature that a trusted clock saw; its key is judged at that time and not at the one that the
  ///   certificate says.
  /// - Throws: `CertificateError` REVOKED for a certificate or a signing key that was revoked, SIGNATURE when a signature
  ///   claims to be of a trusted key and none of that key verifies, EXPIRED when a key signed that did not count at the
  ///   time, THRESHOLD when trusted keys signed, but too few.
  package func decide(
    on certificate: CertificateContents, seen: SeenSignature? = nil
  ) throws(CertificateError) -> TrustDecision {
    if let found = revokedCertificates.first(where: { $0.digest == certificate.payloadDigest }) {
      throw CertificateError(
        .revoked, at: "certificate.json", "the certificate was revoked at \(found.moment): \(found.reason)",
        fix: "ask its issuer for a new one")
    }
    return try decide(
      certificate.envelope, role: .issuer, at: certificate.predicate.issuedAt, needed: threshold, seen: seen,
      place: "certificate.json")
  }

  /// Decides on an envelope by verifying its signatures under the keys trusted for a role.
  ///
  /// A signature by a key that was revoked or did not count at the time is none; it is told where without it too few are
  /// left.
  ///
  /// - Parameters:
  ///   - moment: When it says it was signed.
  ///   - needed: Distinct signers that are needed.
  ///   - seen: A signature that a trusted clock saw.
  /// - Throws: as `decide(on:)`.
  package func decide(
    _ envelope: Envelope, role: TrustRole, at moment: Timestamp, needed: Int = 1,
    seen: SeenSignature? = nil, place: String
  ) throws(CertificateError) -> TrustDecision {
    let place = "\(place), signatures"
    let able = entries.filter { $0.roles.contains(role) }
    let valid = Set(envelope.signers(among: able.map(\.key)))
    let signed = able.filter { valid.contains($0.key) }
    let absent = Set(able.map(\.key.keyID)).subtracting(signed.map(\.key.keyID))
    if let broken = envelope.claimedKeyIDs.first(where: absent.contains) {
      throw CertificateError(
        .signature, at: place, "the signature said to be of the trusted key `\(broken)` does not verify",
        fix: "obtain the file again from whoever signed it")
    }
    if signed.isEmpty { return .unknownSigner(keyIDs: envelope.claimedKeyIDs) }
    let objections = signed.map { entry in
      objection(to: entry, at: moment, seenAt: seen?.moment(of: entry.key, in: envelope), place: place)
    }
    let counted = zip(signed, objections).filter { $0.1 == nil }.map(\.0.key.keyID)
    guard counted.count >= needed else {
      if let objection = objections.compactMap({ $0 }).first { throw objection }
      throw CertificateError(
        .threshold, at: place, "\(counted.count) trusted keys signed and \(needed) are needed",
        fix: "ask for the other signatures")
    }
    return .trusted(keyIDs: counted)
  }

  /// Why a signature by a trusted key is none.
  ///
  /// - Parameters:
  ///   - moment: When it says it was signed.
  ///   - seenAt: When a trusted clock saw it; nil where none did.
  private func objection(
    to entry: TrustedKey, at moment: Timestamp, seenAt: Timestamp?, place: String
  ) -> CertificateError? {
    let name = "`\(entry.key.keyID)`" + (entry.name.map { " of \($0)" } ?? "")
    let withdrawals = revokedKeys.filter { $0.digest.hex == entry.key.keyID }
    if let found = withdrawals.first(where: { withdrawal in seenAt.map { $0 >= withdrawal.moment } ?? true })
    {
      let clock = seenAt.map { "; the timestamp shows the signature at \($0), not before" } ?? ""
      return CertificateError(
        .revoked, at: place, "the key \(name) was revoked at \(found.moment): \(found.reason)\(clock)",
        fix: "ask for a signature by another key")
    }
    if entry.counts(at: seenAt ?? moment) { return nil }
    let clock = seenAt.map { "\($0), when the timestamp shows its signature" }
    return CertificateError(
      .expired, at: place,
      "the key \(name) does not count at \(clock ?? "\(moment), when it is said to have signed")",
      fix: "ask for a signature by a key that does")
  }
}
