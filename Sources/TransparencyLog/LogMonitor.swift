package import Certificates

/// What a monitor found in a log that it has read whole.
package struct LogReport: Sendable {
  /// An entry that is new since the last time.
  package struct Item: Sendable {
    /// Its place.
    package let index: Int
    /// What it says; nil for bytes that are no entry of dspec.
    package let entry: LogEntry?
  }

  /// The state of the log.
  package let checkpoint: Checkpoint
  /// The entries since the state seen last.
  package let items: [Item]
}

/// Reads whole logs, and says whether they are what they were.
///
/// Every entry is hashed, every tile compared, and the root of the entries that the last checkpoint covered computed anew:
/// so the old log is the beginning of the new one because it is seen to be, not because a proof says so.
package struct LogMonitor {
  private let storage: any LogStorage
  private let key: VerificationKey
  private let origin: LogName?

  /// Makes a monitor of the log with a key and, if given, a name.
  package init(_ storage: any LogStorage, key: VerificationKey, origin: LogName? = nil) {
    self.storage = storage
    self.key = key
    self.origin = origin
  }

  /// Checks the log against what was seen last.
  ///
  /// - Parameter seen: The last checkpoint, signed by the same key; nil at the first time.
  /// - Throws: `CertificateError` LOG for a bad signature, another name, files that do not have the checkpoint's root, a
  ///   log that has become shorter, and one that has become another; READ.
  package func check(since seen: Checkpoint?, seenAt: String) throws(CertificateError) -> LogReport {
    let place = storage.place(LogWriter.checkpointName)
    let checkpoint = try LogReader(storage).checkpoint()
    try checkpoint.verify(by: key, origin: origin, at: place)
    if let seen {
      try seen.verify(by: key, origin: checkpoint.origin, at: seenAt)
      guard checkpoint.size >= seen.size else {
        throw .log(
          place, "the log was rolled back: it has \(checkpoint.size) entries and had \(seen.size)",
          fix: "keep both checkpoints; together they show that the log's key signed two histories")
      }
    }
    let (roots, items) = try read(checkpoint.size, from: seen?.size ?? 0)
    guard roots.new == checkpoint.root else {
      throw .log(
        place, "the entries have the root \(roots.new), and the checkpoint says \(checkpoint.root)",
        fix: "obtain the log again; if that does not help, its keeper changed entries")
    }
    guard roots.old == seen?.root ?? MerkleTree.empty else {
      throw .log(
        place, "the log was forked: its first \(seen?.size ?? 0) entries are not those that were seen before",
        fix: "keep both checkpoints; together they show that the log's key signed two histories")
    }
    return LogReport(checkpoint: checkpoint, items: items)
  }

  /// The roots of all entries and of the first `seen`, and the entries behind these.
  private func read(
    _ size: Int, from seen: Int
  ) throws(CertificateError) -> (roots: (old: ContentDigest, new: ContentDigest), items: [LogReport.Item]) {
    var tree = CompactTree()
    var old = MerkleTree.empty
    var items: [LogReport.Item] = []
    // The hashes that the tiles of the level above must hold.
    var above: [ContentDigest] = []
    var index = 0
    while let path = TilePath(.entries, index: index, size: size) {
      let entries = try EntryBundle.read(path, from: storage)
      let leaves = entries.map { MerkleTree.leaf($0) }
      try compare(leaves, TilePath(.hashes(level: 0), index: index, width: path.width), size)
      for (entry, leaf) in zip(entries, leaves) {
        if tree.count >= seen { items.append(LogReport.Item(index: tree.count, entry: LogEntry(entry))) }
        tree.append(leaf)
        if tree.count == seen { old = tree.root }
      }
      if path.isFull { above.append(MerkleTree.root(of: leaves)) }
      index += 1
    }
    var level = 1
    while !above.isEmpty {
      let pieces = stride(from: 0, to: above.count, by: TilePath.width).map {
        above[$0..<min($0 + TilePath.width, above.count)]
      }
      for (index, piece) in pieces.enumerated() {
        try compare(Array(piece), TilePath(.hashes(level: level), index: index, width: piece.count), size)
      }
      above = pieces.filter { $0.count == TilePath.width }.map { MerkleTree.root(of: $0) }
      level += 1
    }
    return ((old, tree.root), items)
  }

  private func compare(
    _ hashes: [ContentDigest], _ path: TilePath, _ size: Int
  ) throws(CertificateError) {
    var tree = TileTree(storage, size: size)
    guard try tree.tile(path) == hashes else {
      throw .log(
        storage.place(path.text), "the tile does not hold the hashes of the entries",
        fix: "obtain the log again; if that does not help, its keeper changed entries")
    }
  }
}
