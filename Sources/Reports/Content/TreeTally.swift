package import Certificates
package import Evidence
import Replay

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

  /// Counts the leaves and compares their number with what is recorded.
  ///
  /// - Throws: `ReplayError` where a tree is malformed or the number is another one.
  package init(_ trees: [SplitTree], of record: PropertyRecord) throws {
    do {
      try self.init(trees)
    } catch {
      throw ReplayError(.treeShape, step: record.id, error.description)
    }
    guard leaves == record.leaves else {
      throw ReplayError(
        .record, step: record.id, "\(record.leaves) leaves recorded, \(leaves) in the evidence")
    }
  }

  /// Refuses what trees cannot show of every point: a proof that leaves cells open, and a refutation, which needs a point.
  ///
  /// - Throws: `ReplayError`.
  package func checkVerdict(_ record: PropertyRecord) throws {
    guard record.verdict != .refuted else {
      throw ReplayError(
        .verdict, step: record.id,
        "`refuted` is recorded, and trees refute nothing that is said of every point")
    }
    guard record.verdict != .proved || rules[.open] == nil else {
      throw ReplayError(
        .verdict, step: record.id, "`proved` is recorded and the evidence leaves cells open")
    }
  }

  /// The rules that occur, most leaves first.
  package var rulesByUse: [(rule: LeafRule, leaves: Int)] {
    rules.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { ($0.key, $0.value) }
  }
}
