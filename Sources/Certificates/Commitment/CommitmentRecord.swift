/// A commitment to a specification within the certificate that came of it, with what others say of when it was made.
package struct CommitmentRecord: Hashable, Sendable {
  /// The commitment.
  package let commitment: SpecCommitment
  /// A timestamp of one of its signatures: the answer of an authority or the token in it (RFC 3161), not verified.
  package let timestamp: [UInt8]?
  /// A proof that a log holds it (C2SP tlog-proof), not verified.
  package let logProof: [UInt8]?

  /// Bytes of the largest timestamp and of the largest proof.
  private static let largestTimestamp = 1 << 20
  private static let largestProof = 2 << 20

  /// Makes a record.
  package init(_ commitment: SpecCommitment, timestamp: [UInt8]? = nil, logProof: [UInt8]? = nil) {
    self.commitment = commitment
    self.timestamp = timestamp
    self.logProof = logProof
  }

  /// Reads the file of a commitment and what lies beside it.
  ///
  /// - Parameters:
  ///   - timestampEnding: Of the name under which a timestamp lies there, if one does.
  ///   - logProofEnding: The same of a proof.
  /// - Throws: `CertificateError` READ, SIZE or those of the statement.
  package init(
    at path: String, timestampEnding: String, logProofEnding: String
  ) throws(CertificateError) {
    func beside(_ ending: String, limit: Int) throws(CertificateError) -> [UInt8]? {
      guard (try? POSIX.kind(of: path + ending)) != nil else { return nil }
      return try FileReading.content(of: path + ending, limit: limit)
    }
    let text = try FileReading.content(of: path, limit: SpecCommitment.largest)
    commitment = try SpecCommitment(try Envelope(json: text, place: path), at: path)
    timestamp = try beside(timestampEnding, limit: Self.largestTimestamp)
    logProof = try beside(logProofEnding, limit: Self.largestProof)
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(
      value, at: place, fields: ["commitment"], optional: ["logProof", "timestamp"])
    func bytes(_ name: String, limit: Int) throws(CertificateError) -> [UInt8] {
      let text = try reader.string(name)
      let surplus = reader.refuse(.size, name, "there are more than \(limit) bytes")
      // Nothing is decoded that must be too long.
      guard text.utf8.count <= (limit + 2) / 3 * 4 else { throw surplus }
      // One spelling, so that equal records have equal bytes.
      guard let bytes = Base64.bytes(text), !bytes.isEmpty, Base64.text(bytes) == text else {
        throw reader.refuse(.base64, name, "the text is not base64 of at least one byte")
      }
      guard bytes.count <= limit else { throw surplus }
      return bytes
    }
    let text = try bytes("commitment", limit: SpecCommitment.largest)
    let envelope = try Envelope(json: text, place: reader.at("commitment"))
    commitment = try SpecCommitment(envelope, at: reader.at("commitment"))
    guard commitment.text == text else {
      throw reader.refuse(.nonCanonical, "commitment", "the envelope is not canonical JSON (RFC 8785)")
    }
    timestamp = reader.has("timestamp") ? try bytes("timestamp", limit: Self.largestTimestamp) : nil
    logProof = reader.has("logProof") ? try bytes("logProof", limit: Self.largestProof) : nil
  }

  /// `{commitment, logProof?, timestamp?}`, each in base64.
  var json: JSONValue {
    var object: JSONObject = ["commitment": .string(Base64.text(commitment.text))]
    object["logProof"] = logProof.map { .string(Base64.text($0)) }
    object["timestamp"] = timestamp.map { .string(Base64.text($0)) }
    return .object(object)
  }
}
