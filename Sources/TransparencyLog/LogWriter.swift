package import Certificates

/// Keeps a log in a folder.
///
/// Tiles and entries are written before the checkpoint that needs them, and the checkpoint is replaced in one step. So at
/// every moment the checkpoint in place is one whose files are all there: a file of a larger tree has another name, or is
/// a full one that agrees with the shorter ones as far as these reach.
package struct LogWriter {
  static let checkpointName = "checkpoint"

  private let storage: any LogStorage
  private let signer: any Signer

  /// Makes a writer; whoever calls holds the folder's lock.
  package init(_ storage: any LogStorage, signer: any Signer) {
    self.storage = storage
    self.signer = signer
  }

  /// Where a statement stands in a log.
  package struct Position: Hashable, Sendable {
    /// The entry.
    package let entry: LogEntry
    /// Its place.
    package let index: Int
    /// Whether it was appended now.
    package let isNew: Bool
  }

  /// Starts a log without entries.
  ///
  /// - Throws: `CertificateError` EXISTS where there is one, WRITE or that of the signer.
  package func initialise(origin: LogName) throws(CertificateError) -> Checkpoint {
    guard try storage.read(Self.checkpointName, limit: SignedNote.sizeLimit) == nil else {
      throw CertificateError(
        .exists, at: storage.place(Self.checkpointName), "there is a log already",
        fix: "append to it, or choose another folder")
    }
    let checkpoint = try Checkpoint(origin: origin, size: 0, root: MerkleTree.empty, signer: signer)
    try storage.write(checkpoint.note.bytes, to: Self.checkpointName)
    return checkpoint
  }

  /// Appends entries that are not there yet, in order, and signs the new state; one that is there stays where it is.
  ///
  /// - Throws: `CertificateError` LOG where the folder does not hold what its checkpoint says, or the checkpoint is not
  ///   signed by this key; READ, WRITE or that of the signer.
  package func append(
    _ entries: [LogEntry]
  ) throws(CertificateError) -> (checkpoint: Checkpoint, positions: [Position]) {
    let old = try LogReader(storage).checkpoint()
    let place = storage.place(Self.checkpointName)
    try old.verify(by: signer.verificationKey, at: place)
    var tree = TileTree(storage, size: old.size)
    guard try tree.root() == old.root else {
      throw .log(
        place, "the tiles do not have the root that the checkpoint says",
        fix: "restore the log from a copy; do not sign what it holds now")
    }
    var leaves: Set<ContentDigest> = []
    for entry in entries { leaves.insert(try entry.leaf()) }
    var known = try LogReader(storage).indices(of: leaves, size: old.size)
    var added: [[UInt8]] = []
    var positions: [Position] = []
    for entry in entries {
      let leaf = try entry.leaf()
      if let index = known[leaf] {
        positions.append(Position(entry: entry, index: index, isNew: false))
        continue
      }
      let index = old.size + added.count
      guard index < TilePath.sizeLimit else {
        throw .log(place, "the log is full", fix: "start another one")
      }
      known[leaf] = index
      added.append(try entry.bytes())
      positions.append(Position(entry: entry, index: index, isNew: true))
    }
    if added.isEmpty { return (old, positions) }
    let finished = try write(added, after: old.size)
    let size = old.size + added.count
    // Read back from the files: what is signed is what a reader will find.
    var grown = TileTree(storage, size: size)
    let root = try grown.root()
    guard
      MerkleProof.provesConsistency(
        of: old.size, old.root, with: size, root, by: try grown.consistencyProof(from: old.size))
    else {
      throw .log(place, "the new state does not extend the old one", fix: "restore the log from a copy")
    }
    let checkpoint = try Checkpoint(origin: old.origin, size: size, root: root, signer: signer)
    try storage.write(checkpoint.note.bytes, to: Self.checkpointName)
    // Only now, when no checkpoint in place needs the shorter files.
    for path in finished { storage.removeFolder(path.partialFolder) }
    return (checkpoint, positions)
  }

  /// Writes the files that a log of `size` entries and further ones needs, and returns those that became full.
  private func write(_ entries: [[UInt8]], after size: Int) throws(CertificateError) -> [TilePath] {
    var finished: [TilePath] = []
    var bundle: [[UInt8]] = []
    if let path = Self.last(.entries, size: size) { bundle = try EntryBundle.read(path, from: storage) }
    try write(bundle + entries, .entries, after: size, &finished) { EntryBundle.bytes($0) }
    var fresh = entries.map { MerkleTree.leaf($0) }
    var level = 0
    while !fresh.isEmpty {
      let kind = TilePath.Kind.hashes(level: level)
      var begun: [ContentDigest] = []
      if let path = Self.last(kind, size: size) {
        var tree = TileTree(storage, size: size)
        begun = try tree.tile(path)
      }
      let hashes = begun + fresh
      try write(hashes, kind, after: size, &finished) { $0.flatMap(\.bytes) }
      fresh = stride(from: 0, through: hashes.count - TilePath.width, by: TilePath.width).map {
        MerkleTree.root(of: hashes[$0..<$0 + TilePath.width])
      }
      level += 1
    }
    return finished
  }

  /// Writes items from the start of the file that a log of `size` entries fills next.
  private func write<Item>(
    _ items: [Item], _ kind: TilePath.Kind, after size: Int, _ finished: inout [TilePath],
    _ bytes: (ArraySlice<Item>) -> [UInt8]
  ) throws(CertificateError) {
    var index = (size >> (kind.level * TilePath.height)) / TilePath.width
    for start in stride(from: 0, to: items.count, by: TilePath.width) {
      let piece = items[start..<min(start + TilePath.width, items.count)]
      let path = TilePath(kind, index: index, width: piece.count)
      try storage.write(bytes(piece), to: path.text)
      if path.isFull { finished.append(path) }
      index += 1
    }
  }

  /// The last file of a kind where it is not full.
  private static func last(_ kind: TilePath.Kind, size: Int) -> TilePath? {
    let count = size >> (kind.level * TilePath.height)
    let path = TilePath(kind, index: count / TilePath.width, size: size)
    return path?.isFull == true ? nil : path
  }
}
