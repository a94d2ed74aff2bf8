package import Certificates

/// The hashes of RFC 6962 section 2.1 (RFC 9162 section 2.1.1) with SHA-256.
///
/// `MTH({}) = H()`, `MTH({d}) = H(0x00 || d)` and `MTH(D[n]) = H(0x01 || MTH(D[0:k]) || MTH(D[k:n]))` with `k` the largest
/// power of two below `n`. The first byte keeps entries and nodes apart, so no entry passes for a node.
package enum MerkleTree {
  /// The hash of no entry.
  package static let empty = ContentDigest(of: [UInt8]())

  /// The hash of an entry, `H(0x00 || entry)`.
  package static func leaf(_ entry: [UInt8]) -> ContentDigest {
    var hasher = ContentHasher()
    hasher.update([0x00])
    hasher.update(entry)
    return hasher.finish()
  }

  /// The hash of two subtrees, `H(0x01 || left || right)`.
  package static func node(_ left: ContentDigest, _ right: ContentDigest) -> ContentDigest {
    var hasher = ContentHasher()
    hasher.update([0x01])
    hasher.update(left.bytes)
    hasher.update(right.bytes)
    return hasher.finish()
  }

  /// The root of the hashes of entries.
  package static func root(of leaves: some Collection<ContentDigest>) -> ContentDigest {
    var tree = CompactTree()
    for leaf in leaves { tree.append(leaf) }
    return tree.root
  }

  /// The largest power of two below a count of at least 2: where a tree is cut.
  static func split(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }
}

/// A tree of which only the roots of its complete subtrees are kept, enough to go on appending.
///
/// Invariant: the subtrees have the sizes of the set bits of `count`, the largest first.
package struct CompactTree {
  /// The number of leaves.
  package private(set) var count = 0
  private var subtrees: [ContentDigest] = []

  /// Makes an empty tree.
  package init() {}

  /// Appends the hash of an entry.
  package mutating func append(_ leaf: ContentDigest) {
    var hash = leaf
    // Two subtrees of one size become one, as in counting: a bit that is set carries.
    var carries = count
    while carries & 1 == 1, let left = subtrees.popLast() {
      hash = MerkleTree.node(left, hash)
      carries >>= 1
    }
    subtrees.append(hash)
    count += 1
  }

  /// The root of the leaves so far.
  package var root: ContentDigest {
    guard var hash = subtrees.last else { return MerkleTree.empty }
    for left in subtrees.dropLast().reversed() { hash = MerkleTree.node(left, hash) }
    return hash
  }
}
