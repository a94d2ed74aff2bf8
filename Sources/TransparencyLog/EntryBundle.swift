package import Certificates

/// Files of entries: each entry behind its length in two bytes, the high one first (C2SP tlog-tiles).
package enum EntryBundle {
  /// The largest entry.
  package static let entryLimit = 65_535
  /// The largest file of 256 entries.
  static let sizeLimit = TilePath.width * (entryLimit + 2)

  /// The bytes of entries, each no longer than `entryLimit`.
  static func bytes(_ entries: some Sequence<[UInt8]>) -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
      bytes.append(UInt8(truncatingIfNeeded: entry.count))
      bytes += entry
    }
    return bytes
  }

  /// The entries of a file; nil unless there are exactly `count` and nothing behind them.
  static func entries(_ bytes: [UInt8], count: Int) -> [[UInt8]]? {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while entries.count < count {
      guard let high = rest.popFirst(), let low = rest.popFirst() else { return nil }
      let length = Int(high) << 8 | Int(low)
      guard rest.count >= length else { return nil }
      entries.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return rest.isEmpty ? entries : nil
  }

  /// The entries of a file of a log.
  ///
  /// - Throws: `CertificateError` LOG for a file that is absent or malformed, READ.
  package static func read(
    _ path: TilePath, from storage: some LogStorage
  ) throws(CertificateError) -> [[UInt8]] {
    var found = path
    var bytes = try storage.read(path.text, limit: sizeLimit)
    if bytes == nil, !path.isFull {
      found = path.full
      bytes = try storage.read(found.text, limit: sizeLimit)
    }
    guard let bytes else {
      throw .log(
        storage.place(path.text), "the log lacks these entries",
        fix: "obtain the log again from whoever keeps it")
    }
    guard let entries = entries(bytes, count: found.width) else {
      throw .log(
        storage.place(found.text), "the file does not hold \(found.width) entries",
        fix: "obtain the log again from whoever keeps it")
    }
    return Array(entries.prefix(path.width))
  }
}
