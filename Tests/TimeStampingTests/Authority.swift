import Certificates

/// An authority with an Ed25519 key whose certificates and tokens can have any fault.
struct Authority {
  var key: SigningKey
  var subject = "Test authority"
  var serial: UInt8 = 7
  var notBefore = "20260101000000Z"
  var notAfter = "20270101000000Z"
  var extensions: [[UInt8]] = [Authority.purpose(), Authority.usage(0x80)]
  /// Who issued it; itself where nil.
  var issuer: (key: SigningKey, subject: String)?

  static let ed25519 = DERWriter.sequence(DERWriter.name(1, 3, 101, 112))
  static let sha256 = DERWriter.sequence(DERWriter.name(2, 16, 840, 1, 101, 3, 4, 2, 1))
  static let sha1 = DERWriter.sequence(DERWriter.name(1, 3, 14, 3, 2, 26))
  static let stampInfo = DERWriter.name(1, 2, 840, 113549, 1, 9, 16, 1, 4)

  init(_ key: SigningKey) { self.key = key }

  static func `extension`(_ name: [UInt8], isCritical: Bool, _ value: [UInt8]) -> [UInt8] {
    DERWriter.sequence(name, isCritical ? DERWriter.yes : [], DERWriter.octets(value))
  }

  static func purpose(isCritical: Bool = true, _ others: [UInt8]...) -> [UInt8] {
    let stamping = DERWriter.name(1, 3, 6, 1, 5, 5, 7, 3, 8)
    return self.extension(
      DERWriter.name(2, 5, 29, 37), isCritical: isCritical,
      DERWriter.value(0x30, stamping + others.flatMap { $0 }))
  }

  static func usage(_ bits: UInt8) -> [UInt8] {
    self.extension(DERWriter.name(2, 5, 29, 15), isCritical: true, DERWriter.bits([bits]))
  }

  static func issues(_ isIssuer: Bool) -> [UInt8] {
    self.extension(
      DERWriter.name(2, 5, 29, 19), isCritical: true, DERWriter.sequence(isIssuer ? DERWriter.yes : []))
  }

  static func named(_ subject: String) -> [UInt8] {
    DERWriter.sequence(
      DERWriter.set([DERWriter.sequence(DERWriter.name(2, 5, 4, 3), DERWriter.text(subject))]))
  }

  /// The certificate.
  func certificate() throws -> [UInt8] {
    let body = DERWriter.sequence(
      DERWriter.tagged(0, DERWriter.integer(2)), DERWriter.integer(serial), Self.ed25519,
      Self.named(issuer?.subject ?? subject),
      DERWriter.sequence(DERWriter.time(notBefore), DERWriter.time(notAfter)), Self.named(subject),
      DERWriter.sequence(Self.ed25519, DERWriter.bits(key.verificationKey.rawBytes)),
      DERWriter.tagged(3, DERWriter.value(0x30, extensions.flatMap { $0 })))
    let signature = try (issuer?.key ?? key).signature(for: body)
    return DERWriter.sequence(body, Self.ed25519, DERWriter.bits(signature))
  }

  /// What is stamped, and how.
  struct Stamp {
    var imprint: [UInt8]
    var hash = Authority.sha256
    var time = "20260601120000Z"
    var version: UInt8 = 1
    var rest: [UInt8] = []
    var contentType = Authority.stampInfo
    /// Attributes besides content type, digest and certificate; nil for no attributes at all.
    var attributes: [[UInt8]]? = []
    var leavesOut: Set<String> = []
    var digest: [UInt8]?
    var boundCertificate: [UInt8]?
    var signers = 1
    var sendsCertificate = true

    init(of bytes: [UInt8]) { imprint = ContentDigest(of: bytes).bytes }
  }

  /// The token.
  func token(_ stamp: Stamp) throws -> [UInt8] {
    let info = DERWriter.sequence(
      DERWriter.integer(stamp.version), DERWriter.name(1, 2, 3, 4),
      DERWriter.sequence(stamp.hash, DERWriter.octets(stamp.imprint)), DERWriter.integer(1),
      DERWriter.time(stamp.time), stamp.rest)
    let own = try certificate()
    func attribute(_ name: [UInt8], _ value: [UInt8]) -> [UInt8] {
      DERWriter.sequence(name, DERWriter.set([value]))
    }
    let bound = DERWriter.octets(ContentDigest(of: stamp.boundCertificate ?? own).bytes)
    let standard = [
      "type": attribute(DERWriter.name(1, 2, 840, 113549, 1, 9, 3), stamp.contentType),
      "digest": attribute(
        DERWriter.name(1, 2, 840, 113549, 1, 9, 4),
        DERWriter.octets(stamp.digest ?? ContentDigest(of: info).bytes)),
      "certificate": attribute(
        DERWriter.name(1, 2, 840, 113549, 1, 9, 16, 2, 47),
        DERWriter.sequence(DERWriter.sequence(DERWriter.sequence(bound)))),
    ]
    let attributes =
      standard.filter { !stamp.leavesOut.contains($0.key) }.map(\.value) + (stamp.attributes ?? [])
    let signed = stamp.attributes == nil ? info : DERWriter.set(attributes)
    let signer = DERWriter.sequence(
      DERWriter.integer(1),
      DERWriter.sequence(Self.named(issuer?.subject ?? subject), DERWriter.integer(serial)), Self.sha256,
      stamp.attributes == nil ? [] : DERWriter.set(attributes, tag: 0xA0), Self.ed25519,
      DERWriter.octets(try key.signature(for: signed)))
    let data = DERWriter.sequence(
      DERWriter.integer(3), DERWriter.set([Self.sha256]),
      DERWriter.sequence(stamp.contentType, DERWriter.tagged(0, DERWriter.octets(info))),
      stamp.sendsCertificate ? DERWriter.tagged(0, own) : [],
      DERWriter.value(0x31, (0..<stamp.signers).flatMap { _ in signer }))
    return DERWriter.sequence(DERWriter.name(1, 2, 840, 113549, 1, 7, 2), DERWriter.tagged(0, data))
  }

  /// The answer of an authority that gave a token.
  static func answer(_ token: [UInt8], status: UInt8 = 0) -> [UInt8] {
    DERWriter.sequence(DERWriter.sequence(DERWriter.integer(status)), token)
  }
}
