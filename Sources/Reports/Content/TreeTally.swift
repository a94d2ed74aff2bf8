package import Evidence

/// What the trees of one answer hold: leaves by rule and by depth.
package struct TreeTally: Sendable {
  /// Leaves of all trees.
  package private(set) var leaves = 0
  /// Number of trees, one a case.
  package let trees: Int
  /// Leaves by rule.
  package private(set) var rules: [LeafRule: Int] = [:]
  /// Leaves by depth, from the root on.
  package private(set) var depths: [Int] = []

  /// Counts the leaves.
  ///
  /// - Throws: `EvidenceError.tree` where a tree is malformed.
  package init(_ trees: [SplitTree]) throws(EvidenceError) {
    self.trees = trees.count
    for tree in trees {
      try tree.visitLeaves { leaf in
        leaves += 1
        rules[leaf.rule, default: 0] += 1
        while depths.count <= leaf.depth { depths.append(0) }
        depths[leaf.depth] += 1
      }
    }
  }

  /// The rules that occur, most leaves first.
  package var rulesByUse: [(rule: LeafRule, leaves: Int)] {
    rules.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { ($0.key, $0.value) }
  }
}
