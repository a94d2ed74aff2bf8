package import Certificates

/// Reads a log in a folder.
package struct LogReader {
  private let storage: any LogStorage

  /// Makes a reader.
  package init(_ storage: any LogStorage) {
    self.storage = storage
  }

  /// The checkpoint in place, whose signature is not verified.
  ///
  /// - Throws: `CertificateError` READ where there is no log, or LOG.
  package func checkpoint() throws(CertificateError) -> Checkpoint {
    let place = storage.place(LogWriter.checkpointName)
    guard let bytes = try storage.read(LogWriter.checkpointName, limit: SignedNote.sizeLimit) else {
      throw CertificateError(
        .read, at: place, "there is no log", fix: "give the folder of a log, or start one: `dspec log init`")
    }
    return try Checkpoint(bytes, at: place)
  }

  /// Where the given leaves stand among the first `size` entries; absent where they do not.
  ///
  /// - Throws: `CertificateError` LOG or READ.
  package func indices(
    of leaves: Set<ContentDigest>, size: Int
  ) throws(CertificateError) -> [ContentDigest: Int] {
    var found: [ContentDigest: Int] = [:]
    var tree = TileTree(storage, size: size)
    var tile = 0
    while found.count < leaves.count, let path = TilePath(.hashes(level: 0), index: tile, size: size) {
      for (offset, hash) in try tree.tile(path).enumerated() where leaves.contains(hash) && found[hash] == nil
      {
        found[hash] = tile * TilePath.width + offset
      }
      tree.forgetTiles()
      tile += 1
    }
    return found
  }

  /// The proof that the log holds a statement, for the first of its entries that is there.
  ///
  /// - Throws: `CertificateError` LOG where it holds none, or where its tiles do not have the root that its checkpoint
  ///   says; READ.
  package func proof(of statement: SignedStatement) throws(CertificateError) -> (LogProof, LogEntry) {
    let checkpoint = try checkpoint()
    let entries = LogEntry.entries(of: statement)
    var leaves: [ContentDigest] = []
    for entry in entries { leaves.append(try entry.leaf()) }
    let known = try indices(of: Set(leaves), size: checkpoint.size)
    for (entry, leaf) in zip(entries, leaves) {
      guard let index = known[leaf] else { continue }
      var tree = TileTree(storage, size: checkpoint.size)
      let hashes = try tree.inclusionProof(of: index)
      guard
        MerkleProof.provesInclusion(
          of: leaf, at: index, in: checkpoint.size, by: hashes, root: checkpoint.root)
      else {
        throw .log(
          storage.place(LogWriter.checkpointName), "the tiles do not have the root that the checkpoint says",
          fix: "obtain the log again from whoever keeps it")
      }
      return (LogProof(index: index, hashes: hashes, checkpoint: checkpoint), entry)
    }
    throw .log(
      statement.path, "the log `\(checkpoint.origin)` does not hold it", fix: "append it: `dspec log append`")
  }
}
