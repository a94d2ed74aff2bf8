import Certificates
import Crypto
import Tampering

/// Rows on envelopes, keys and times: 22, 34 to 41, 44, 46 and 47.
enum TrustRows {
  // MARK: Signatures

  static let signatures: [Row] = [
    Row(22, "in the envelope", by: .anybody, .refused("PAYLOAD_TYPE"), each: otherTypes) { attempt, type in
      try attempt.changeEnvelope { $0["payloadType"] = .string(type) }
    },
    Row(22, "under the signature", by: .keyHolder, .refused("SIGNATURE"), each: otherTypes) { attempt, type in
      let payload = attempt.image.payload ?? []
      let message = preAuthenticationEncoding(payloadType: type, payload: payload)
      let signature = try attempt.signer.key.signature(for: message)
      let name = attempt.signer.key.verificationKey.keyID
      try attempt.changeSignatures { $0[0] = signed(signature, as: name) }
      attempt.isSealed = true
    },
    Row(22, "over the payload alone", by: .keyHolder, .refused("SIGNATURE")) { attempt in
      let signature = try attempt.signer.key.signature(for: attempt.image.payload ?? [])
      let name = attempt.signer.key.verificationKey.keyID
      try attempt.changeSignatures { $0[0] = signed(signature, as: name) }
      attempt.isSealed = true
    },
    Row(34, "a key of somebody else's", by: .keyHolder, .refused("SIGNATURE")) {
      $0.signer = KeyHolder(try key(9))
    },
    Row(34, "a key of somebody else's under the trusted name", by: .keyHolder, .refused("SIGNATURE")) {
      attempt in
      let other = KeyHolder(try key(9))
      attempt.image = try other.sealed(attempt.image, attempt.statement)
      let name = attempt.base.holder.key.verificationKey.keyID
      try attempt.changeSignatures { try $0[0].set("keyid", .string(name)) }
      attempt.isSealed = true
    },
    Row(34, "no signature", by: .anybody, .refused("SIGNATURE")) { try $0.changeSignatures { $0 = [] } },
    Row(34, "an empty signature", by: .anybody, .refused("SIGNATURE")) {
      try $0.changeSignatures { try $0[0].set("sig", "") }
    },
    Row(34, "a bit of it", by: .anybody, .refused("SIGNATURE"), each: [0, 31, 32, 63]) { attempt, index in
      try attempt.changeSignature { $0[index] ^= 1 }
    },
    Row(34, "a byte less or more", by: .anybody, .refused("SIGNATURE"), each: [63, 65]) { attempt, length in
      try attempt.changeSignature { $0 = Array(($0 + [0]).prefix(length)) }
    },
    Row(34, "the signature of another certificate", .unsat, by: .anybody, .refused("SIGNATURE")) { attempt in
      var other = attempt
      try other.set("tool/version", "9.9.9")
      let signature = try other.finished(by: .keyHolder).envelope?["signatures"]
      try attempt.changeEnvelope { $0["signatures"] = signature }
    },
    Row(
      34, "the certificate of another bundle", by: .anybody,
      .refusedAs(["MODEL_MANIFEST", "SPEC_MANIFEST", "SIZE"])
    ) {
      var other = $0
      other.image["models/models/head.onnx"] = [1]
      $0.image[BundleImage.certificate] = try other.finished(by: .keyHolder)[BundleImage.certificate]
    },
    Row(35, "the same entry", by: .anybody, .refused("THRESHOLD"), each: [2, 16]) { attempt, count in
      try attempt.changeSignatures { $0 = [JSONValue](repeating: $0[0], count: count) }
      try attempt.demandTwo()
    },
    Row(35, "one signature", by: .anybody, .refused("THRESHOLD")) { try $0.demandTwo() },
    Row(35, "one key and a demand of two", by: .anybody, .unreadable("THRESHOLD")) {
      try $0.changeSignatures { $0 += $0 }
      $0.arguments += ["--threshold", "2"]
    },
    Row(35, "one key given twice", by: .anybody, .unreadable("KEY_DUPLICATE")) {
      try $0.changeSignatures { $0 += $0 }
      $0.arguments += ["--trust", "@issuer.pem", "--threshold", "2"]
    },
    Row(36, "another name for the same", by: .anybody, .refused("THRESHOLD"), each: ["x", ""]) {
      attempt, name in
      try attempt.changeSignatures {
        $0 += $0
        try $0[1].set("keyid", .string(name))
      }
      try attempt.demandTwo()
    },
    Row(36, "the name of the second key", by: .anybody, .refused("SIGNATURE")) { attempt in
      let second = try key(8).verificationKey.keyID
      try attempt.changeSignatures {
        $0 += $0
        try $0[1].set("keyid", .string(second))
      }
      try attempt.demandTwo()
    },
    Row(38, "once and more often", by: .anybody, .refused("SIGNATURE"), each: [1, 2, 7]) { attempt, times in
      try attempt.changeSignature { signature in
        for _ in 0..<times { addOrder(&signature) }
      }
    },
    Row(
      39, "the name", by: .anybody, .accepted, each: [nil, "", "wrong", .null, "a\u{1B}[2J"] as [JSONValue?]
    ) {
      attempt, name in
      try attempt.changeSignatures { try $0[0].set("keyid", name) }
    },
    Row(39, "members that nobody reads", by: .anybody, .accepted) {
      try $0.changeEnvelope { $0["comment"] = "verified by nobody" }
    },
    Row(40, "the URL-safe alphabet", by: .anybody, .accepted, each: ["sig", "payload"]) { attempt, member in
      func safe(_ value: JSONValue?) -> JSONValue {
        .string((value?.stringValue ?? "").replacing("+", with: "-").replacing("/", with: "_"))
      }
      if member == "payload" {
        // Equal where the payload's base64 happens to have neither sign; then white space makes the difference.
        try attempt.changeEnvelope { $0[member] = safe($0[member]) }
        attempt.spellEnvelope("{", "{ ")
      } else {
        try attempt.changeSignatures { try $0[0].set(member, safe($0[0].value(at: member))) }
        attempt.spellEnvelope("{", "{ ")
      }
    },
    Row(
      40, "line breaks and padding", by: .anybody, .refused("BASE64"),
      each: [{ $0 + "\n" }, { String($0.dropLast(1)) }, { $0 + "=" }, { " " + $0 }, { "+_==" + $0 }]
        as [@Sendable (String) -> String]
    ) { attempt, change in
      try attempt.changeSignatures {
        try $0[0].set("sig", .string(change($0[0].value(at: "sig")?.stringValue ?? "")))
      }
    },
  ]

  private static let otherTypes = [
    "application/json", "application/vnd.in-toto+jso", "application/vnd.in-toto+json ", "",
    "application/vnd.in-toto.other+json",
  ]

  static func key(_ number: UInt8) throws -> SigningKey {
    try SigningKey(seed: [UInt8](repeating: number, count: 32))
  }

  private static func signed(_ signature: [UInt8], as name: String) -> JSONValue {
    ["keyid": .string(name), "sig": .string(base64(signature))]
  }

  /// Adds the order of the group to S, which a reader that does not demand `S < L` takes for the same signature.
  private static func addOrder(_ signature: inout [UInt8]) {
    let order: [UInt8] = [
      0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0, 0, 0,
      0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]
    var carry = 0
    for index in 0..<32 {
      let sum = Int(signature[32 + index]) + Int(order[index]) + carry
      signature[32 + index] = UInt8(sum & 0xFF)
      carry = sum >> 8
    }
  }

  // MARK: Keys

  /// The eight points whose order divides eight, and encodings of theirs that are not reduced.
  private static let smallOrder = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  ]

  /// A public key file of 32 bytes in hexadecimal.
  private static func keyFile(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    let point = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
    let prefix: [UInt8] = [0x30, 0x2A, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 3, 0x21, 0]
    return Array("-----BEGIN PUBLIC KEY-----\n\(base64(prefix + point))\n-----END PUBLIC KEY-----\n".utf8)
  }

  static let keys: [Row] = [
    Row(37, "as the trusted one", by: .anybody, .unreadable("KEY_SMALL_ORDER"), each: smallOrder) {
      attempt, hex in
      // What a library accepts under the identity for any message.
      try attempt.changeSignature { $0 = [1] + [UInt8](repeating: 0, count: 63) }
      attempt.trust(keyFile(hex))
    },
    Row(37, "in an encoding that is not reduced", by: .anybody, .unreadable("KEY_NONCANONICAL")) {
      try $0.changeSignature { $0 = [1] + [UInt8](repeating: 0, count: 63) }
      $0.trust(keyFile("ee" + String(repeating: "ff", count: 30) + "7f"))
    },
    Row(46, "of the issuer", by: .anybody, .unreadable("KEY_IS_PRIVATE")) {
      let secret = $0.base.holder.key.pem
      $0.trust(Array(secret.utf8))
    },
    Row(47, "of P-256", by: .anybody, .unreadable("KEY_TYPE")) {
      $0.trust(Array(P256.Signing.PrivateKey().publicKey.pemRepresentation.utf8))
    },
    Row(47, "of P-384", by: .anybody, .unreadable("KEY_TYPE")) {
      $0.trust(Array(P384.Signing.PrivateKey().publicKey.pemRepresentation.utf8))
    },
  ]

  // MARK: Times and revocations

  private static let never = "2027-01-15T07:59:59Z"

  static let times: [Row] = [
    Row(41, "a second before its period", by: .anybody, .refused("NOT_YET_VALID")) { $0.moment = never },
    Row(
      41, "at its end", by: .anybody, .refused("EXPIRED"),
      each: ["2028-01-15T08:00:00Z", "9999-12-31T23:59:59Z"]
    ) {
      $0.moment = $1
    },
    Row(41, "by this machine's clock, too late", by: .keyHolder, .refused("EXPIRED")) {
      try $0.set("issuedAt", "1990-01-01T00:00:00Z")
      try $0.set("expiresAt", "1991-01-01T00:00:00Z")
      $0.moment = nil
    },
    Row(41, "by this machine's clock, too early", by: .keyHolder, .refused("NOT_YET_VALID")) {
      try $0.set("issuedAt", "9000-01-01T00:00:00Z")
      try $0.set("expiresAt", "9001-01-01T00:00:00Z")
      $0.moment = nil
    },
    Row(41, "a period without length", by: .keyHolder, .refused("FIELD_VALUE")) {
      try $0.set("expiresAt", $0.statement.value(at: "predicate/issuedAt"))
    },
    Row(41, "a key that had expired", by: .anybody, .refused("EXPIRED")) {
      $0.trust(try $0.trustFile(key: ", \"notAfter\": \"2027-01-15T08:00:00Z\""))
    },
    Row(41, "a key that did not count yet", by: .anybody, .refused("EXPIRED")) {
      $0.trust(try $0.trustFile(key: ", \"notBefore\": \"2027-01-15T08:00:01Z\""))
    },
    Row(
      41, "a key that was revoked", by: .anybody, .refused("REVOKED"), each: [never, "2027-05-01T00:00:00Z"]
    ) {
      attempt, moment in
      let name = attempt.base.holder.key.verificationKey.keyID
      attempt.trust(
        try attempt.trustFile(
          more: ", \"revokedKeys\": [{\"keyid\": \"\(name)\", \"at\": \"\(moment)\", \"reason\": \"lost\"}]"))
    },
    Row(41, "a certificate that was revoked", by: .anybody, .refused("REVOKED")) { attempt in
      let digest = ContentDigest(of: attempt.image.payload ?? [])
      attempt.trust(
        try attempt.trustFile(
          more: """
            , "revokedCertificates": [{"certificate": "\(digest)", "at": "2027-05-01T00:00:00Z", "reason": "wrong"}]
            """))
    },
    Row(41, "a statement of its issuer", by: .anybody, .refused("REVOKED")) {
      try $0.revoke(ContentDigest(of: $0.image.payload ?? []), by: $0.base.holder.key)
    },
    Row(44, "a revocation of another one", by: .anybody, .unreadable("RECEIPT_SUBJECT")) {
      try $0.revoke(ContentDigest(of: [1]), by: $0.base.holder.key)
    },
    Row(
      44, "a receipt for the certificate itself", by: .anybody,
      .refusedAs(["PREDICATE_TYPE", "NONCANONICAL"])
    ) {
      $0.image[BundleImage.certificate] = try SignedRemark(
        .receipt(receipt), on: ContentDigest(of: $0.image.payload ?? []), signer: $0.base.holder.key
      ).envelope.json()
    },
  ]

  private static var receipt: ReplayReceipt {
    get throws {
      guard let moment = Timestamp(ValidBundle.moment) else { throw EditFailure("no moment") }
      return ReplayReceipt(
        reviewedAt: moment,
        checker: ReplayReceipt.Checker(name: "dspec-replay", version: "1.0.0", digest: nil),
        result: .valid)
    }
  }
}
