/// What a reviewer's keys say about a certificate.
package enum TrustDecision: Hashable, Sendable {
  /// Enough trusted keys signed; the identifiers of those that did.
  case trusted(keyIDs: [String])
  /// No trusted key signed, and no signature claims to be of one; the identifiers that are claimed.
  case unknownSigner(keyIDs: [String])
}

/// The keys a reviewer trusts, and how many of them must have signed.
package struct TrustPolicy: Hashable, Sendable {
  /// The trusted keys, each once.
  package let keys: [VerificationKey]
  /// The number of distinct trusted signers needed, at least 1.
  package let threshold: Int

  /// Makes a policy.
  ///
  /// - Throws: `CertificateError` KEY_DUPLICATE for a key given twice, THRESHOLD for a threshold below 1 or above
  ///   the number of keys.
  package init(keys: [VerificationKey], threshold: Int = 1) throws(CertificateError) {
    guard Set(keys).count == keys.count else {
      throw CertificateError(
        .keyDuplicate, at: "trusted keys", "one key is listed twice", fix: "list each key once")
    }
    guard threshold >= 1, threshold <= max(1, keys.count) else {
      throw CertificateError(
        .threshold, at: "trusted keys", "\(threshold) signers are asked for and \(keys.count) keys are given",
        fix: "ask for 1 to \(max(1, keys.count)) signers")
    }
    self.keys = keys
    self.threshold = threshold
  }

  /// Reads a policy from files of public keys.
  ///
  /// - Throws: `CertificateError` of the files, the keys or the policy.
  package init(files: [String], threshold: Int = 1) throws(CertificateError) {
    var keys: [VerificationKey] = []
    for file in files { keys.append(try KeyFile.verificationKey(at: file)) }
    try self.init(keys: keys, threshold: threshold)
  }

  /// Decides on a certificate by verifying its signatures under the trusted keys.
  ///
  /// - Throws: `CertificateError` SIGNATURE when a signature claims to be of a trusted key and none of that key
  ///   verifies, THRESHOLD when trusted keys signed, but too few.
  package func decide(on certificate: CertificateContents) throws(CertificateError) -> TrustDecision {
    let signers = certificate.envelope.signers(among: keys)
    let trusted = Set(keys.map(\.keyID)).subtracting(signers.map(\.keyID))
    if let broken = certificate.claimedKeyIDs.first(where: trusted.contains) {
      throw CertificateError(
        .signature, at: "certificate.json, signatures",
        "the signature said to be of the trusted key `\(broken)` does not verify",
        fix: "obtain the certificate again from its issuer")
    }
    if signers.isEmpty { return .unknownSigner(keyIDs: certificate.claimedKeyIDs) }
    guard signers.count >= threshold else {
      throw CertificateError(
        .threshold, at: "certificate.json, signatures",
        "\(signers.count) trusted keys signed and \(threshold) are needed",
        fix: "ask for the other signatures")
    }
    return .trusted(keyIDs: signers.map(\.keyID))
  }
}
