import Crypto

/// An Ed25519 public key (RFC 8032) that is neither of small order nor spelled in a second way.
package struct VerificationKey: Hashable, Sendable {
  /// The encoded point, 32 bytes.
  package let rawBytes: [UInt8]

  /// Makes a key of 32 bytes.
  ///
  /// - Throws: `CertificateError` KEY_FORMAT, KEY_NONCANONICAL or KEY_SMALL_ORDER.
  package init(rawBytes: [UInt8], place: String = "public key") throws(CertificateError) {
    guard rawBytes.count == 32 else {
      throw CertificateError(
        .keyFormat, at: place, "an Ed25519 public key has 32 bytes, not \(rawBytes.count)",
        fix: "export the key again")
    }
    do {
      try EdwardsPointRules.check(publicKey: rawBytes)
    } catch {
      switch error {
      case .smallOrder:
        throw CertificateError(
          .keySmallOrder, at: place,
          "the key is a point of small order, under which anyone can forge signatures",
          fix: "refuse certificates of whoever sent this key")
      case .nonCanonical:
        throw CertificateError(
          .keyNonCanonical, at: place, "the key encodes a coordinate that is not reduced",
          fix: "refuse certificates of whoever sent this key")
      }
    }
    self.rawBytes = rawBytes
  }

  /// Reads a PEM block `PUBLIC KEY`.
  ///
  /// - Throws: `CertificateError` KEY_IS_PRIVATE, KEY_TYPE, KEY_FORMAT, KEY_NONCANONICAL or KEY_SMALL_ORDER.
  package init(pem: [UInt8], place: String = "public key") throws(CertificateError) {
    try self.init(rawBytes: try KeyEncoding.publicKey.raw(pem: pem, place: place), place: place)
  }

  /// The key as a PEM block `PUBLIC KEY` (SubjectPublicKeyInfo).
  package var pem: String {
    PEMBlock(label: KeyEncoding.publicKey.rawValue, bytes: KeyEncoding.publicKey.der(rawBytes)).text
  }

  /// The name of the key: SHA-256 of its SubjectPublicKeyInfo, 64 hexadecimal digits.
  package var keyID: String { ContentDigest(of: KeyEncoding.publicKey.der(rawBytes)).hex }

  /// Whether a signature of 64 bytes with S < L verifies for a message.
  package func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
    guard signature.count == 64, EdwardsPointRules.hasReducedScalar(signature: signature),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: rawBytes)
    else { return false }
    return key.isValidSignature(signature, for: message)
  }
}
