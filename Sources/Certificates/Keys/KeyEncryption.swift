import CryptoExtras
import SwiftASN1

/// Encryption of private keys by a passphrase: EncryptedPrivateKeyInfo of PKCS #8 under PBES2 (RFC 8018 section 6.2)
/// with AES-256 in CBC mode and a key of scrypt (RFC 7914) or PBKDF2.
///
/// Written is scrypt with `N = 2^14`, which is what OpenSSL reads without being told otherwise. Weaker derivations, such
/// as the 2,048 rounds that OpenSSL's `-aes256` chooses, are refused: who steals the file tries passphrases offline.
enum KeyEncryption {
  /// The label of the PEM block.
  static let label = "ENCRYPTED PRIVATE KEY"

  /// The least work of a derivation that is accepted.
  static let leastScryptCost = 1 << 14
  static let leastRounds = 600_000
  /// The most work and memory that a file may ask for.
  private static let mostScryptMemory = 256 << 20
  private static let mostRounds = 100_000_000

  /// Why bytes are not decrypted.
  enum Failure: Error, Equatable {
    /// Not the structure described above; the words say which part.
    case structure(String)
    /// A derivation below the limits.
    case weak(String)
    /// The passphrase does not fit.
    case passphrase
  }

  /// The plain PKCS #8 bytes.
  static func decrypt(_ der: [UInt8], passphrase: [UInt8]) throws(Failure) -> [UInt8] {
    let parts = try parse(der)
    let key = try derive(parts.derivation, passphrase)
    guard let vector = try? AES._CBC.IV(ivBytes: parts.vector),
      let plain = try? AES._CBC.decrypt(parts.ciphertext, using: key, iv: vector)
    else { throw .passphrase }
    return Array(plain)
  }

  /// The encrypted form of plain PKCS #8 bytes.
  static func encrypt(_ plain: [UInt8], passphrase: [UInt8]) throws(Failure) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    let salt = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let vector = AES._CBC.IV()
    let derivation = Derivation.scrypt(salt: salt, cost: leastScryptCost, blockSize: 8, parallelism: 1)
    guard
      let ciphertext = try? AES._CBC.encrypt(plain, using: try derive(derivation, passphrase), iv: vector),
      let der = try? serialise(salt: salt, vector: Array(vector), ciphertext: Array(ciphertext))
    else { throw .structure("the library cannot encrypt") }
    return der
  }

  // MARK: Derivation

  private enum Derivation {
    case scrypt(salt: [UInt8], cost: Int, blockSize: Int, parallelism: Int)
    case pbkdf2(salt: [UInt8], rounds: Int, hash: KDF.Insecure.PBKDF2.HashFunction)
  }

  private static func derive(
    _ derivation: Derivation, _ passphrase: [UInt8]
  ) throws(Failure) -> SymmetricKey {
    do {
      switch derivation {
      case .scrypt(let salt, let cost, let blockSize, let parallelism):
        return try KDF.Scrypt.deriveKey(
          from: passphrase, salt: salt, outputByteCount: 32, rounds: cost, blockSize: blockSize,
          parallelism: parallelism)
      case .pbkdf2(let salt, let rounds, let hash):
        return try KDF.Insecure.PBKDF2.deriveKey(
          from: passphrase, salt: salt, using: hash, outputByteCount: 32, unsafeUncheckedRounds: rounds)
      }
    } catch {
      throw .structure("the parameters of the key derivation are out of range")
    }
  }

  private static func check(_ derivation: Derivation) throws(Failure) {
    switch derivation {
    case .scrypt(let salt, let cost, let blockSize, let parallelism):
      guard cost > 1, cost & (cost - 1) == 0, cost <= 1 << 24, (1...64).contains(blockSize),
        (1...16).contains(parallelism), 128 * cost * blockSize <= mostScryptMemory
      else { throw .structure("the parameters of scrypt are out of range") }
      guard cost >= leastScryptCost, blockSize >= 8, salt.count >= 8 else {
        throw .weak("scrypt with N = \(cost), r = \(blockSize) and \(salt.count) bytes of salt")
      }
    case .pbkdf2(let salt, let rounds, _):
      guard rounds <= mostRounds else { throw .structure("PBKDF2 asks for \(rounds) rounds") }
      guard rounds >= leastRounds, salt.count >= 8 else {
        throw .weak("PBKDF2 with \(rounds) rounds and \(salt.count) bytes of salt")
      }
    }
  }

  // MARK: Structure

  private struct Parts {
    var derivation: Derivation
    var vector: [UInt8]
    var ciphertext: [UInt8]
  }

  private static let encryptionScheme: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 13]
  private static let scrypt: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11591, 4, 11]
  private static let pbkdf2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 12]
  private static let cipher: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 42]
  private static let hashes: [(ASN1ObjectIdentifier, KDF.Insecure.PBKDF2.HashFunction)] = [
    ([1, 2, 840, 113549, 2, 9], .sha256), ([1, 2, 840, 113549, 2, 11], .sha512),
  ]

  private static func parse(_ der: [UInt8]) throws(Failure) -> Parts {
    let parts: Parts
    do {
      parts = try DER.sequence(try DER.parse(der), identifier: .sequence) { outer in
        var derivation: Derivation?
        var vector: [UInt8] = []
        try sequence(&outer) { algorithm in
          guard try ASN1ObjectIdentifier(derEncoded: &algorithm) == encryptionScheme else {
            throw Failure.structure("the key is not encrypted by PBES2")
          }
          try sequence(&algorithm) { parameters in
            derivation = try sequence(&parameters) { try self.derivation(&$0) }
            vector = try sequence(&parameters) { try self.vector(&$0) }
          }
        }
        let ciphertext = Array(try ASN1OctetString(derEncoded: &outer).bytes)
        guard let derivation else { throw Failure.structure("the key derivation is absent") }
        return Parts(derivation: derivation, vector: vector, ciphertext: ciphertext)
      }
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .structure("the block is not an EncryptedPrivateKeyInfo of PKCS #8")
    }
    try check(parts.derivation)
    return parts
  }

  private static func sequence<Result>(
    _ nodes: inout ASN1NodeCollection.Iterator,
    _ read: (inout ASN1NodeCollection.Iterator) throws -> Result
  ) throws -> Result {
    guard let node = nodes.next() else { throw Failure.structure("the key's description ends early") }
    return try DER.sequence(node, identifier: .sequence, read)
  }

  private static func vector(_ scheme: inout ASN1NodeCollection.Iterator) throws -> [UInt8] {
    guard try ASN1ObjectIdentifier(derEncoded: &scheme) == cipher else {
      throw Failure.structure("the cipher is not AES-256 in CBC mode")
    }
    return Array(try ASN1OctetString(derEncoded: &scheme).bytes)
  }

  private static func derivation(_ function: inout ASN1NodeCollection.Iterator) throws -> Derivation {
    switch try ASN1ObjectIdentifier(derEncoded: &function) {
    case scrypt:
      return try sequence(&function) { parameters in
        let salt = Array(try ASN1OctetString(derEncoded: &parameters).bytes)
        let numbers = try (0..<3).map { _ in try Int(derEncoded: &parameters) }
        try keyLength(&parameters)
        return .scrypt(salt: salt, cost: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
      }
    case pbkdf2:
      return try sequence(&function) { parameters in
        let salt = Array(try ASN1OctetString(derEncoded: &parameters).bytes)
        let rounds = try Int(derEncoded: &parameters)
        try keyLength(&parameters)
        let name = try sequence(&parameters) { hash in
          let name = try ASN1ObjectIdentifier(derEncoded: &hash)
          while hash.next() != nil {}
          return name
        }
        guard let hash = hashes.first(where: { $0.0 == name })?.1 else {
          throw Failure.weak("PBKDF2 with a hash other than SHA-256 and SHA-512")
        }
        return .pbkdf2(salt: salt, rounds: rounds, hash: hash)
      }
    default: throw Failure.structure("the key derivation is neither scrypt nor PBKDF2")
    }
  }

  /// The optional length of the derived key, which the cipher determines already.
  private static func keyLength(_ parameters: inout ASN1NodeCollection.Iterator) throws {
    var rest = parameters
    guard let next = rest.next(), next.identifier == .integer else { return }
    parameters = rest
    guard try Int(derEncoded: next) == 32 else {
      throw Failure.structure("the derived key does not have the length of the cipher's")
    }
  }

  private static func serialise(salt: [UInt8], vector: [UInt8], ciphertext: [UInt8]) throws -> [UInt8] {
    var serializer = DER.Serializer()
    try serializer.appendConstructedNode(identifier: .sequence) { outer in
      try outer.appendConstructedNode(identifier: .sequence) { algorithm in
        try algorithm.serialize(encryptionScheme)
        try algorithm.appendConstructedNode(identifier: .sequence) { parameters in
          try parameters.appendConstructedNode(identifier: .sequence) { function in
            try function.serialize(scrypt)
            try function.appendConstructedNode(identifier: .sequence) { numbers in
              try numbers.serialize(ASN1OctetString(contentBytes: salt[...]))
              for number in [leastScryptCost, 8, 1] { try numbers.serialize(number) }
            }
          }
          try parameters.appendConstructedNode(identifier: .sequence) { scheme in
            try scheme.serialize(cipher)
            try scheme.serialize(ASN1OctetString(contentBytes: vector[...]))
          }
        }
      }
      try outer.serialize(ASN1OctetString(contentBytes: ciphertext[...]))
    }
    return serializer.serializedBytes
  }
}
