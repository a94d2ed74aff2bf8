import Crypto
import SwiftASN1

/// The digests that a token may use; SHA-1 and older ones are refused.
enum HashAlgorithm: CaseIterable {
  case sha256, sha384, sha512

  var name: ASN1ObjectIdentifier {
    switch self {
    case .sha256: Names.sha256
    case .sha384: Names.sha384
    case .sha512: Names.sha512
    }
  }

  init(_ algorithm: AlgorithmIdentifier) throws {
    guard algorithm.isPlain, let known = Self.allCases.first(where: { $0.name == algorithm.name }) else {
      throw Malformed("the digest `\(algorithm.name)` is none of SHA-256, SHA-384 and SHA-512")
    }
    self = known
  }

  /// The digest in the form that the library's signatures take.
  func digest(_ bytes: [UInt8]) -> any Digest {
    switch self {
    case .sha256: SHA256.hash(data: bytes)
    case .sha384: SHA384.hash(data: bytes)
    case .sha512: SHA512.hash(data: bytes)
    }
  }

  /// The digest's bytes.
  func bytes(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .sha256: Array(SHA256.hash(data: bytes))
    case .sha384: Array(SHA384.hash(data: bytes))
    case .sha512: Array(SHA512.hash(data: bytes))
    }
  }
}
