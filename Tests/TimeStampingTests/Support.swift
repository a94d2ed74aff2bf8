import Certificates
import Foundation
import TimeStamping

/// Who attests something in tests, and who signs what is attested.
struct Attesters {
  let authority: Authority
  let log: SigningKey
  let signer: SigningKey

  init() throws {
    authority = Authority(try Sample.key(40))
    log = try Sample.key(30)
    signer = try Sample.key(1)
  }
}

enum Sample {
  static func key(_ number: UInt8) throws -> SigningKey {
    try SigningKey(seed: [UInt8](repeating: number, count: 32))
  }

  /// A statement with a signature by each key.
  static func statement(_ text: String = "a", keys: [UInt8] = [1]) throws -> SignedStatement {
    let payload = """
      {"_type":"https://in-toto.io/Statement/v1","predicate":"\(text)",\
      "predicateType":"https://example.org/test/v1","subject":[]}
      """
    let envelope = try Envelope(signing: Array(payload.utf8), with: try keys.map(key))
    return try SignedStatement(envelope, at: "certificate")
  }

  static func anchor(_ der: [UInt8]) throws -> TimeStampAnchor {
    var found: TimeStampAnchor?
    try withTemporaryFolder("anchor") { folder in
      try Data(der).write(to: URL(filePath: "\(folder)/anchor"))
      found = try TimeStampAnchor(at: "\(folder)/anchor")
    }
    guard let found else { throw CertificateError(.read, at: "anchor", "no anchor", fix: "none") }
    return found
  }
}

/// The time of a token, or nil where it is refused.
func verified(
  _ token: [UInt8], _ statement: SignedStatement, _ anchors: [TimeStampAnchor]
) throws -> TrustedTime? {
  do {
    return try TimeStampToken(token, at: "token").verify(statement, anchors: anchors)
  } catch {
    guard error.code == .timestamp else { throw error }
    return nil
  }
}

/// The code a body is refused with, or nil.
func refusal(_ body: () throws -> Void) -> CertificateError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? CertificateError)?.code
  }
}

/// Runs a body with an empty folder of its own, removed afterwards.
func withTemporaryFolder(_ name: String, _ body: (String) throws -> Void) throws {
  let path = NSTemporaryDirectory() + "/stamps-\(name)-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path)
}
