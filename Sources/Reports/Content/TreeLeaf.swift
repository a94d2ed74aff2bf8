package import Evidence
package import LeafRules

/// One leaf of a split tree.
package struct TreeLeaf: Sendable {
  /// The cell that follows from root and splits.
  package let cell: Cell
  /// Splits above it.
  package let depth: Int
  /// The rule that closes it.
  package let rule: LeafRule
  /// What the rule needs besides.
  package let annex: ArraySlice<UInt8>
}

extension SplitTree {
  /// Visits the leaves in pre-order; a leaf lies where the checker's walk puts it, since both halve cells by
  /// `Cell.split`.
  ///
  /// - Throws: `EvidenceError.tree` where the tree has no such shape, or names a rule that does not exist.
  package func visitLeaves(_ body: (TreeLeaf) -> Void) throws(EvidenceError) {
    _ = try validate()
    var pending = [(cell: Cell(lower: lower, upper: upper), depth: 0)]
    var position = 0
    var annexPosition = 0
    while let (cell, depth) = pending.popLast() {
      let byte = nodes[position]
      guard byte >= 0x80 else {
        let (axis, next) = try axis(at: position)
        position = next
        guard let halves = cell.split(along: axis) else {
          throw .tree("a cell is split along an axis on which it is a point")
        }
        pending.append((halves.high, depth + 1))
        pending.append((halves.low, depth + 1))
        continue
      }
      guard let rule = LeafRule(rawValue: byte) else { throw .tree("leaf rule \(byte) is not known") }
      position += 1
      var extra: ArraySlice<UInt8> = []
      if rule == .phases {
        let range = try annex(at: annexPosition)
        annexPosition = range.upperBound
        extra = annexes[range]
      }
      body(TreeLeaf(cell: cell, depth: depth, rule: rule, annex: extra))
    }
    guard annexPosition == annexes.count else { throw .tree("bytes follow the last annex") }
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
