/// An in-toto Statement v1 about one thing, as receipts, revocations and commitments are; a certificate has subjects of its
/// own, see `Statement`.
struct SingleSubjectStatement {
  /// The type of the predicate.
  let predicateType: String
  /// What is stated.
  let predicate: JSONValue
  /// What it is stated about.
  let subject: StatementSubject

  init(predicateType: String, predicate: JSONValue, subject: StatementSubject) {
    self.predicateType = predicateType
    self.predicate = predicate
    self.subject = subject
  }

  /// Reads canonical bytes strictly.
  ///
  /// - Parameters:
  ///   - types: The types that the predicate may have.
  ///   - noun: What a statement of these types is, for the message.
  ///   - subjectName: The one name that the subject may have.
  /// - Throws: `CertificateError` JSON_…, NONCANONICAL, STATEMENT_TYPE, PREDICATE_TYPE, SUBJECT, UNKNOWN_FIELD or FIELD_….
  init(
    _ payload: [UInt8], types: [String], noun: String, subjectName: String, at place: String
  ) throws(CertificateError) {
    let value: JSONValue
    let canonical: [UInt8]
    do {
      value = try JSONValue.parse(payload)
      canonical = try value.canonicalBytes()
    } catch {
      throw CertificateError(error, at: "\(place), payload")
    }
    guard canonical == payload else {
      throw CertificateError(
        .nonCanonical, at: "\(place), payload", "the payload is not canonical JSON (RFC 8785)",
        fix: "obtain the file again from whoever signed it")
    }
    let reader = try FieldReader(
      value, at: place, fields: ["_type", "predicate", "predicateType", "subject"])
    guard try reader.string("_type") == Statement.type else {
      throw reader.refuse(.statementType, "_type", "the statement is not of type `\(Statement.type)`")
    }
    predicateType = try reader.string("predicateType")
    guard types.contains(predicateType) else {
      throw CertificateError(
        .predicateType, at: reader.at("predicateType"), "the statement is no \(noun)",
        fix: "give a file that is one")
    }
    let subjects = try reader.list("subject", StatementSubject.init(_:at:))
    guard subjects.count == 1, let subject = subjects.first, subject.name == subjectName else {
      throw reader.refuse(.subject, "subject", "the subject is not one `\(subjectName)`")
    }
    self.subject = subject
    predicate = reader.value("predicate")
  }

  /// Signs it.
  ///
  /// - Throws: `CertificateError` of the signer or of what is stated.
  func signed(by signer: any Signer) throws(CertificateError) -> Envelope {
    let value: JSONValue = [
      "_type": .string(Statement.type), "predicate": predicate, "predicateType": .string(predicateType),
      "subject": [subject.json],
    ]
    let payload: [UInt8]
    do {
      payload = try value.canonicalBytes()
    } catch {
      throw CertificateError(error, at: "statement")
    }
    return try Envelope(signing: payload, with: [signer])
  }
}
