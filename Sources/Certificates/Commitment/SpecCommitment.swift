/// That a specification was fixed, from whoever will verify it: a signed statement of its own, made before the search.
///
/// Its one subject is the list of the specification's files, under the name and with the digest that it has in a
/// certificate. The moment is the signer's word; a timestamp of the signature, or a log that holds the statement, shows
/// more. Whoever commits to several specifications may later choose among them; a log shows how many there were under a key.
package struct SpecCommitment: Hashable, Sendable {
  /// The type under which it stands in a statement.
  package static let type = "https://dspec.dev/spec-commitment/v1"

  /// When, by the signer's word.
  package let committedAt: Timestamp
  /// The file the run will start from.
  package let root: RelativePath
  /// Parameters set from outside, as in `SpecRecord`.
  package let parameters: [String: String]
  /// SHA-256 of the list of the specification's files.
  package let manifest: ContentDigest
  /// The envelope, whose signatures nobody has verified yet.
  package let envelope: Envelope
  /// The bytes of its file.
  let text: [UInt8]

  /// Signs a commitment to a specification.
  ///
  /// - Throws: `CertificateError` of the signer or of what is stated.
  package init(
    to spec: SpecRecord, at moment: Timestamp, signer: any Signer
  ) throws(CertificateError) {
    let predicate: JSONValue = [
      "committedAt": .string(moment.text), "name": .string(spec.root.text),
      "parameters": .strings(spec.parameters),
    ]
    let subject = StatementSubject(
      name: Statement.specManifestName, digest: try Self.manifest(of: spec))
    let statement = SingleSubjectStatement(predicateType: Self.type, predicate: predicate, subject: subject)
    try self.init(try statement.signed(by: signer), at: "commitment")
  }

  /// Reads an envelope.
  ///
  /// - Throws: `CertificateError` JSON_…, NONCANONICAL, STATEMENT_TYPE, PREDICATE_TYPE, SUBJECT, UNKNOWN_FIELD or FIELD_….
  package init(_ envelope: Envelope, at place: String) throws(CertificateError) {
    let statement = try SingleSubjectStatement(
      envelope.payload, subjectName: Statement.specManifestName, at: place)
    guard statement.predicateType == Self.type else {
      throw CertificateError(
        .predicateType, at: "\(place).predicateType", "the statement is no commitment to a specification",
        fix: "give a file that `dspec commit` wrote")
    }
    let reader = try FieldReader(
      statement.predicate, at: "\(place).predicate", fields: ["committedAt", "name", "parameters"])
    committedAt = try reader.timestamp("committedAt")
    root = try reader.path("name")
    parameters = try reader.stringMap("parameters")
    manifest = statement.subject.digest
    self.envelope = envelope
    text = try envelope.json()
  }

  /// Writes the envelope to a file that must not exist.
  ///
  /// - Throws: `CertificateError` EXISTS or WRITE.
  package func write(to path: String) throws(CertificateError) {
    try NewFile.write(text, mode: 0o644, to: path, noun: "statements are")
  }

  /// Refuses a specification that is another one, or that was certified before.
  ///
  /// - Parameter moment: When the certificate is issued.
  /// - Throws: `CertificateError` COMMITMENT.
  package func check(
    _ spec: SpecRecord, issuedAt moment: Timestamp, at place: String
  ) throws(CertificateError) {
    func refuse(_ problem: String, fix: String) -> CertificateError {
      CertificateError(.commitment, at: place, problem, fix: fix)
    }
    guard manifest == (try Self.manifest(of: spec)), root == spec.root else {
      throw refuse(
        "the commitment is to another specification, or a file has changed since",
        fix: "verify the files as they were committed to, or leave the commitment out")
    }
    guard parameters == spec.parameters else {
      throw refuse(
        "the commitment is to other parameters",
        fix: "give the same `--param` as to `dspec commit`, or leave the commitment out")
    }
    guard committedAt <= moment else {
      throw refuse(
        "the commitment was made at \(committedAt), after the certificate, at \(moment)",
        fix: "commit before the run, and check the clock")
    }
  }

  /// Whether a signature is one of its own and valid under a key.
  package func bears(_ signature: EnvelopeSignature, of key: VerificationKey) -> Bool {
    let message = preAuthenticationEncoding(payloadType: Envelope.payloadType, payload: envelope.payload)
    return envelope.signatures.contains(signature) && key.isValid(signature: signature.bytes, for: message)
  }

  private static func manifest(of spec: SpecRecord) throws(CertificateError) -> ContentDigest {
    ContentDigest(of: try Manifest(files: spec.sources).bytes())
  }
}
