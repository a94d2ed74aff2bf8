import Certificates
import Crypto
import SwiftASN1

/// An X.509 certificate as far as a timestamping authority needs it (RFC 5280).
struct AuthorityCertificate {
  let der: [UInt8]
  /// The signed part.
  let body: [UInt8]
  let serial: [UInt8]
  /// DER of the names.
  let issuer: [UInt8]
  let subject: [UInt8]
  let notBefore: Moment
  let notAfter: Moment
  let key: PublicKeyInfo
  let scheme: SignatureScheme?
  let signature: [UInt8]
  let extensions: [Extension]
  /// The subject's common name, for people.
  let commonName: String?

  struct Extension {
    let name: ASN1ObjectIdentifier
    let isCritical: Bool
    let value: [UInt8]
  }

  init(_ node: ASN1Node) throws {
    var outer = try Fields(node, "a certificate")
    let bodyNode = try outer.next()
    let algorithm = try AlgorithmIdentifier(try outer.next())
    let string = try outer.value(ASN1BitString.self)
    try outer.end()
    guard string.paddingBits == 0 else { throw Malformed("a certificate's signature is not whole bytes") }
    der = Array(node.encodedBytes)
    body = Array(bodyNode.encodedBytes)
    signature = Array(string.bytes)
    // A certificate given as an anchor may be signed in a way that nobody asks about.
    scheme = try? SignatureScheme(algorithm, digest: nil)

    var fields = try Fields(bodyNode, "a certificate's body")
    let version = fields.optional(tag: 0)
    guard let version, try Int(derEncoded: Fields.inside(version, "a version")) == 2 else {
      throw Malformed("a certificate is not of X.509 version 3")
    }
    serial = try fields.next().primitive("a serial number")
    guard try AlgorithmIdentifier(try fields.next()) == algorithm else {
      throw Malformed("a certificate names two signature algorithms")
    }
    issuer = Array(try fields.next().encodedBytes)
    var period = try fields.fields("a certificate's period")
    notBefore = try Moment(try period.next())
    notAfter = try Moment(try period.next())
    try period.end()
    let name = try fields.next()
    subject = Array(name.encodedBytes)
    commonName = try Self.commonName(name)
    key = try PublicKeyInfo(try fields.next())
    _ = fields.optional(tag: 1)
    _ = fields.optional(tag: 2)
    extensions = try fields.optional(tag: 3).map(Self.extensions) ?? []
    try fields.end()
  }

  private static func extensions(_ node: ASN1Node) throws -> [Extension] {
    var list = try Fields(Fields.inside(node, "extensions"), "extensions")
    var extensions: [Extension] = []
    var names: Set<ASN1ObjectIdentifier> = []
    while !list.isAtEnd {
      let item = try Extension(try list.next())
      guard names.insert(item.name).inserted else {
        throw Malformed("an extension occurs twice")
      }
      extensions.append(item)
    }
    return extensions
  }

  private static func commonName(_ node: ASN1Node) throws -> String? {
    var names = try Fields(node, "a name")
    var found: String?
    while !names.isAtEnd {
      var set = try names.fields("a part of a name", identifier: .set)
      while !set.isAtEnd {
        var pair = try set.fields("a part of a name")
        let isCommonName = try pair.value(ASN1ObjectIdentifier.self) == Names.commonName
        let value = try pair.next()
        try pair.end()
        if isCommonName, case .primitive(let bytes) = value.content {
          found = VisibleText.cleaned(String(decoding: bytes, as: UTF8.self))
        }
      }
    }
    return found
  }

  func value(_ name: ASN1ObjectIdentifier) -> [UInt8]? { extensions.first { $0.name == name }?.value }

  /// SHA-256 of the certificate.
  var fingerprint: ContentDigest { ContentDigest(of: der) }
}

extension AuthorityCertificate.Extension {
  init(_ node: ASN1Node) throws {
    var fields = try Fields(node, "an extension")
    name = try fields.value()
    var critical = false
    if let flag = fields.optional(.boolean) {
      // DER writes the default FALSE by leaving it out.
      guard (try? Bool(derEncoded: flag)) == true else { throw Malformed("an extension is malformed") }
      critical = true
    }
    isCritical = critical
    value = Array(try fields.value(ASN1OctetString.self).bytes)
    try fields.end()
  }
}

// MARK: What a certificate may be used for

extension AuthorityCertificate {
  /// Extensions whose meaning is heeded here; a critical one outside must lead to refusal (RFC 5280 section 4.2).
  ///
  /// Policies limit what a certificate is worth to somebody; the reader has decided that by naming the anchor.
  private static let understood = [
    Names.keyUsage, Names.basicConstraints, Names.certificatePolicies, Names.extendedKeyUsage,
  ]

  private func checkCritical() throws {
    if let unknown = extensions.first(where: { $0.isCritical && !Self.understood.contains($0.name) }) {
      throw Malformed("a certificate has the critical extension `\(unknown.name)`, which is not understood")
    }
  }

  private func checkPeriod(_ moment: Moment, _ owner: String) throws {
    guard notBefore <= moment, moment <= notAfter else {
      throw Malformed("the certificate of the \(owner) was not valid at the token's time")
    }
  }

  /// Refuses a certificate that may not sign timestamps: RFC 3161 section 2.3 wants the one purpose `timeStamping`, critical.
  func checkStamps(at moment: Moment) throws {
    try checkCritical()
    try checkPeriod(moment, "authority")
    guard let purpose = extensions.first(where: { $0.name == Names.extendedKeyUsage }), purpose.isCritical
    else {
      throw Malformed("the authority's certificate is not marked, critically, for timestamps")
    }
    var purposes = try Fields(der: purpose.value, "the purposes of a key")
    guard purposes.left == 1, try purposes.value(ASN1ObjectIdentifier.self) == Names.timeStamping else {
      throw Malformed("the authority's certificate is not for timestamps alone")
    }
    // digitalSignature or contentCommitment.
    if let bits = try usage(), bits & 0xC0 == 0 {
      throw Malformed("the authority's certificate may not sign")
    }
  }

  /// Refuses a certificate that may not issue others.
  func checkIssues(at moment: Moment) throws {
    try checkCritical()
    try checkPeriod(moment, "issuer")
    guard let value = value(Names.basicConstraints) else {
      throw Malformed("the trusted certificate is neither the authority's nor an issuer's")
    }
    var constraints = try Fields(der: value, "the constraints of a certificate")
    guard let flag = constraints.optional(.boolean), (try? Bool(derEncoded: flag)) == true else {
      throw Malformed("the trusted certificate is neither the authority's nor an issuer's")
    }
    // keyCertSign.
    if let bits = try usage(), bits & 0x04 == 0 {
      throw Malformed("the trusted certificate may not issue others")
    }
  }

  /// The first byte of the key's usage; nil where there is none, and everything is allowed.
  private func usage() throws -> UInt8? {
    guard let value = value(Names.keyUsage) else { return nil }
    guard let string = try? ASN1BitString(derEncoded: value), let first = string.bytes.first else {
      throw Malformed("the usage of a key is malformed")
    }
    return first
  }

  /// Whether a certificate with this key signed another.
  func signed(_ other: AuthorityCertificate) -> Bool {
    guard other.issuer == subject, let scheme = other.scheme else { return false }
    return scheme.isValid(other.signature, for: other.body, under: key)
  }
}
