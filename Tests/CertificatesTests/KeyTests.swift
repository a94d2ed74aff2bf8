import Certificates
import Crypto
import Foundation
import SeededDraws
import Testing

private func bytes(_ hex: String) throws -> [UInt8] {
  var bytes: [UInt8] = []
  var rest = hex[...]
  while !rest.isEmpty {
    bytes.append(try #require(UInt8(rest.prefix(2), radix: 16)))
    rest = rest.dropFirst(2)
  }
  return bytes
}

@Suite struct KeyEncodingTests {
  @Test func rfc8410PairReadsAndWrites() throws {
    let secret = try SigningKey(pem: Array(KeySamples.privatePEM.utf8))
    let known = try VerificationKey(pem: Array(KeySamples.publicPEM.utf8))
    #expect(secret.verificationKey == known)
    #expect(secret.pem == KeySamples.privatePEM)
    #expect(known.pem == KeySamples.publicPEM)
    #expect(try VerificationKey(pem: Array(KeySamples.publicPEM.replacing("\n", with: "\r\n").utf8)) == known)
    #expect(try VerificationKey(pem: Array(KeySamples.publicPEM.dropLast().utf8)) == known)
    let der = try bytes("302a300506032b6570032100") + known.rawBytes
    #expect(known.keyID == ContentDigest(of: der).hex)
    #expect(!"\(secret)".contains("1O5y") && !String(reflecting: secret).contains("212, 238"))
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("212"))
  }

  // RFC 8032 section 7.1, tests 1 to 3, through the PEM forms.
  @Test(arguments: [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ])
  func rfc8032Vectors(seed: String, point: String, message: String, signature: String) throws {
    let made = try SigningKey(seed: try bytes(seed))
    let key = try SigningKey(pem: Array(made.pem.utf8))
    let known = try VerificationKey(pem: Array(key.verificationKey.pem.utf8))
    #expect(known.rawBytes == (try bytes(point)))
    #expect(try key.signature(for: try bytes(message)) == (try bytes(signature)))
    #expect(known.isValid(signature: try bytes(signature), for: try bytes(message)))
    #expect(!known.isValid(signature: try bytes(signature), for: try bytes(message) + [0]))
    for bit in stride(from: 0, to: 512, by: 37) {
      var flipped = try bytes(signature)
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!known.isValid(signature: flipped, for: try bytes(message)))
    }
  }

  @Test(arguments: [
    (KeySamples.privatePEM, CertificateError.Code.keyIsPrivate), (KeySamples.ecPrivate, .keyIsPrivate),
    (KeySamples.ecTraditional, .keyIsPrivate), (KeySamples.encrypted, .keyIsPrivate),
    (KeySamples.publicPEM + KeySamples.privatePEM, .keyIsPrivate),
    ("note\n" + KeySamples.privatePEM, .keyIsPrivate),
    (KeySamples.ecPublic, .keyType), (KeySamples.rsaPublic, .keyType),
    (KeySamples.rsaTraditionalPublic, .keyType),
    (KeySamples.ed448Public, .keyType), (KeySamples.x25519Public, .keyType), ("", .keyFormat),
    ("hello", .keyFormat),
    (KeySamples.publicPEM + KeySamples.publicPEM, .keyFormat),
    ("# my key\n" + KeySamples.publicPEM, .keyFormat),
    (KeySamples.publicPEM.replacing("PUBLIC KEY", with: "CERTIFICATE"), .keyFormat),
    (KeySamples.publicPEM.replacing("END PUBLIC", with: "END OTHER"), .keyFormat),
    (KeySamples.publicPEM.replacing("MCow", with: "MCoA"), .keyFormat),
    (KeySamples.publicPEM.replacing("ZuE=", with: "ZuE"), .keyFormat),
    (KeySamples.publicPEM.replacing("ZuE=", with: "ZuF="), .keyFormat),
    (KeySamples.publicPEM.replacing("MCow", with: "MC ow"), .keyFormat),
    ("-----BEGIN -----\n-----END -----\n", .keyFormat),
    ("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", .keyFormat),
  ])
  func refusesAsPublic(text: String, expected: CertificateError.Code) {
    #expect(refusal { _ = try VerificationKey(pem: Array(text.utf8)) } == expected)
  }

  @Test(arguments: [
    (KeySamples.publicPEM, CertificateError.Code.keyIsPublic), (KeySamples.encrypted, .keyEncrypted),
    (KeySamples.ecPrivate, .keyType), (KeySamples.ecTraditional, .keyType),
    (KeySamples.ed448Private, .keyType),
    (KeySamples.privateVersion1PEM, .keyFormat), ("", .keyFormat),
  ])
  func refusesAsPrivate(text: String, expected: CertificateError.Code) {
    #expect(refusal { _ = try SigningKey(pem: Array(text.utf8)) } == expected)
  }

  @Test func mutatedFilesNeverTrap() {
    var generator = SeededGenerator(seed: 8410)
    var accepted = 0
    for round in 0..<4000 {
      var text = Array((round.isMultiple(of: 2) ? KeySamples.publicPEM : KeySamples.rsaPublic).utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0..<text.count, using: &generator)
        if Bool.random(using: &generator) {
          text[position] = UInt8.random(in: 0...255, using: &generator)
        } else {
          text.remove(at: position)
        }
      }
      if (try? VerificationKey(pem: text)) != nil { accepted += 1 }
      _ = try? SigningKey(pem: text)
    }
    #expect(accepted < 4000)
  }
}

@Suite struct ForgeryTests {
  /// The eight points of small order, with both signs of x where the encoding has a sign bit.
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

  @Test(arguments: smallOrder)
  func pointsOfSmallOrderAreRefused(hex: String) throws {
    let point = try bytes(hex)
    #expect(refusal { _ = try VerificationKey(rawBytes: point) } == .keySmallOrder)
    // The identity as R and zero as S satisfy R = [S]B − [h]A whenever the order of A divides h: a forgery that
    // the library itself accepts, which also shows that the point is one of small order.
    let forgery = [1] + [UInt8](repeating: 0, count: 63)
    let key = try Curve25519.Signing.PublicKey(rawRepresentation: point)
    let accepted = (0..<64).count { key.isValidSignature(forgery, for: [UInt8($0)]) }
    #expect(hex.hasPrefix("01") ? accepted == 64 : accepted > 0)
  }

  @Test(arguments: [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ])
  func negativeZeroIsRefused(hex: String) throws {
    let point = try bytes(hex)
    #expect(refusal { _ = try VerificationKey(rawBytes: point) } == .keySmallOrder)
  }

  @Test(arguments: 0..<19)
  func unreducedCoordinatesAreRefused(surplus: Int) {
    for top: UInt8 in [0x7F, 0xFF] {
      let point = [UInt8(0xED + surplus)] + [UInt8](repeating: 0xFF, count: 30) + [top]
      #expect(refusal { _ = try VerificationKey(rawBytes: point) } == .keyNonCanonical)
    }
  }

  @Test func scalarsAboveTheOrderAreRefused() throws {
    let key = try SigningKey(seed: [UInt8](1...32))
    let message = Array("payload".utf8)
    let order = try bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    var signature = try key.signature(for: message)
    #expect(key.verificationKey.isValid(signature: signature, for: message))
    for _ in 0..<8 {
      var carry = 0
      for index in 0..<32 {
        let sum = Int(signature[32 + index]) + Int(order[index]) + carry
        signature[32 + index] = UInt8(sum & 0xFF)
        carry = sum >> 8
      }
      #expect(!key.verificationKey.isValid(signature: signature, for: message))
    }
    #expect(!key.verificationKey.isValid(signature: Array(signature.prefix(32)) + order, for: message))
    for length in [0, 1, 63, 65, 128] {
      #expect(!key.verificationKey.isValid(signature: [UInt8](repeating: 0, count: length), for: message))
    }
  }

  @Test func otherLengthsAreRefused() {
    for count in [0, 31, 33] {
      #expect(
        refusal { _ = try VerificationKey(rawBytes: [UInt8](repeating: 9, count: count)) } == .keyFormat)
      #expect(refusal { _ = try SigningKey(seed: [UInt8](repeating: 9, count: count)) } == .keyFormat)
    }
  }
}

@Suite struct KeyFileTests {
  @Test func filesAreOwnersOnlyAndNeverOverwritten() throws {
    try withTemporaryFolder("keys") { folder in
      let key = try SigningKey(seed: [UInt8](1...32))
      let secretPath = "\(folder)/signer.pem"
      let publicPath = "\(folder)/signer.pub.pem"
      try KeyFile.write(key, to: secretPath)
      try KeyFile.write(key.verificationKey, to: publicPath)
      let mode = try FileManager.default.attributesOfItem(atPath: secretPath)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      #expect(try KeyFile.signingKey(at: secretPath).verificationKey == key.verificationKey)
      #expect(try KeyFile.verificationKey(at: publicPath) == key.verificationKey)
      let before = try Data(contentsOf: URL(filePath: secretPath))
      #expect(refusal { try KeyFile.write(try SigningKey.generate(), to: secretPath) } == .exists)
      #expect(try Data(contentsOf: URL(filePath: secretPath)) == before)
      let link = "\(folder)/link.pem"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "\(folder)/target.pem")
      #expect(refusal { try KeyFile.write(key, to: link) } == .exists)
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/target.pem"))
      #expect(refusal { try KeyFile.write(key, to: "\(folder)/absent/key.pem") } == .write)
      #expect(refusal { _ = try KeyFile.verificationKey(at: secretPath) } == .keyIsPrivate)
      #expect(refusal { _ = try KeyFile.verificationKey(at: "\(folder)/none") } == .read)
      #expect(refusal { _ = try KeyFile.verificationKey(at: folder) } == .path)
      #expect(refusal { _ = try KeyFile.verificationKey(at: "/dev/zero") } == .path)
    }
  }

  @Test func freshKeysDiffer() throws {
    #expect(try SigningKey.generate().verificationKey != (try SigningKey.generate().verificationKey))
  }
}
