import Certificates
import Foundation
import SeededDraws
import Testing

/// The key of RFC 8410 section 10.3 as OpenSSL 3.0 encrypts it; every secret here is public.
private enum Encrypted {
  static let passphrase = Array("correct-horse".utf8)
  // `openssl pkcs8 -topk8 -scrypt`.
  static let scrypt = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAhavQkXNWOkjwICQAAC
    AQgCAQEwHQYJYIZIAWUDBAEqBBDQPkjEZK7uB6rrucvcqRs5BEATncv/1ejbSwpi
    bc60cLlBoPmYM57S3/DujtklxCit9zoZz77hRfNE+Q7ojGe91CulCYoLvvHLw060
    wuunFz1n
    -----END ENCRYPTED PRIVATE KEY-----

    """
  // `-v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 600000`.
  static let pbkdf2 = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIGcMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAh4Sge9UUY31QIDCSfA
    MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBD7oLmffm05CbfC4Ga6I8dXBECC
    +RMFGJK0Now48wPoD7mIhNPqpyIPD6GdAuvIMdw9BhKIwmSyefHgLDc5fwTtISCK
    dz15miS5RBNfHkSp0y5K
    -----END ENCRYPTED PRIVATE KEY-----

    """
  // the same with `hmacWithSHA512`.
  static let pbkdf2Long = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIGcMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAhugD4/YGrXBAIDCSfA
    MAwGCCqGSIb3DQILBQAwHQYJYIZIAWUDBAEqBBCi6uODurgmQ6oqX9yp7OkBBEDz
    w09TVZvSqnYFPStUoA4I2xCIJxB1FL2MyIM94LiSFlb8qOu3kdFjKwx8MgVLb/DX
    lmN2PG5WwrsrS9vXGeXu
    -----END ENCRYPTED PRIVATE KEY-----

    """
  // `openssl pkey -aes256`: 2,048 rounds.
  static let fewRounds = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgWFF7wyT+zGwICCAAw
    DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHnkEj6AMCTkYze1gWhj6rgEQMHF
    nTAZisW6/1LLQrbEPZhvWq+5pXt2h87F7F/BPEUyXwpexe/RdKDLMo5V5iWCd5JP
    1J3lxGNStMefWBhidFM=
    -----END ENCRYPTED PRIVATE KEY-----

    """
  // `-v2 aes-128-cbc -iter 600000`.
  static let shortCipher = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIGcMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAgqc/F7kjDNJAIDCSfA
    MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAECBBD/u9in1USMWmVJoj1Zp/ziBECl
    DAvSiZMrsHFublzRBgCA0BS/ozLpa+o3k4iGaYjCbiDr8bQzKiQlbXSEo6PJaaPu
    CfcG4f1Diau/gnYob96f
    -----END ENCRYPTED PRIVATE KEY-----

    """
  // `-scrypt -scrypt_N 1024`.
  static let cheapScrypt = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAiAzN/TlhdXjwICBAAC
    AQgCAQEwHQYJYIZIAWUDBAEqBBBpcnN3KhPX8rX2wtv3aJV8BEA/espmRdq+I/ap
    xsjQI2KYDaxMTHXYG5AIdXLun900Nl/T5Cp0qid++JwlxQ8OSQB3d7NlmXpFyJma
    kvWYXRK7
    -----END ENCRYPTED PRIVATE KEY-----

    """
}

private func read(_ text: String, _ passphrase: [UInt8] = Encrypted.passphrase) throws -> SigningKey {
  try SigningKey(encryptedPEM: Array(text.utf8), passphrase: passphrase)
}

@Suite struct KeyEncryptionTests {
  @Test(arguments: [Encrypted.scrypt, Encrypted.pbkdf2, Encrypted.pbkdf2Long])
  func readsWhatOpenSSLWrites(text: String) throws {
    let known = try SigningKey(pem: Array(KeySamples.privatePEM.utf8))
    #expect(try read(text).verificationKey == known.verificationKey)
    #expect(refusal { _ = try read(text, Array("correct-horsf".utf8)) } == .keyPassphrase)
    #expect(refusal { _ = try read(text, []) } == .keyPassphrase)
  }

  @Test(arguments: [
    (Encrypted.fewRounds, CertificateError.Code.keyWeak), (Encrypted.cheapScrypt, .keyWeak),
    (Encrypted.shortCipher, .keyFormat), (KeySamples.privatePEM, .keyFormat),
    (KeySamples.publicPEM, .keyFormat),
    ("", .keyFormat), (Encrypted.scrypt + Encrypted.scrypt, .keyFormat),
    (KeySamples.privatePEM.replacing("PRIVATE KEY", with: "ENCRYPTED PRIVATE KEY"), .keyFormat),
  ])
  func refuses(text: String, expected: CertificateError.Code) {
    #expect(refusal { _ = try read(text) } == expected)
  }

  @Test func writesAndReadsItsOwn() throws {
    let key = try SigningKey(seed: [UInt8](1...32))
    let passphrase = Array("eight or more".utf8)
    let text = try key.encryptedPEM(passphrase: passphrase)
    #expect(try read(text, passphrase).pem == key.pem)
    #expect(try key.encryptedPEM(passphrase: passphrase) != text, "salt and vector are fresh each time")
    #expect(refusal { _ = try key.encryptedPEM(passphrase: Array("seven77".utf8)) } == .keyPassphrase)
    #expect(refusal { _ = try SigningKey(pem: Array(text.utf8)) } == .keyEncrypted)
    try withTemporaryFolder("encrypted") { folder in
      let (file, secret) = ("\(folder)/key.pem", "\(folder)/passphrase")
      try KeyFile.write(key, to: file, passphrase: passphrase)
      try Data(passphrase + Array("\r\nignored\n".utf8)).write(to: URL(filePath: secret))
      #expect(try KeyFile.signingKey(at: file, passphrase: .file(secret)).pem == key.pem)
      #expect(refusal { _ = try KeyFile.signingKey(at: file) } == .keyEncrypted)
      #expect(refusal { _ = try KeyFile.signingKey(at: file, passphrase: .file("\(folder)/none")) } == .read)
    }
  }

  @Test func mutatedFilesNeverTrapAndNeverGiveAnotherKey() throws {
    var generator = SeededGenerator(seed: 8018)
    let known = try SigningKey(pem: Array(KeySamples.privatePEM.utf8)).verificationKey
    for _ in 0..<300 {
      var text = Array(Encrypted.scrypt.utf8)
      // The first lines hold the structure, the last ones the ciphertext, which is not authenticated.
      let position = Int.random(in: 38..<140, using: &generator)
      text[position] = Array("ABCDEFGHabcdefgh0123+/".utf8).randomElement(using: &generator) ?? 0
      guard let key = try? SigningKey(encryptedPEM: text, passphrase: Encrypted.passphrase) else { continue }
      #expect(key.verificationKey == known)
    }
  }
}

@Suite struct SignCommandTests {
  /// A command may leave something running that holds the pipe open, and nobody waits for that.
  @Test(.timeLimit(.minutes(1)))
  func whatIsLeftRunningIsNotWaitedFor() throws {
    try withTemporaryFolder("daemon") { folder in
      let key = try Samples.key(4)
      let message = Array("message".utf8)
      let signature = try key.signature(for: message)
      try Data(signature).write(to: URL(filePath: "\(folder)/raw"))
      let signer = SignCommand(
        "cat '\(folder)/raw'; sleep 90 2>/dev/null &", verificationKey: key.verificationKey)
      #expect(try signer.signature(for: message) == signature)
    }
  }

  @Test func acceptsOnlyASignatureOfTheMessage() throws {
    try withTemporaryFolder("command") { folder in
      let key = try Samples.key(4)
      let message = Array("message".utf8)
      let signature = try key.signature(for: message)
      try Data(signature).write(to: URL(filePath: "\(folder)/raw"))
      try Data(Data(signature).base64EncodedString().utf8).write(to: URL(filePath: "\(folder)/text"))
      func signer(_ command: String) -> SignCommand {
        SignCommand(command, verificationKey: key.verificationKey)
      }
      #expect(try signer("cat '\(folder)/raw'").signature(for: message) == signature)
      #expect(
        try signer("cat >'\(folder)/seen'; cat '\(folder)/text'; echo").signature(for: message) == signature)
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/seen")) == Data(message))
      let refused = [
        "cat '\(folder)/raw'; exit 3", "true", "cat", "exit 127", "kill -9 $$", "head -c 70000 /dev/zero",
        "cat /dev/zero",
      ]
      for command in refused {
        #expect(refusal { _ = try signer(command).signature(for: message) } != nil, "\(command)")
      }
      #expect(refusal { _ = try signer("cat '\(folder)/raw'").signature(for: message + [0]) } == .signature)
      // The message has no name while the command runs, so that nothing is left behind.
      let names = "ls '\(NSTemporaryDirectory())' >'\(folder)/names'; cat '\(folder)/raw'"
      _ = try signer(names).signature(for: message)
      #expect(try !String(contentsOfFile: "\(folder)/names", encoding: .utf8).contains("dspec-sign-"))
      let choice = SignerChoice(key: nil, passphraseFile: nil, command: "true", publicKey: nil)
      #expect(refusal { _ = try choice.signer() } == .keyFormat)
    }
  }
}
