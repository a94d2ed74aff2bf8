package import Certificates

/// The Merkle tree of a log of a given size, read from its tiles as far as it is needed.
///
/// A tile is compared with nothing when it is read: whoever uses a root or a proof compares it with a signed checkpoint.
package struct TileTree {
  /// The number of entries.
  package let size: Int
  private let storage: any LogStorage
  private var tiles: [TilePath: [ContentDigest]] = [:]

  /// Makes a tree of the first `size` entries of a log.
  package init(_ storage: any LogStorage, size: Int) {
    self.storage = storage
    self.size = size
  }

  /// The root of all entries.
  ///
  /// - Throws: `CertificateError` LOG for a tile that is absent or has another length, READ.
  package mutating func root() throws(CertificateError) -> ContentDigest {
    size == 0 ? MerkleTree.empty : try hash(0, size)
  }

  /// The proof that the entry at an index below `size` is included, from the leaf's sibling upwards.
  ///
  /// `PATH(m, D[n])` of RFC 6962 section 2.1.1.
  ///
  /// - Throws: as `root`.
  package mutating func inclusionProof(of index: Int) throws(CertificateError) -> [ContentDigest] {
    var (start, end) = (0, size)
    var proof: [ContentDigest] = []
    while end - start > 1 {
      let middle = start + MerkleTree.split(end - start)
      if index < middle {
        proof.append(try hash(middle, end))
        end = middle
      } else {
        proof.append(try hash(start, middle))
        start = middle
      }
    }
    return proof.reversed()
  }

  /// The proof that the first `old` entries, 0 to `size`, are the beginning of this tree.
  ///
  /// `PROOF(m, D[n])` of RFC 6962 section 2.1.2; empty for the empty tree.
  ///
  /// - Throws: as `root`.
  package mutating func consistencyProof(from old: Int) throws(CertificateError) -> [ContentDigest] {
    guard old > 0 else { return [] }
    var (start, end) = (0, size)
    var proof: [ContentDigest] = []
    while end != old {
      let middle = start + MerkleTree.split(end - start)
      if old <= middle {
        proof.append(try hash(middle, end))
        end = middle
      } else {
        proof.append(try hash(start, middle))
        start = middle
      }
    }
    // Where nothing lies before it, the old tree is a subtree, and its root is known to whoever checks.
    if start > 0 { proof.append(try hash(start, end)) }
    return proof.reversed()
  }

  /// The hashes of a tile.
  ///
  /// - Throws: as `root`.
  package mutating func tile(_ path: TilePath) throws(CertificateError) -> [ContentDigest] {
    if let known = tiles[path] { return known }
    let length = path.width * 32
    var found = path
    var bytes = try storage.read(path.text, limit: TilePath.width * 32)
    if bytes == nil, !path.isFull {
      // A log may drop a shorter tile once the full one is there, and its hashes are the first of that.
      found = path.full
      bytes = try storage.read(found.text, limit: TilePath.width * 32)
    }
    guard let bytes else {
      throw .log(
        storage.place(path.text), "the log lacks this tile", fix: "obtain the log again from whoever keeps it"
      )
    }
    guard bytes.count == found.width * 32 else {
      throw .log(
        storage.place(found.text), "the tile has \(bytes.count) bytes, not \(found.width * 32)",
        fix: "obtain the log again from whoever keeps it")
    }
    let hashes = stride(from: 0, to: length, by: 32).compactMap {
      ContentDigest(bytes: bytes[$0..<$0 + 32])
    }
    tiles[path] = hashes
    return hashes
  }

  /// Forgets tiles that were read, so that a walk over a large log needs no more memory than a few of them.
  package mutating func forgetTiles() { tiles = [:] }

  /// `MTH(D[start:end])` of a range that the tree's cuts lead to, not empty.
  private mutating func hash(_ start: Int, _ end: Int) throws(CertificateError) -> ContentDigest {
    let count = end - start
    if count & (count - 1) == 0 { return try subtree(height: count.trailingZeroBitCount, start: start) }
    let middle = start + MerkleTree.split(count)
    return MerkleTree.node(try hash(start, middle), try hash(middle, end))
  }

  /// The root of the complete subtree of `2^height` leaves at a multiple of that.
  private mutating func subtree(height: Int, start: Int) throws(CertificateError) -> ContentDigest {
    let level = height / TilePath.height
    let position = start >> (level * TilePath.height)
    let index = position / TilePath.width
    guard let path = TilePath(.hashes(level: level), index: index, size: size) else {
      throw .log(storage.place("checkpoint"), "the tree has no such part", fix: "report this as a bug")
    }
    let first = position - index * TilePath.width
    let count = 1 << (height - level * TilePath.height)
    let hashes = try tile(path)
    guard first + count <= hashes.count else {
      throw .log(
        storage.place(path.text), "the tile ends early", fix: "obtain the log again from whoever keeps it")
    }
    return MerkleTree.root(of: hashes[first..<first + count])
  }
}
