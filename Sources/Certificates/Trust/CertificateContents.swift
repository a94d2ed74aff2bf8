/// A certificate whose structure and digests hold; whether to believe its signers is another question.
package struct CertificateContents: Sendable {
  /// What is stated.
  package let statement: Statement
  /// The files, verified again whenever they are read.
  package let files: BundleFiles
  /// The candidates that made a valid signature, each once.
  package let validSigners: [VerificationKey]
  package let envelope: Envelope

  init(statement: Statement, envelope: Envelope, files: BundleFiles, validSigners: [VerificationKey]) {
    self.statement = statement
    self.envelope = envelope
    self.files = files
    self.validSigners = validSigners
  }

  /// The predicate of the statement.
  package var predicate: CompliancePredicate { statement.predicate }

  /// SHA-256 of the signed bytes: the name under which receipts and revocations refer to the certificate.
  package var payloadDigest: ContentDigest { ContentDigest(of: envelope.payload) }

  /// The key identifiers that the signatures claim; hints only.
  package var claimedKeyIDs: [String] { envelope.claimedKeyIDs }

  /// Refuses a certificate outside its period.
  ///
  /// - Parameter clock: Whose moment it is, for the message.
  /// - Throws: `CertificateError` EXPIRED or NOT_YET_VALID.
  package func checkPeriod(at moment: Timestamp, by clock: BelievedClock = .option) throws(CertificateError) {
    guard moment >= predicate.issuedAt else {
      throw CertificateError(
        .notYetValid, at: "predicate.issuedAt",
        "the certificate is valid from \(predicate.issuedAt), and it is \(moment) by \(clock.rawValue)",
        fix: "check that clock, or wait")
    }
    guard moment < predicate.expiresAt else {
      throw CertificateError(
        .expired, at: "predicate.expiresAt",
        "the certificate expired at \(predicate.expiresAt), and it is \(moment) by \(clock.rawValue)",
        fix: "check that clock, or ask its issuer for a new certificate")
    }
  }
}
