import Certificates
import Crypto
import SwiftASN1

/// `SignedData` of CMS (RFC 5652 section 5) with the one signer that a timestamp has.
struct SignedMessage {
  /// The content, DER of `TSTInfo`.
  let content: [UInt8]
  /// The certificates sent along; those that are not understood are left out, since one of them may be a stranger's.
  let certificates: [AuthorityCertificate]
  let signer: Signer

  /// Which certificate the signature says it belongs to.
  enum SignerName {
    case issuer([UInt8], serial: [UInt8])
    case key([UInt8])
  }

  struct Signer {
    let name: SignerName
    let digest: HashAlgorithm
    let scheme: SignatureScheme
    let signature: [UInt8]
    /// The signed attributes as they are hashed: DER of a SET (section 5.4).
    let signedBytes: [UInt8]
    let attributes: [(name: ASN1ObjectIdentifier, value: ASN1Node)]
  }

  /// Reads a `ContentInfo`.
  init(_ node: ASN1Node) throws {
    var info = try Fields(node, "the token")
    guard try info.value(ASN1ObjectIdentifier.self) == Names.signedData else {
      throw Malformed("the token is not signed data of CMS")
    }
    let data = try Fields.inside(try Self.tagged(&info, 0, "the signed data"), "the signed data")
    try info.end()
    var fields = try Fields(data, "the signed data")
    _ = try fields.value(Int.self)
    _ = try fields.fields("the digests", identifier: .set)
    var inner = try fields.fields("the content")
    guard try inner.value(ASN1ObjectIdentifier.self) == Names.stampInfo else {
      throw Malformed("the token does not hold a timestamp")
    }
    let wrapped = try Fields.inside(try Self.tagged(&inner, 0, "the content"), "the content")
    try inner.end()
    guard wrapped.identifier == .octetString else { throw Malformed("the content is no octet string") }
    content = try wrapped.primitive("the content")
    var certificates: [AuthorityCertificate] = []
    if let node = fields.optional(tag: 0) {
      var list = try Fields(node, "the certificates", identifier: node.identifier)
      guard list.left <= 32 else { throw Malformed("the token carries more than 32 certificates") }
      while !list.isAtEnd {
        if let certificate = try? AuthorityCertificate(try list.next()) { certificates.append(certificate) }
      }
    }
    self.certificates = certificates
    _ = fields.optional(tag: 1)
    var signers = try fields.fields("the signers", identifier: .set)
    guard signers.left == 1 else { throw Malformed("the token does not have exactly one signer") }
    signer = try Signer(try signers.next())
    try fields.end()
  }

  private static func tagged(_ fields: inout Fields, _ tag: UInt, _ name: String) throws -> ASN1Node {
    guard let node = fields.optional(tag: tag) else { throw Malformed("\(name) is absent") }
    return node
  }

  /// The certificate that made the signature, among those given.
  ///
  /// Two signed statements must agree: the signer's name, and the digest of the certificate in the attribute
  /// `signingCertificate` (RFC 5035, RFC 5816), without which a certificate of the same name could be put in its place.
  func signerCertificate(among candidates: [AuthorityCertificate]) throws -> AuthorityCertificate {
    let bindings = try signer.certificateBindings()
    guard
      let found = candidates.first(where: { candidate in
        signer.isNamed(candidate) && bindings.allSatisfy { $0.matches(candidate.der) }
      })
    else { throw Malformed("the certificate that signed is neither in the token nor given") }
    return found
  }

  /// Refuses a message that the certificate's key has not signed.
  func checkSignature(by certificate: AuthorityCertificate) throws {
    let type = try signer.attribute(Names.contentType).flatMap { try? ASN1ObjectIdentifier(derEncoded: $0) }
    guard type == Names.stampInfo else { throw Malformed("the signature is not said to be of a timestamp") }
    let digest = try signer.attribute(Names.messageDigest).flatMap { try? ASN1OctetString(derEncoded: $0) }
    guard let digest, Array(digest.bytes) == signer.digest.bytes(content) else {
      throw Malformed("the signature is not of this timestamp")
    }
    guard signer.scheme.isValid(signer.signature, for: signer.signedBytes, under: certificate.key) else {
      throw Malformed("the authority's signature does not verify")
    }
  }
}

/// The digest of the certificate that signed.
struct CertificateBinding {
  let digest: [UInt8]
  /// Nil for SHA-1, which the older attribute prescribes; the chain to the anchor does not rest on it.
  let hash: HashAlgorithm?

  func matches(_ der: [UInt8]) -> Bool {
    digest == (hash.map { $0.bytes(der) } ?? Array(Insecure.SHA1.hash(data: der)))
  }
}

extension SignedMessage.Signer {
  init(_ node: ASN1Node) throws {
    var fields = try Fields(node, "the signer")
    _ = try fields.value(Int.self)
    if let key = fields.optional(tag: 0) {
      name = .key(try key.primitive("the signer's key"))
    } else {
      var pair = try fields.fields("the signer's name")
      let issuer = Array(try pair.next().encodedBytes)
      name = .issuer(issuer, serial: try pair.next().primitive("a serial number"))
      try pair.end()
    }
    digest = try HashAlgorithm(AlgorithmIdentifier(try fields.next()))
    guard let signed = fields.optional(tag: 0) else { throw Malformed("there are no signed attributes") }
    // What is hashed has the tag of a SET in place of the implicit one.
    signedBytes = [0x31] + signed.encodedBytes.dropFirst()
    attributes = try Self.attributes(signed)
    scheme = try SignatureScheme(AlgorithmIdentifier(try fields.next()), digest: digest)
    signature = Array(try fields.value(ASN1OctetString.self).bytes)
    _ = fields.optional(tag: 1)
    try fields.end()
  }

  private static func attributes(
    _ node: ASN1Node
  ) throws -> [(name: ASN1ObjectIdentifier, value: ASN1Node)] {
    var list = try Fields(node, "the signed attributes", identifier: node.identifier)
    var attributes: [(name: ASN1ObjectIdentifier, value: ASN1Node)] = []
    var names: Set<ASN1ObjectIdentifier> = []
    while !list.isAtEnd {
      var fields = try list.fields("a signed attribute")
      let name = try fields.value(ASN1ObjectIdentifier.self)
      var values = try fields.fields("a signed attribute", identifier: .set)
      try fields.end()
      guard values.left == 1, names.insert(name).inserted else {
        throw Malformed("a signed attribute has several values")
      }
      attributes.append((name, try values.next()))
    }
    return attributes
  }

  func attribute(_ name: ASN1ObjectIdentifier) throws -> ASN1Node? {
    attributes.first { $0.name == name }?.value
  }

  func isNamed(_ certificate: AuthorityCertificate) -> Bool {
    switch name {
    case .issuer(let issuer, let serial): return certificate.issuer == issuer && certificate.serial == serial
    case .key(let identifier):
      guard let value = certificate.value(Names.subjectKeyIdentifier),
        let own = try? ASN1OctetString(derEncoded: value)
      else { return false }
      return Array(own.bytes) == identifier
    }
  }

  /// What the attributes `signingCertificate` say of the signer: the first of their lists (RFC 5035 section 5).
  func certificateBindings() throws -> [CertificateBinding] {
    var bindings: [CertificateBinding] = []
    if let node = try attribute(Names.signingCertificate) {
      var entry = try Self.firstEntry(node)
      let digest = Array(try entry.value(ASN1OctetString.self).bytes)
      bindings.append(CertificateBinding(digest: digest, hash: nil))
    }
    if let node = try attribute(Names.signingCertificateV2) {
      var entry = try Self.firstEntry(node)
      // The default, SHA-256, is left out.
      let hash = try entry.optional(.sequence).map { try HashAlgorithm(AlgorithmIdentifier($0)) } ?? .sha256
      let digest = Array(try entry.value(ASN1OctetString.self).bytes)
      bindings.append(CertificateBinding(digest: digest, hash: hash))
    }
    guard !bindings.isEmpty else { throw Malformed("the signature does not say which certificate it is by") }
    return bindings
  }

  private static func firstEntry(_ node: ASN1Node) throws -> Fields {
    var lists = try Fields(node, "the signing certificate")
    var entries = try lists.fields("the signing certificate")
    return try entries.fields("the signing certificate")
  }
}
