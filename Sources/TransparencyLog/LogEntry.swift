package import Certificates

/// What a log says of a signed statement: that this one existed, under the key that it names.
///
/// The bytes are canonical JSON (RFC 8785) of `keyid`, `payloadSha256` and `predicateType`. The log vouches for the digest;
/// the key is whatever the envelope claimed, so that whoever owns a key sees what is published in its name.
package struct LogEntry: Hashable, Sendable {
  /// SHA-256 of the statement's signed bytes.
  package let payload: ContentDigest
  /// The type of its predicate.
  package let predicateType: String
  /// Identifier of the key that its signature claims.
  package let keyID: ContentDigest

  /// Makes an entry.
  package init(payload: ContentDigest, predicateType: String, keyID: ContentDigest) {
    self.payload = payload
    self.predicateType = predicateType
    self.keyID = keyID
  }

  /// The entries of a statement, one for each key that its signatures claim, in their order.
  package static func entries(of statement: SignedStatement) -> [LogEntry] {
    var entries: [LogEntry] = []
    for signature in statement.signatures {
      guard let keyID = signature.keyID.flatMap({ ContentDigest(hex: $0) }) else { continue }
      let entry = LogEntry(
        payload: statement.payloadDigest, predicateType: statement.predicateType, keyID: keyID)
      if !entries.contains(entry) { entries.append(entry) }
    }
    return entries
  }

  /// Reads the bytes of an entry; nil for any other bytes.
  package init?(_ bytes: [UInt8]) {
    guard let value = try? JSONValue.parse(bytes), (try? value.canonicalBytes()) == bytes,
      let object = value.objectValue, object.names == ["keyid", "payloadSha256", "predicateType"],
      let keyID = object["keyid"]?.stringValue.flatMap({ ContentDigest(hex: $0) }),
      let payload = object["payloadSha256"]?.stringValue.flatMap({ ContentDigest(hex: $0) }),
      let type = object["predicateType"]?.stringValue, SignedStatement.isType(type)
    else { return nil }
    self.init(payload: payload, predicateType: type, keyID: keyID)
  }

  /// The bytes that are logged.
  ///
  /// - Throws: `CertificateError` LOG where they are too many.
  package func bytes() throws(CertificateError) -> [UInt8] {
    let value: JSONValue = [
      "keyid": .string(keyID.hex), "payloadSha256": .string(payload.hex),
      "predicateType": .string(predicateType),
    ]
    do {
      let bytes = try value.canonicalBytes()
      if bytes.count <= EntryBundle.entryLimit { return bytes }
    } catch {
      throw CertificateError(error, at: "log entry")
    }
    throw .log("log entry", "the entry is too long", fix: "shorten the type of the predicate")
  }

  /// The hash under which the entry stands in the tree.
  ///
  /// - Throws: as `bytes`.
  package func leaf() throws(CertificateError) -> ContentDigest { MerkleTree.leaf(try bytes()) }
}
