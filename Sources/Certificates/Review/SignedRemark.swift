/// A signed statement about a certificate that somebody made later: a receipt of its replay, or its revocation.
///
/// It is an in-toto statement of its own in an envelope of its own, so that it adds to a certificate without touching it.
/// Its one subject is the digest of the certificate's signed bytes.
package struct SignedRemark: Hashable, Sendable {
  /// The statement's subject.
  static let subjectName = "certificate.payload"

  /// What it says.
  package let content: Remark
  /// The certificate it speaks of, by the digest of its payload.
  package let certificate: ContentDigest
  /// The envelope, whose signatures nobody has verified yet.
  package let envelope: Envelope

  /// Signs a remark.
  ///
  /// - Throws: `CertificateError` of the signer or of what is stated.
  package init(
    _ content: Remark, on certificate: ContentDigest, signer: any Signer
  ) throws(CertificateError) {
    let statement = SingleSubjectStatement(
      predicateType: content.predicateType, predicate: content.json,
      subject: StatementSubject(name: Self.subjectName, digest: certificate))
    try self.init(envelope: try statement.signed(by: signer), place: "statement")
  }

  /// Reads a file.
  ///
  /// - Throws: `CertificateError` READ, SIZE, JSON_…, ENVELOPE, NONCANONICAL, STATEMENT_TYPE, PREDICATE_TYPE, SUBJECT,
  ///   UNKNOWN_FIELD or FIELD_….
  package init(at path: String) throws(CertificateError) {
    let text = try FileReading.content(of: path, limit: 16 << 20)
    try self.init(envelope: try Envelope(json: text, place: path), place: path)
  }

  private init(envelope: Envelope, place: String) throws(CertificateError) {
    let statement = try SingleSubjectStatement(
      envelope.payload, types: [ReplayReceipt.type, Revocation.type], noun: "replay receipt or revocation",
      subjectName: Self.subjectName, at: place)
    certificate = statement.subject.digest
    content =
      statement.predicateType == ReplayReceipt.type
      ? .receipt(try ReplayReceipt(statement.predicate, at: "\(place).predicate"))
      : .revocation(try Revocation(statement.predicate, at: "\(place).predicate"))
    self.envelope = envelope
  }

  /// Writes the envelope to a file that must not exist.
  ///
  /// - Throws: `CertificateError` EXISTS or WRITE.
  package func write(to path: String) throws(CertificateError) {
    try NewFile.write(try envelope.json(), mode: 0o644, to: path, noun: "statements are")
  }

  /// Refuses a path that `write` would refuse, before there is anything to write.
  ///
  /// - Throws: As `write`.
  package static func checkDestination(_ path: String) throws(CertificateError) {
    try NewFile.probe(path, noun: "statements are")
  }

  /// Refuses a remark on another certificate.
  ///
  /// - Throws: `CertificateError` RECEIPT_SUBJECT.
  package func checkSubject(is payload: ContentDigest, place: String) throws(CertificateError) {
    guard certificate == payload else {
      throw CertificateError(
        .receiptSubject, at: place,
        "the statement speaks of the certificate \(certificate), not of \(payload)",
        fix: "give the statement about this certificate")
    }
  }
}

/// What is said of a certificate.
package enum Remark: Hashable, Sendable {
  /// Somebody replayed it.
  case receipt(ReplayReceipt)
  /// It counts no longer.
  case revocation(Revocation)

  /// The type of the statement's predicate.
  var predicateType: String {
    switch self {
    case .receipt: ReplayReceipt.type
    case .revocation: Revocation.type
    }
  }

  var json: JSONValue {
    switch self {
    case .receipt(let receipt): receipt.json
    case .revocation(let revocation): revocation.json
    }
  }

  /// When it says it was made.
  package var moment: Timestamp {
    switch self {
    case .receipt(let receipt): receipt.reviewedAt
    case .revocation(let revocation): revocation.revokedAt
    }
  }

  /// What a key must be trusted for to say it.
  package var roles: [TrustRole] {
    switch self {
    case .receipt: [.reviewer]
    case .revocation: [.issuer, .revoker]
    }
  }
}
