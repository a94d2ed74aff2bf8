/// The two DER forms of Ed25519 keys (RFC 8410): a fixed prefix and 32 bytes.
enum KeyEncoding: String {
  /// SubjectPublicKeyInfo; the label of its PEM block.
  case publicKey = "PUBLIC KEY"
  /// PKCS #8 PrivateKeyInfo, version 0, without attributes; the label of its PEM block.
  case privateKey = "PRIVATE KEY"

  var prefix: [UInt8] {
    switch self {
    case .publicKey: [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    case .privateKey:
      [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
    }
  }

  /// The DER form of 32 bytes.
  func der(_ raw: [UInt8]) -> [UInt8] { prefix + raw }

  /// The 32 bytes of a PEM text.
  func raw(pem text: [UInt8], place: String) throws(CertificateError) -> [UInt8] {
    guard let block = PEMBlock(text) else {
      // A file with several blocks or notes around them must still not pass for a harmless format problem.
      if self == .publicKey, String(decoding: text, as: UTF8.self).contains("PRIVATE KEY-----") {
        throw keyIsPrivate(place)
      }
      let start = String(decoding: text.prefix(64), as: UTF8.self)
      if start.hasPrefix("ssh-") || start.contains("OPENSSH") {
        throw CertificateError(
          .keyFormat, at: place, "the key is in the form of OpenSSH",
          fix: "make one with `dspec keygen`, or with `openssl genpkey -algorithm ed25519`")
      }
      throw CertificateError(
        .keyFormat, at: place, "the text is not exactly one PEM block",
        fix: "give what `openssl pkey` writes, without notes or further blocks")
    }
    try checkLabel(block.label, place: place)
    if block.bytes.starts(with: prefix), block.bytes.count == prefix.count + 32 {
      return Array(block.bytes.suffix(32))
    }
    if let algorithm = algorithm(of: block.bytes), algorithm != [0x2B, 0x65, 0x70] {
      throw wrongType(Self.algorithmNames[algorithm] ?? "another algorithm's", place)
    }
    throw CertificateError(
      .keyFormat, at: place, "the key is not in the plain form of RFC 8410",
      fix: "convert it with `openssl pkey`")
  }

  private func checkLabel(_ label: String, place: String) throws(CertificateError) {
    if label == rawValue { return }
    switch (self, label) {
    case (.publicKey, _) where label.hasSuffix("PRIVATE KEY"): throw keyIsPrivate(place)
    case (.privateKey, "PUBLIC KEY"):
      throw CertificateError(
        .keyIsPublic, at: place, "the file holds a public key and a private one is needed",
        fix: "give the private key's file")
    case (.privateKey, "ENCRYPTED PRIVATE KEY"):
      throw CertificateError(
        .keyEncrypted, at: place, "the private key is encrypted",
        fix: "give its passphrase, on a terminal or with `--passphrase-file`")
    case (_, "EC PRIVATE KEY"): throw wrongType("an elliptic curve (ECDSA)", place)
    case (_, "RSA PRIVATE KEY"), (_, "RSA PUBLIC KEY"): throw wrongType("an RSA", place)
    default:
      throw CertificateError(
        .keyFormat, at: place, "the PEM block is labelled `\(label)`, not `\(rawValue)`",
        fix: "give a key in a block labelled `\(rawValue)`")
    }
  }

  private func keyIsPrivate(_ place: String) -> CertificateError {
    CertificateError(
      .keyIsPrivate, at: place, "the file holds a private key and a public one is needed",
      fix: "give the public key (`openssl pkey -in FILE -pubout`), and keep the private one to yourself")
  }

  private func wrongType(_ kind: String, _ place: String) -> CertificateError {
    CertificateError(
      .keyType, at: place, "the key is \(kind) key",
      fix: "use an Ed25519 key (`openssl genpkey -algorithm ed25519`)")
  }

  private static let algorithmNames: [[UInt8]: String] = [
    [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]: "an elliptic curve (ECDSA)",
    [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]: "an RSA",
    [0x2B, 0x65, 0x6E]: "an X25519", [0x2B, 0x65, 0x6F]: "an X448", [0x2B, 0x65, 0x71]: "an Ed448",
  ]

  /// The object identifier of the algorithm in a DER key of any type, for the message only.
  private func algorithm(of der: [UInt8]) -> [UInt8]? {
    var rest = der[...]
    func enter(_ tag: UInt8) -> ArraySlice<UInt8>? {
      guard let first = rest.first, first == tag, rest.count >= 2 else { return nil }
      var length = Int(rest[rest.startIndex + 1])
      rest = rest.dropFirst(2)
      if length > 0x80 {
        guard length <= 0x82, rest.count >= length - 0x80 else { return nil }
        let digits = rest.prefix(length - 0x80)
        rest = rest.dropFirst(length - 0x80)
        length = digits.reduce(0) { $0 << 8 | Int($1) }
      }
      return length <= rest.count ? rest.prefix(length) : nil
    }
    guard let outer = enter(0x30) else { return nil }
    rest = outer
    if self == .privateKey {
      guard let version = enter(0x02) else { return nil }
      rest = rest.dropFirst(version.count)
    }
    guard let identifier = enter(0x30) else { return nil }
    rest = identifier
    return enter(0x06).map(Array.init)
  }
}
