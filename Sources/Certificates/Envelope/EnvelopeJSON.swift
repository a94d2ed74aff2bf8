extension Envelope {
  /// Reads an envelope.
  ///
  /// Members that DSSE does not name are ignored, as it demands; they are outside the signed bytes and nothing
  /// here reads them.
  ///
  /// - Throws: `CertificateError` JSON_…, TRUNCATED, ENVELOPE, BASE64, PAYLOAD_TYPE, or SIGNATURE when there is
  ///   no signature.
  package init(
    json text: [UInt8], place: String = "certificate.json", limits: JSONLimits = .standard
  ) throws(CertificateError) {
    let value: JSONValue
    do {
      value = try JSONValue.parse(text, limits: limits)
    } catch {
      throw CertificateError(error, at: place)
    }
    func malformed(_ field: String, _ wanted: String) -> CertificateError {
      CertificateError(
        .envelope, at: "\(place), \(field)", "the envelope needs \(wanted)", fix: "give a DSSE envelope")
    }
    func decode(_ text: String, _ field: String) throws(CertificateError) -> [UInt8] {
      guard let bytes = Base64.bytes(text) else {
        throw CertificateError(
          .base64, at: "\(place), \(field)", "the text is not base64 with correct padding and no line break",
          fix: "obtain the certificate again from its issuer")
      }
      return bytes
    }
    guard let object = value.objectValue else { throw malformed("top level", "an object") }
    guard let type = object["payloadType"]?.stringValue else { throw malformed("payloadType", "a string") }
    guard let payload = object["payload"]?.stringValue else { throw malformed("payload", "a string") }
    guard let list = object["signatures"]?.arrayValue else { throw malformed("signatures", "an array") }
    guard type == Self.payloadType else {
      throw CertificateError(
        .payloadType, at: "\(place), payloadType",
        "the payload is of type `\(type)`, not `\(Self.payloadType)`",
        fix: "give an envelope of an in-toto statement")
    }
    guard !list.isEmpty else {
      throw CertificateError(
        .signature, at: "\(place), signatures", "the certificate is not signed",
        fix: "ask its issuer to sign it")
    }
    guard list.count <= Self.signatureLimit else {
      throw malformed("signatures", "at most \(Self.signatureLimit) signatures")
    }
    var signatures: [EnvelopeSignature] = []
    for (position, element) in list.enumerated() {
      let field = "signatures[\(position)]"
      guard let entry = element.objectValue else { throw malformed(field, "an object") }
      guard let text = entry["sig"]?.stringValue else { throw malformed("\(field).sig", "a string") }
      let keyID = entry["keyid"] ?? .null
      guard keyID == .null || keyID.stringValue != nil else { throw malformed("\(field).keyid", "a string") }
      signatures.append(EnvelopeSignature(keyID: keyID.stringValue, bytes: try decode(text, "\(field).sig")))
    }
    self.payload = try decode(payload, "payload")
    self.signatures = signatures
  }

  /// The text of the envelope: canonical JSON and a line end.
  package func json() throws(CertificateError) -> [UInt8] {
    let list = signatures.map { signature -> JSONValue in
      .object(["keyid": .string(signature.keyID ?? ""), "sig": .string(Base64.text(signature.bytes))])
    }
    let value: JSONValue = [
      "payload": .string(Base64.text(payload)), "payloadType": .string(Self.payloadType),
      "signatures": .array(list),
    ]
    do {
      return try value.canonicalBytes() + [UInt8(ascii: "\n")]
    } catch {
      throw CertificateError(error, at: "envelope")
    }
  }
}
