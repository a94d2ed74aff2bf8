import Certificates
import Crypto
import CryptoExtras
import SwiftASN1

/// A way to sign, and the digest in it.
enum SignatureScheme: Equatable {
  /// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2).
  case rsa(HashAlgorithm)
  /// RSASSA-PSS with the same digest in the mask and a salt of its length (RFC 8017 section 8.1).
  case rsaPSS(HashAlgorithm)
  /// ECDSA (RFC 5758).
  case ecdsa(HashAlgorithm)
  /// Ed25519 (RFC 8410, RFC 8419).
  case ed25519

  /// Reads an algorithm of a signature.
  ///
  /// - Parameter digest: What the bare name `rsaEncryption` leaves to the field beside it; nil where there is none.
  init(_ algorithm: AlgorithmIdentifier, digest: HashAlgorithm?) throws {
    switch algorithm.name {
    case Names.rsaWithSHA256 where algorithm.isPlain: self = .rsa(.sha256)
    case Names.rsaWithSHA384 where algorithm.isPlain: self = .rsa(.sha384)
    case Names.rsaWithSHA512 where algorithm.isPlain: self = .rsa(.sha512)
    case Names.ecdsaWithSHA256 where algorithm.parameters == nil: self = .ecdsa(.sha256)
    case Names.ecdsaWithSHA384 where algorithm.parameters == nil: self = .ecdsa(.sha384)
    case Names.ecdsaWithSHA512 where algorithm.parameters == nil: self = .ecdsa(.sha512)
    case Names.ed25519 where algorithm.parameters == nil: self = .ed25519
    case Names.rsaPSS:
      guard let parameters = algorithm.parameters else { throw Malformed("RSASSA-PSS lacks its parameters") }
      self = .rsaPSS(try Self.maskedDigest(parameters))
    case Names.rsa where algorithm.isPlain:
      guard let digest else { throw Malformed("an RSA signature does not name its digest") }
      self = .rsa(digest)
    default: throw Malformed("the signature algorithm `\(algorithm.name)` is not supported")
    }
  }

  /// `RSASSA-PSS-params`: digest, mask of the same digest, salt as long as the digest.
  private static func maskedDigest(_ node: ASN1Node) throws -> HashAlgorithm {
    var fields = try Fields(node, "the parameters of RSASSA-PSS")
    // Defaults are SHA-1 and are refused with the absent fields.
    guard let hash = fields.optional(tag: 0), let mask = fields.optional(tag: 1),
      let salt = fields.optional(tag: 2)
    else { throw Malformed("RSASSA-PSS with SHA-1") }
    let digest = try HashAlgorithm(AlgorithmIdentifier(Fields.inside(hash, "a digest")))
    let generator = try AlgorithmIdentifier(Fields.inside(mask, "a mask"))
    guard generator.name == Names.mask, let inner = generator.parameters,
      try HashAlgorithm(AlgorithmIdentifier(inner)) == digest
    else { throw Malformed("RSASSA-PSS with a mask of another digest") }
    let length = try? Int(derEncoded: try Fields.inside(salt, "a salt"))
    guard length == digest.bytes([]).count else {
      throw Malformed("RSASSA-PSS with a salt of another length than the digest")
    }
    if let trailer = fields.optional(tag: 3) {
      guard (try? Int(derEncoded: try Fields.inside(trailer, "a trailer"))) == 1 else {
        throw Malformed("RSASSA-PSS with another trailer")
      }
    }
    try fields.end()
    return digest
  }

  /// Whether a signature of a message verifies under the key of a SubjectPublicKeyInfo in DER.
  ///
  /// RSA keys below 2048 bits verify nothing.
  func isValid(_ signature: [UInt8], for message: [UInt8], under key: PublicKeyInfo) -> Bool {
    switch (self, key.kind) {
    case (.rsa(let digest), .rsa): return rsa(signature, digest.digest(message), key, .insecurePKCS1v1_5)
    case (.rsaPSS(let digest), .rsa): return rsa(signature, digest.digest(message), key, .PSS)
    case (.ecdsa(let digest), .p256):
      guard let point = try? P256.Signing.PublicKey(derRepresentation: key.der),
        let pair = try? P256.Signing.ECDSASignature(derRepresentation: signature)
      else { return false }
      return point.isValidSignature(pair, for: digest.digest(message))
    case (.ecdsa(let digest), .p384):
      guard let point = try? P384.Signing.PublicKey(derRepresentation: key.der),
        let pair = try? P384.Signing.ECDSASignature(derRepresentation: signature)
      else { return false }
      return point.isValidSignature(pair, for: digest.digest(message))
    case (.ed25519, .ed25519):
      // This type refuses keys of small order and scalars that are not reduced.
      return (try? VerificationKey(rawBytes: key.bits))?.isValid(signature: signature, for: message) ?? false
    default: return false
    }
  }

  private func rsa(
    _ signature: [UInt8], _ digest: any Digest, _ key: PublicKeyInfo, _ padding: _RSA.Signing.Padding
  ) -> Bool {
    guard let modulus = try? _RSA.Signing.PublicKey(derRepresentation: key.der), modulus.keySizeInBits >= 2048
    else { return false }
    let value = _RSA.Signing.RSASignature(rawRepresentation: signature)
    return modulus.isValidSignature(value, for: digest, padding: padding)
  }
}

/// A public key in DER with what it is for.
struct PublicKeyInfo {
  enum Kind { case rsa, p256, p384, ed25519, other }

  let kind: Kind
  /// SubjectPublicKeyInfo.
  let der: [UInt8]
  /// The key within.
  let bits: [UInt8]

  init(_ node: ASN1Node) throws {
    var fields = try Fields(node, "a public key")
    let algorithm = try AlgorithmIdentifier(try fields.next())
    let string = try fields.value(ASN1BitString.self)
    try fields.end()
    guard string.paddingBits == 0 else { throw Malformed("a public key is not whole bytes") }
    der = Array(node.encodedBytes)
    bits = Array(string.bytes)
    let curve = try? algorithm.parameters.map { try ASN1ObjectIdentifier(derEncoded: $0) }
    switch (algorithm.name, curve ?? nil) {
    case (Names.rsa, _) where algorithm.isPlain: kind = .rsa
    case (Names.ecKey, Names.p256?): kind = .p256
    case (Names.ecKey, Names.p384?): kind = .p384
    case (Names.ed25519, nil) where algorithm.parameters == nil: kind = .ed25519
    default: kind = .other
    }
  }
}
