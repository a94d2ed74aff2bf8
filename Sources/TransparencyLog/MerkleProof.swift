package import Certificates

/// Checks of proofs about Merkle trees, functions of their arguments alone.
///
/// **Theorem 1 (inclusion).** If `provesInclusion` answers yes, then for every list of `size` leaf hashes with the given
/// root either the list holds the given leaf at `index`, or two inputs of SHA-256 with one digest can be read off the list
/// and the proof.
/// *Proof.* `node` starts at the leaf's position and `last` at that of the last leaf; halving both climbs one level. At a
/// level the sibling lies on the left where `node` is odd, on the right where it is even and not the last; an even last
/// node has no sibling and is carried up unchanged. So `index` and `size` alone fix on which side each step joins and
/// after how many steps `last = 0`, the root, is reached; both are those of the tree of RFC 6962, and the answer is no
/// where the proof has another number of hashes. Go down from the root: of two inputs `0x01 || l || r` with one digest
/// either the inputs differ, a collision, or the children are the same in both trees. The walk ends at the hash at `index`
/// in the list and at `leaf`. ∎
///
/// **Theorem 2 (consistency).** If `provesConsistency` answers yes for `first <= second`, then for every two lists of
/// `first` and `second` leaf hashes with the given roots either the first is the beginning of the second, or two inputs of
/// SHA-256 with one digest can be read off the lists and the proof.
/// *Proof.* Equal sizes: the roots are compared, and theorem 1's descent applies to all nodes. Else the first hash of the
/// proof, or the first root itself where `first` is a power of two, is the largest complete subtree that ends the first
/// tree. Each further hash joins on the left into both roots or on the right into the second only; the sides follow from
/// the sizes alone. By descent, unless there is a collision, the hashes joined into the first root are the roots of the
/// complete subtrees of which the first list is made, and each stands at the same place below the second root. Equal roots
/// of subtrees of one size have equal leaves, again by descent. ∎
///
/// Source: RFC 9162 sections 2.1.3.2 and 2.1.4.2.
package enum MerkleProof {
  /// Whether a proof shows that a leaf stands at an index of the tree with the given size and root.
  ///
  /// - Parameters:
  ///   - leaf: The hash of the entry.
  ///   - proof: Hashes from the leaf's sibling upwards.
  package static func provesInclusion(
    of leaf: ContentDigest, at index: Int, in size: Int, by proof: [ContentDigest], root: ContentDigest
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    var (node, last, hash) = (index, size - 1, leaf)
    for sibling in proof {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = MerkleTree.node(sibling, hash)
        // The last node of a level, if even, was carried up to the level where it has a sibling.
        while node & 1 == 0, node > 0 { (node, last) = (node >> 1, last >> 1) }
      } else {
        hash = MerkleTree.node(hash, sibling)
      }
      (node, last) = (node >> 1, last >> 1)
    }
    return last == 0 && hash == root
  }

  /// Whether a proof shows that the tree of `first` leaves is the beginning of that of `second`.
  ///
  /// The empty tree begins every tree, and its proof is empty.
  package static func provesConsistency(
    of first: Int, _ firstRoot: ContentDigest, with second: Int, _ secondRoot: ContentDigest,
    by proof: [ContentDigest]
  ) -> Bool {
    guard first >= 0, first <= second else { return false }
    if first == 0 {
      return firstRoot == MerkleTree.empty && proof.isEmpty && (second > 0 || secondRoot == MerkleTree.empty)
    }
    if first == second { return firstRoot == secondRoot && proof.isEmpty }
    var rest = proof[...]
    // A complete first tree is itself the subtree to start from, and its root is known.
    guard let start = first & (first - 1) == 0 ? firstRoot : rest.popFirst() else { return false }
    var (node, last) = (first - 1, second - 1)
    while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
    var (old, new) = (start, start)
    for hash in rest {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        old = MerkleTree.node(hash, old)
        new = MerkleTree.node(hash, new)
        while node & 1 == 0, node > 0 { (node, last) = (node >> 1, last >> 1) }
      } else {
        new = MerkleTree.node(new, hash)
      }
      (node, last) = (node >> 1, last >> 1)
    }
    return last == 0 && old == firstRoot && new == secondRoot
  }
}
