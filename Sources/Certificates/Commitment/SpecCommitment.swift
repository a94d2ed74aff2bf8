/// That a specification was fixed, from whoever will verify it: a signed statement of its own, made before the search.
///
/// Its one subject is the list of the specification's files, under the name and with the digest that it has in a
/// certificate; networks and data that are there at the time are committed to as well, since they may be what judges. The
/// moment is the signer's word; a timestamp of the signature, or a log that holds the statement, shows more. Whoever commits
/// to several specifications may later choose among them; a log shows how many there were under a key.
package struct SpecCommitment: Hashable, Sendable {
  /// The type under which it stands in a statement.
  package static let type = "https://dspec.dev/spec-commitment/v1"

  /// When, by the signer's word.
  package let committedAt: Timestamp
  /// The file the run will start from.
  package let root: RelativePath
  /// Parameters set from outside, as in `SpecRecord`.
  package let parameters: [String: String]
  /// Networks and data that were there, ordered by name, each once.
  package let files: [FileRecord]
  /// SHA-256 of the list of the specification's files.
  package let manifest: ContentDigest
  /// The envelope, whose signatures nobody has verified yet.
  package let envelope: Envelope
  /// The bytes of its file.
  let text: [UInt8]

  /// Bytes of the largest file of one.
  static let largest = 1 << 20

  /// Signs a commitment to a specification.
  ///
  /// - Parameter files: Networks and data that it names, as far as they are there.
  /// - Throws: `CertificateError` of the signer or of what is stated.
  package init(
    to spec: SpecRecord, files: [FileRecord] = [], at moment: Timestamp, signer: any Signer
  ) throws(CertificateError) {
    let ordered = files.sorted { $0.name < $1.name }
    let predicate: JSONValue = [
      "committedAt": .string(moment.text), "files": .array(ordered.map(\.json)),
      "name": .string(spec.root.text), "parameters": .strings(spec.parameters),
    ]
    let subject = StatementSubject(
      name: Statement.specManifestName, digest: try Self.manifest(of: spec))
    let statement = SingleSubjectStatement(predicateType: Self.type, predicate: predicate, subject: subject)
    try self.init(try statement.signed(by: signer), at: "commitment")
  }

  /// Reads an envelope.
  ///
  /// - Throws: `CertificateError` JSON_…, NONCANONICAL, STATEMENT_TYPE, PREDICATE_TYPE, SUBJECT, SIZE, UNKNOWN_FIELD or
  ///   FIELD_….
  package init(_ envelope: Envelope, at place: String) throws(CertificateError) {
    let statement = try SingleSubjectStatement(
      envelope.payload, types: [Self.type],
      noun: "commitment to a specification, as `dspec commit` writes it",
      subjectName: Statement.specManifestName, at: place)
    let reader = try FieldReader(
      statement.predicate, at: "\(place).predicate", fields: ["committedAt", "files", "name", "parameters"])
    committedAt = try reader.timestamp("committedAt")
    root = try reader.path("name")
    parameters = try reader.stringMap("parameters")
    files = try reader.list("files", FileRecord.init(_:at:))
    guard zip(files, files.dropFirst()).allSatisfy({ $0.name < $1.name }) else {
      throw reader.refuse(.fieldValue, "files", "the files are not ordered by their names, each once")
    }
    manifest = statement.subject.digest
    self.envelope = envelope
    text = try envelope.json()
    guard text.count <= Self.largest else {
      throw CertificateError(
        .size, at: place, "the commitment has \(text.count) bytes, more than \(Self.largest)",
        fix: "commit to fewer files")
    }
  }

  /// Writes the envelope to a file that must not exist.
  ///
  /// - Throws: `CertificateError` EXISTS or WRITE.
  package func write(to path: String) throws(CertificateError) {
    try NewFile.write(text, mode: 0o644, to: path, noun: "statements are")
  }

  /// Refuses a specification that is another one, files that have changed, and a certificate that was issued before.
  ///
  /// - Parameters:
  ///   - files: Models and data of the certificate.
  ///   - moment: When it is issued.
  /// - Throws: `CertificateError` COMMITMENT.
  package func check(
    _ spec: SpecRecord, files: [FileRecord], issuedAt moment: Timestamp, at place: String
  ) throws(CertificateError) {
    func refuse(_ problem: String) -> CertificateError {
      CertificateError(
        .commitment, at: place, problem,
        fix: "verify what was committed to, or issue a certificate without the commitment")
    }
    guard manifest == (try Self.manifest(of: spec)), root == spec.root else {
      throw refuse(
        "the commitment is to another specification: a file has changed since, or another folder is the project's"
      )
    }
    // Texts are equal by their bytes; the names are ASCII.
    let isSame =
      parameters.count == spec.parameters.count
      && parameters.allSatisfy { spec.parameters[$0.key]?.utf8.elementsEqual($0.value.utf8) ?? false }
    guard isSame else { throw refuse("the commitment is to other parameters") }
    let committed = byName
    if let changed = files.first(where: { committed[Array($0.name.text.utf8)] ?? $0 != $0 }) {
      throw refuse("`\(changed.name)` is not as it was committed to")
    }
    guard committedAt <= moment else {
      throw refuse("the commitment was made at \(committedAt), after the certificate, at \(moment)")
    }
  }

  /// Whoever signed it by its own word, for people.
  package var claimedSigner: String {
    // What does not look like a key's identifier is not printed as one.
    let claimed = envelope.claimedKeyIDs.filter { ContentDigest(hex: $0) != nil }
    return claimed.isEmpty ? "somebody without a name" : claimed.joined(separator: ", ")
  }

  /// The names of files that were not there to be committed to.
  package func missing(of files: [FileRecord]) -> [RelativePath] {
    let committed = byName
    return files.map(\.name).filter { committed[Array($0.text.utf8)] == nil }
  }

  /// The files by the bytes of their names, which Swift's own equality of strings does not compare.
  private var byName: [[UInt8]: FileRecord] {
    Dictionary(files.map { (Array($0.name.text.utf8), $0) }) { first, _ in first }
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
