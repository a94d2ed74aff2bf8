import Crypto

/// An Ed25519 private key; its description never shows the secret.
package struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
  private let seed: [UInt8]
  /// The public half.
  package let verificationKey: VerificationKey

  /// Makes a key of its 32-byte seed (RFC 8032 section 5.1.5).
  ///
  /// - Throws: `CertificateError` KEY_FORMAT for another length.
  package init(seed: [UInt8], place: String = "private key") throws(CertificateError) {
    guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw CertificateError(
        .keyFormat, at: place, "an Ed25519 private key has 32 bytes, not \(seed.count)",
        fix: "export the key again")
    }
    self.seed = seed
    verificationKey = try VerificationKey(rawBytes: Array(key.publicKey.rawRepresentation), place: place)
  }

  /// Reads a PEM block `PRIVATE KEY` (PKCS #8, not encrypted).
  ///
  /// - Throws: `CertificateError` KEY_IS_PUBLIC, KEY_ENCRYPTED, KEY_TYPE or KEY_FORMAT.
  package init(pem: [UInt8], place: String = "private key") throws(CertificateError) {
    try self.init(seed: try KeyEncoding.privateKey.raw(pem: pem, place: place), place: place)
  }

  /// Makes a fresh key of the system's random source.
  package static func generate() throws(CertificateError) -> SigningKey {
    try SigningKey(seed: Array(Curve25519.Signing.PrivateKey().rawRepresentation))
  }

  /// The key as a PEM block `PRIVATE KEY`.
  package var pem: String {
    PEMBlock(label: KeyEncoding.privateKey.rawValue, bytes: KeyEncoding.privateKey.der(seed)).text
  }

  /// The signature of a message, 64 bytes.
  ///
  /// - Throws: `CertificateError` SIGNATURE when the library cannot sign.
  package func signature(for message: [UInt8]) throws(CertificateError) -> [UInt8] {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
      let signature = try? Array(key.signature(for: message)),
      verificationKey.isValid(signature: signature, for: message)
    else {
      throw CertificateError(
        .signature, at: "private key", "signing failed", fix: "check the key with `openssl pkey -check`")
    }
    return signature
  }

  /// The name of the key, without the secret.
  package var description: String { "private key of \(verificationKey.keyID)" }

  /// Shows the public half only.
  package var customMirror: Mirror { Mirror(self, children: ["keyID": verificationKey.keyID]) }
}
