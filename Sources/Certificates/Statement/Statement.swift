/// Something a statement is about: a name and the digest of a content (in-toto ResourceDescriptor).
package struct StatementSubject: Hashable, Sendable {
  /// The name.
  package let name: String
  /// SHA-256 of the content.
  package let digest: ContentDigest

  /// Makes a subject.
  package init(name: String, digest: ContentDigest) {
    self.name = name
    self.digest = digest
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["digest", "name"])
    name = try reader.path("name").text
    let digests = try FieldReader(reader.value("digest"), at: reader.at("digest"), fields: ["sha256"])
    digest = try digests.digest("sha256")
  }

  /// `{digest: {sha256}, name}`.
  package var json: JSONValue { ["digest": ["sha256": .string(digest.hex)], "name": .string(name)] }
}

/// An in-toto Statement v1 with our predicate: four fields, and subjects that follow from the predicate.
package struct Statement: Hashable, Sendable {
  /// The type of in-toto Statement v1.
  package static let type = "https://in-toto.io/Statement/v1"
  /// The subject that lists the model files; present when there are any.
  package static let modelManifestName = "model.manifest.json"
  /// The subject that joins the certificate with an OpenSSF model signature, beside the list of the model files; present
  /// where the predicate states that root.
  package static let omsRootName = "model.oms-root"
  /// The subject that lists the specification's files; always present.
  package static let specManifestName = "spec.manifest.json"

  /// What is stated.
  package let predicate: CompliancePredicate

  /// Makes a statement.
  package init(predicate: CompliancePredicate) {
    self.predicate = predicate
  }

  /// The manifests that are the subjects, by name: the model's, if it has files, then the specification's.
  package var manifests: [(name: String, manifest: Manifest)] {
    (predicate.models.isEmpty ? [] : [(Self.modelManifestName, Manifest(files: predicate.models))])
      + [(Self.specManifestName, Manifest(files: predicate.spec.sources))]
  }

  /// The subjects: the manifests, and the root of the model files behind their manifest.
  ///
  /// - Throws: `CertificateError` JSON_INTEGER_RANGE for a size beyond 2^53 − 1.
  package func subjects() throws(CertificateError) -> [StatementSubject] {
    var subjects: [StatementSubject] = []
    for (name, manifest) in manifests {
      subjects.append(StatementSubject(name: name, digest: ContentDigest(of: try manifest.bytes())))
      if name == Self.modelManifestName, let model = predicate.model {
        subjects.append(StatementSubject(name: Self.omsRootName, digest: model.omsRoot))
      }
    }
    return subjects
  }

  /// The canonical bytes, read back once: what a checker would refuse is refused before it is signed.
  ///
  /// - Throws: `CertificateError` of any kind that reading can throw.
  package func payload() throws(CertificateError) -> [UInt8] {
    let value: JSONValue = [
      "_type": .string(Self.type), "predicate": try predicate.json(),
      "predicateType": .string(CompliancePredicate.type), "subject": .array(try subjects().map(\.json)),
    ]
    let bytes: [UInt8]
    do {
      bytes = try value.canonicalBytes()
    } catch {
      throw CertificateError(error, at: "statement")
    }
    guard try Statement(payload: bytes) == self else {
      throw CertificateError(
        .nonCanonical, at: "statement", "a text does not survive being written",
        fix: "spell names in one normal form")
    }
    return bytes
  }

  /// Reads canonical bytes strictly.
  ///
  /// - Throws: `CertificateError` JSON_…, NONCANONICAL, STATEMENT_TYPE, PREDICATE_TYPE, SUBJECT and those of the
  ///   predicate: VERSION, CRITICAL, UNKNOWN_FIELD, FIELD_…, NONFINITE, NUMBER, GRADE, EVIDENCE_MISSING, PATH,
  ///   SIZE, CERTIFICATE_ID.
  package init(payload: [UInt8], limits: JSONLimits = .standard) throws(CertificateError) {
    let value: JSONValue
    let canonical: [UInt8]
    do {
      value = try JSONValue.parse(payload, limits: limits)
      canonical = try value.canonicalBytes()
    } catch {
      throw CertificateError(error, at: "payload")
    }
    guard canonical == payload else {
      throw CertificateError(
        .nonCanonical, at: "payload", "the payload is not canonical JSON (RFC 8785)",
        fix: "obtain the certificate again from its issuer")
    }
    try Self.check(value, "_type", is: Self.type, .statementType, "statement")
    try Self.check(value, "predicateType", is: CompliancePredicate.type, .predicateType, "predicate")
    let reader = try FieldReader(
      value, at: "statement", fields: ["_type", "predicate", "predicateType", "subject"])
    predicate = try CompliancePredicate(reader.value("predicate"), at: "predicate")
    let found = try reader.list("subject", StatementSubject.init(_:at:))
    guard found == (try subjects()) else {
      throw reader.refuse(.subject, "subject", "the subjects are not the manifests of the predicate's files")
    }
  }

  private static func check(
    _ value: JSONValue, _ name: String, is wanted: String, _ code: CertificateError.Code, _ noun: String
  ) throws(CertificateError) {
    guard let found = value.objectValue?[name], found != .string(wanted) else { return }
    throw CertificateError(
      code, at: "statement.\(name)", "the \(noun) is not of type `\(wanted)`",
      fix: "give a compliance certificate")
  }
}
