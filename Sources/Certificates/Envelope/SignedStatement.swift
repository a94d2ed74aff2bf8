/// A signed in-toto statement of any predicate, as logs and timestamps refer to it.
///
/// Its signatures are not verified, and nothing in it is believed.
package struct SignedStatement: Sendable {
  /// Where it lies, without trailing slashes; proofs and tokens lie beside it under this name and an extension.
  package let path: String
  /// SHA-256 of the signed bytes.
  package let payloadDigest: ContentDigest
  /// The type of the predicate.
  package let predicateType: String
  /// The signatures, at least one.
  package let signatures: [EnvelopeSignature]

  private static let sizeLimit = BundleLimits().certificateBytes

  /// Reads a bundle folder, or the file of an envelope: a certificate, a receipt, a revocation or a commitment.
  ///
  /// - Throws: `CertificateError` READ, PATH, SIZE, JSON_…, ENVELOPE, BASE64, PAYLOAD_TYPE, SIGNATURE, STATEMENT_TYPE or
  ///   PREDICATE_TYPE.
  package init(at path: String) throws(CertificateError) {
    var trimmed = path[...]
    while trimmed.utf8.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    let name = String(trimmed)
    guard let last = name.split(separator: "/").last, last != ".", last != ".." else {
      // What lies beside it is named after it.
      throw CertificateError(
        .path, at: name, "the path does not end in a name", fix: "name the bundle's folder from outside it")
    }
    let envelope: Envelope
    if (try? POSIX.kind(of: name)) == .folder {
      envelope = try UnverifiedCertificate(bundle: name).envelope
    } else {
      let text = try FileReading.content(of: name, limit: Self.sizeLimit)
      envelope = try Envelope(json: text, place: name, limits: JSONLimits(bytes: Self.sizeLimit))
    }
    try self.init(envelope, at: name)
  }

  /// The statement of a bundle that was read.
  ///
  /// - Throws: as for an envelope.
  package init(_ certificate: UnverifiedCertificate) throws(CertificateError) {
    try self.init(certificate.envelope, at: certificate.folder)
  }

  /// Makes one of an envelope.
  ///
  /// - Throws: `CertificateError` JSON_…, STATEMENT_TYPE or PREDICATE_TYPE.
  package init(_ envelope: Envelope, at path: String) throws(CertificateError) {
    let value: JSONValue
    do {
      value = try JSONValue.parse(envelope.payload, limits: JSONLimits(bytes: Self.sizeLimit))
    } catch {
      throw CertificateError(error, at: "\(path), payload")
    }
    guard let object = value.objectValue, object["_type"]?.stringValue == Statement.type else {
      throw CertificateError(
        .statementType, at: "\(path), _type", "the statement is not of type `\(Statement.type)`",
        fix: "give a certificate, a receipt, a revocation or a commitment")
    }
    guard let type = object["predicateType"]?.stringValue, Self.isType(type) else {
      throw CertificateError(
        .predicateType, at: "\(path), predicateType", "the statement does not name the type of its predicate",
        fix: "obtain the file again from whoever signed it")
    }
    self.path = path
    payloadDigest = ContentDigest(of: envelope.payload)
    predicateType = type
    signatures = envelope.signatures
  }

  /// Whether text may be the type of a predicate: 1 to 1024 visible ASCII characters, as in any URI.
  package static func isType(_ text: String) -> Bool {
    (1...1024).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
