/// Key files on disk.
package enum KeyFile {
  private static let sizeLimit = 1 << 16

  /// Reads a public key.
  ///
  /// - Throws: `CertificateError` READ, SIZE or that of the key.
  package static func verificationKey(at path: String) throws(CertificateError) -> VerificationKey {
    try VerificationKey(pem: try FileReading.content(of: path, limit: sizeLimit), place: path)
  }

  /// Reads a private key.
  ///
  /// - Parameter passphrase: Asked for where the key is encrypted.
  /// - Throws: `CertificateError` READ, SIZE or that of the key.
  package static func signingKey(
    at path: String, passphrase: PassphraseSource = .none
  ) throws(CertificateError) -> SigningKey {
    let text = try FileReading.content(of: path, limit: sizeLimit)
    guard PEMBlock(text)?.label == KeyEncryption.label, let secret = try passphrase.passphrase(for: path)
    else {
      return try SigningKey(pem: text, place: path)
    }
    return try SigningKey(encryptedPEM: text, passphrase: secret, place: path)
  }

  /// Writes a private key that only its owner may read (mode 0600).
  ///
  /// - Parameter passphrase: What the key is encrypted by, if at all.
  /// - Throws: `CertificateError` EXISTS when something lies at the path, WRITE when it cannot be written,
  ///   KEY_PASSPHRASE for a short one.
  package static func write(
    _ key: SigningKey, to path: String, passphrase: [UInt8]? = nil
  ) throws(CertificateError) {
    let text = if let passphrase { try key.encryptedPEM(passphrase: passphrase) } else { key.pem }
    try NewFile.write(Array(text.utf8), mode: 0o600, to: path, noun: "keys are")
  }

  /// Refuses a path to which a key could not be written; nothing stays there.
  ///
  /// - Throws: `CertificateError` EXISTS or WRITE.
  package static func probe(_ path: String) throws(CertificateError) {
    try NewFile.probe(path, noun: "keys are")
  }

  /// Writes a public key (mode 0644).
  ///
  /// - Throws: `CertificateError` EXISTS when something lies at the path, WRITE when it cannot be written.
  package static func write(_ key: VerificationKey, to path: String) throws(CertificateError) {
    try NewFile.write(Array(key.pem.utf8), mode: 0o644, to: path, noun: "keys are")
  }
}
