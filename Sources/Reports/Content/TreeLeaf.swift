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

extension LeafRule {
  /// The rule's name for people.
  package var title: String {
    switch self {
    case .interval: "intervals"
    case .zonotope: "step-reduced zonotope"
    case .linearBounds: "zonotope with linear bounds"
    case .attained: "intervals rounded one by one"
    case .fullLinearBounds: "linear bounds of every layer"
    case .phases: "splits on phases of rectifiers"
    case .weighedZonotope: "zonotope, alternatives weighed together"
    case .weighedLinearBounds: "linear bounds, alternatives weighed together"
    case .outside: "outside of the region"
    case .open: "left open"
    }
  }
}
