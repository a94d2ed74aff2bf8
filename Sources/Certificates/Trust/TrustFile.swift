/// A file `trust.json`: keys with roles and times, thresholds, and what was revoked.
///
/// ```json
/// {
///   "version": 1,
///   "keys": [
///     {"publicKey": "-----BEGIN PUBLIC KEY-----\n…", "name": "Safety lab", "roles": ["issuer"],
///      "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2027-01-01T00:00:00Z"}
///   ],
///   "thresholds": {"issuer": 1, "reviewer": 2},
///   "revokedKeys": [{"keyid": "…", "at": "2026-06-01T00:00:00Z", "reason": "laptop lost"}],
///   "revokedCertificates": [{"certificate": "…", "at": "2026-06-01T00:00:00Z", "reason": "wrong model"}]
/// }
/// ```
///
/// `version` and `keys` are required, and of a key its `publicKey` and `roles`. It is read as strictly as a certificate:
/// an unknown name is an error, since a misspelt `notAfter` would trust a key for ever.
struct TrustFile {
  private(set) var entries: [TrustedKey]
  private(set) var thresholds: [TrustRole: Int] = [:]
  private(set) var revokedKeys: [Withdrawal]
  private(set) var revokedCertificates: [Withdrawal]

  private static let sizeLimit = 1 << 20

  /// Reads a file; nil where its text is no object and so may be a key.
  ///
  /// - Throws: `CertificateError` READ, SIZE, TRUST or those of the keys.
  init?(at path: String) throws(CertificateError) {
    let text = try FileReading.content(of: path, limit: Self.sizeLimit)
    let blanks = Array(" \t\r\n".utf8)
    guard text.first(where: { !blanks.contains($0) }) == UInt8(ascii: "{") else { return nil }
    let value: JSONValue
    do {
      value = try JSONValue.parse(text)
    } catch {
      throw Self.corrected(CertificateError(error, at: path))
    }
    do {
      try self.init(value, at: path)
    } catch {
      throw Self.corrected(error)
    }
  }

  /// What is wrong here is not the certificate's, and the reader's own to mend.
  private static func corrected(_ error: CertificateError) -> CertificateError {
    let isOfKey = error.code.rawValue.hasPrefix("KEY_")
    return CertificateError(
      isOfKey ? error.code : .trust, at: error.place, error.message,
      fix: isOfKey ? error.fix : "correct the trust file")
  }

  private init(_ value: JSONValue, at path: String) throws(CertificateError) {
    let reader = try FieldReader(
      value, at: path, fields: ["keys", "version"],
      optional: ["revokedCertificates", "revokedKeys", "thresholds"])
    guard try reader.count("version") == 1 else {
      throw reader.refuse(.version, "version", "this version reads trust files of version 1")
    }
    entries = try reader.list("keys", Self.entry)
    guard !entries.isEmpty else { throw reader.refuse(.trust, "keys", "no key is listed") }
    func withdrawals(_ name: String, _ subject: String) throws(CertificateError) -> [Withdrawal] {
      guard reader.has(name) else { return [] }
      return try reader.list(name) { (value, place) throws(CertificateError) in
        let fields = try FieldReader(value, at: place, fields: [subject, "at", "reason"])
        return Withdrawal(
          digest: try fields.digest(subject), moment: try fields.timestamp("at"),
          reason: try fields.string("reason"))
      }
    }
    revokedKeys = try withdrawals("revokedKeys", "keyid")
    revokedCertificates = try withdrawals("revokedCertificates", "certificate")
    guard reader.has("thresholds") else { return }
    let counts = try FieldReader(
      reader.value("thresholds"), at: reader.at("thresholds"), fields: [],
      optional: [TrustRole.issuer.rawValue, TrustRole.reviewer.rawValue])
    for role in [TrustRole.issuer, .reviewer] where counts.has(role.rawValue) {
      thresholds[role] = try counts.count(role.rawValue)
    }
  }

  private static func entry(_ value: JSONValue, _ place: String) throws(CertificateError) -> TrustedKey {
    let reader = try FieldReader(
      value, at: place, fields: ["publicKey", "roles"], optional: ["name", "notAfter", "notBefore"])
    var roles: Set<TrustRole> = []
    for text in try reader.strings("roles") {
      guard let role = TrustRole(rawValue: text) else {
        let known = TrustRole.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        throw reader.refuse(.fieldValue, "roles", "`\(text)` is none of \(known)")
      }
      roles.insert(role)
    }
    guard !roles.isEmpty else { throw reader.refuse(.trust, "roles", "the key is trusted for nothing") }
    let start = reader.has("notBefore") ? try reader.timestamp("notBefore") : nil
    let end = reader.has("notAfter") ? try reader.timestamp("notAfter") : nil
    if let start, let end, end <= start {
      throw reader.refuse(.trust, "notAfter", "the key stops counting before it starts")
    }
    return TrustedKey(
      try VerificationKey(pem: Array(reader.string("publicKey").utf8), place: reader.at("publicKey")),
      name: reader.has("name") ? try reader.string("name") : nil, roles: roles, notBefore: start,
      notAfter: end)
  }
}
