package import Evidence

extension SplitTree {
  /// Visits the leaves in pre-order.
  ///
  /// - Throws: `EvidenceError.tree` where the tree has no valid shape, or names a rule that does not exist.
  package func visitLeaves(_ body: (LeafWalk.Leaf) -> Void) throws(EvidenceError) {
    _ = try validate()
    var walk = LeafWalk(self)
    while true {
      let chunk = try walk.nextChunk()
      if chunk.isEmpty { return }
      chunk.forEach(body)
    }
  }
}
