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

  /// Reads a PEM block `ENCRYPTED PRIVATE KEY` (PKCS #8, see `KeyEncryption`).
  ///
  /// - Throws: `CertificateError` KEY_PASSPHRASE where it does not fit, KEY_WEAK where the encryption is, KEY_TYPE or
  ///   KEY_FORMAT.
  package init(
    encryptedPEM text: [UInt8], passphrase: [UInt8], place: String = "private key"
  ) throws(CertificateError) {
    guard let block = PEMBlock(text), block.label == KeyEncryption.label else {
      throw CertificateError(
        .keyFormat, at: place, "the file is not exactly one encrypted PEM block",
        fix: "give the file that `dspec keygen --encrypt` writes")
    }
    let wrong = CertificateError(
      .keyPassphrase, at: place, "the passphrase does not open the key", fix: "give the right passphrase")
    let plain: [UInt8]
    do {
      plain = try KeyEncryption.decrypt(block.bytes, passphrase: passphrase)
    } catch {
      switch error {
      case .passphrase: throw wrong
      case .weak(let words):
        throw CertificateError(
          .keyWeak, at: place, "the key is protected by \(words) only, which is soon guessed",
          fix: "encrypt it anew: `openssl pkcs8 -topk8 -scrypt -in FILE -out NEW`")
      case .structure(let words):
        throw CertificateError(
          .keyFormat, at: place, words,
          fix: "encrypt it anew: `openssl pkcs8 -topk8 -scrypt -in FILE -out NEW`")
      }
    }
    // One wrong passphrase in some 256 leaves padding that looks right, and bytes that are no key.
    guard plain.first == 0x30 else { throw wrong }
    try self.init(
      pem: Array(PEMBlock(label: KeyEncoding.privateKey.rawValue, bytes: plain).text.utf8), place: place)
  }

  /// The key as a PEM block `ENCRYPTED PRIVATE KEY`.
  ///
  /// - Throws: `CertificateError` KEY_PASSPHRASE for one of fewer than eight bytes, WRITE where the library fails.
  package func encryptedPEM(passphrase: [UInt8]) throws(CertificateError) -> String {
    guard passphrase.count >= 8 else {
      throw CertificateError(
        .keyPassphrase, at: "passphrase", "it has \(passphrase.count) bytes",
        fix: "choose one of at least eight")
    }
    do {
      let der = try KeyEncryption.encrypt(KeyEncoding.privateKey.der(seed), passphrase: passphrase)
      return PEMBlock(label: KeyEncryption.label, bytes: der).text
    } catch {
      throw CertificateError(
        .write, at: "private key", "the key could not be encrypted", fix: "write it without `--encrypt`")
    }
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
