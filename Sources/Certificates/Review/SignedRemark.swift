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
    let value: JSONValue = [
      "_type": .string(Statement.type), "predicate": content.json,
      "predicateType": .string(content.predicateType),
      "subject": [StatementSubject(name: Self.subjectName, digest: certificate).json],
    ]
    let payload: [UInt8]
    do {
      payload = try value.canonicalBytes()
    } catch {
      throw CertificateError(error, at: "statement")
    }
    try self.init(envelope: try Envelope(signing: payload, with: [signer]), place: "statement")
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
    let value: JSONValue
    let canonical: [UInt8]
    do {
      value = try JSONValue.parse(envelope.payload)
      canonical = try value.canonicalBytes()
    } catch {
      throw CertificateError(error, at: "\(place), payload")
    }
    guard canonical == envelope.payload else {
      throw CertificateError(
        .nonCanonical, at: "\(place), payload", "the payload is not canonical JSON (RFC 8785)",
        fix: "obtain the file again from whoever signed it")
    }
    let reader = try FieldReader(
      value, at: place, fields: ["_type", "predicate", "predicateType", "subject"])
    guard try reader.string("_type") == Statement.type else {
      throw reader.refuse(.statementType, "_type", "the statement is not of type `\(Statement.type)`")
    }
    let subjects = try reader.list("subject", StatementSubject.init(_:at:))
    guard subjects.count == 1, let subject = subjects.first, subject.name == Self.subjectName else {
      throw reader.refuse(.subject, "subject", "the subject is not one certificate's payload")
    }
    certificate = subject.digest
    let predicate = reader.value("predicate")
    switch try reader.string("predicateType") {
    case ReplayReceipt.type: content = .receipt(try ReplayReceipt(predicate, at: reader.at("predicate")))
    case Revocation.type: content = .revocation(try Revocation(predicate, at: reader.at("predicate")))
    default:
      throw reader.refuse(
        .predicateType, "predicateType", "the statement is neither a replay receipt nor a revocation")
    }
    self.envelope = envelope
  }

  /// Writes the envelope to a file that must not exist.
  ///
  /// - Throws: `CertificateError` EXISTS or WRITE.
  package func write(to path: String) throws(CertificateError) {
    try NewFile.write(try envelope.json(), mode: 0o644, to: path, noun: "statements are")
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
