import Certificates
import Foundation
import TransparencyLog

/// A log in memory, which can be made to fail after a number of changes as if the machine had stopped there.
final class MemoryStorage: LogStorage {
  struct Stop: Error {}

  var files: [String: [UInt8]] = [:]
  /// Changes that still go through; nil for all.
  var changesLeft: Int?
  private(set) var changes = 0

  init(_ files: [String: [UInt8]] = [:], changesLeft: Int? = nil) {
    self.files = files
    self.changesLeft = changesLeft
  }

  func place(_ path: String) -> String { path }

  func read(_ path: String, limit: Int) throws(CertificateError) -> [UInt8]? {
    guard let bytes = files[path] else { return nil }
    guard bytes.count <= limit else { throw CertificateError(.size, at: path, "too large", fix: "none") }
    return bytes
  }

  func write(_ bytes: [UInt8], to path: String) throws(CertificateError) {
    guard mayChange() else { throw CertificateError(.write, at: path, "stopped", fix: "none") }
    files[path] = bytes
  }

  func removeFolder(_ path: String) {
    guard mayChange() else { return }
    for name in files.keys where name.hasPrefix(path + "/") { files[name] = nil }
  }

  private func mayChange() -> Bool {
    if let left = changesLeft {
      guard left > 0 else { return false }
      changesLeft = left - 1
    }
    changes += 1
    return true
  }
}

enum Sample {
  static func key(_ number: UInt8 = 1) throws -> SigningKey {
    try SigningKey(seed: [UInt8](repeating: number, count: 32))
  }

  static func name(_ text: String = "example.org/log") throws -> LogName { try present(LogName(text)) }

  static func entry(_ number: Int) -> LogEntry {
    LogEntry(
      payload: ContentDigest(of: Array("payload \(number)".utf8)),
      predicateType: "https://example.org/test/v1",
      keyID: ContentDigest(of: Array("key".utf8)))
  }

  static func entries(_ numbers: Range<Int>) -> [LogEntry] { numbers.map(entry) }

  /// A statement whose envelope a key signed, of a content that a number tells.
  static func statement(_ number: Int, key: SigningKey) throws -> SignedStatement {
    try SignedStatement(try envelope(number, key: key), at: "certificate \(number)")
  }

  static func envelope(_ number: Int, key: SigningKey) throws -> Envelope {
    let payload = """
      {"_type":"https://in-toto.io/Statement/v1","predicate":{"n":\(number)},\
      "predicateType":"https://example.org/test/v1","subject":[]}
      """
    return try Envelope(signing: Array(payload.utf8), with: [key])
  }

  /// A log of `count` entries, appended in pieces.
  static func log(_ count: Int, pieces: Int = .max, key: SigningKey? = nil) throws -> MemoryStorage {
    let storage = MemoryStorage()
    let writer = LogWriter(storage, signer: try key ?? Sample.key())
    _ = try writer.initialise(origin: try name())
    var done = 0
    while done < count {
      let next = min(count, done + min(pieces, count))
      _ = try writer.append(entries(done..<next))
      done = next
    }
    return storage
  }
}

struct Missing: Error {}

func present<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Missing() }
  return value
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

/// `MTH` of RFC 6962 section 2.1 word by word, to compare with.
func definedRoot(_ leaves: ArraySlice<ContentDigest>) -> ContentDigest {
  guard let first = leaves.first else { return MerkleTree.empty }
  guard leaves.count > 1 else { return first }
  var k = 1
  while 2 * k < leaves.count { k *= 2 }
  let middle = leaves.startIndex + k
  return MerkleTree.node(definedRoot(leaves[..<middle]), definedRoot(leaves[middle...]))
}

/// Runs a body with an empty folder of its own, removed afterwards.
func withTemporaryFolder(_ name: String, _ body: (String) throws -> Void) throws {
  let path = NSTemporaryDirectory() + "/log-\(name)-\(ProcessInfo.processInfo.processIdentifier)"
  try? FileManager.default.removeItem(atPath: path)
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path)
}
