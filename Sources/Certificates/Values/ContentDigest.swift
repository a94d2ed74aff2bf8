import Crypto

/// A SHA-256 digest (FIPS 180-4), the name of a content.
package struct ContentDigest: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The 32 bytes.
  package let bytes: [UInt8]

  /// The digest of a content.
  package init(of content: some Sequence<UInt8>) {
    var hasher = ContentHasher()
    if content.withContiguousStorageIfAvailable({ hasher.update($0) }) == nil {
      hasher.update(Array(content))
    }
    self = hasher.finish()
  }

  /// The digest written as 64 lower-case hexadecimal digits, or nil for any other text.
  package init?(hex: String) {
    guard hex.utf8.count == 64, let bytes = Certificates.bytes(fromHex: hex) else { return nil }
    self.bytes = bytes
  }

  /// The digest of the given 32 bytes, or nil for another number of them.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.bytes = Array(bytes)
  }

  init(_ digest: SHA256Digest) {
    bytes = Array(digest)
  }

  /// 64 lower-case hexadecimal digits.
  package var hex: String { hexText(bytes) }

  /// The hexadecimal text.
  package var description: String { hex }

  /// The order of the bytes.
  package static func < (left: ContentDigest, right: ContentDigest) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// SHA-256 of a content that arrives in pieces.
package struct ContentHasher {
  private var state = SHA256()

  /// Makes a hasher of the empty content.
  package init() {}

  /// Adds a piece.
  package mutating func update(_ piece: [UInt8]) {
    piece.withUnsafeBytes { state.update(bufferPointer: $0) }
  }

  mutating func update(_ piece: UnsafeBufferPointer<UInt8>) {
    state.update(bufferPointer: UnsafeRawBufferPointer(piece))
  }

  /// The digest of all pieces so far.
  package func finish() -> ContentDigest {
    ContentDigest(state.finalize())
  }
}
