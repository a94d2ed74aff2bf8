package import VerificationProblem

/// Walks the leaves of a tree in pre-order.
///
/// The cells follow from the root and the splits alone: every split halves a cell at its midpoint, so that the
/// leaves cover the root and overlap only on faces.
package struct LeafWalk {
  /// One leaf.
  package struct Leaf: Sendable {
    /// The cell that follows from root and splits.
    package let cell: Cell
    /// Splits above it.
    package let depth: Int
    /// The rule that closes it.
    package let rule: LeafRule
    /// What the rule needs besides.
    package let annex: ArraySlice<UInt8>
  }

  /// Leaves of a chunk: as many are evaluated at once, and have a hash in common.
  package static let chunk = 4_096

  private let tree: SplitTree
  private var position = 0
  private var annexPosition = 0
  private var pending: [(cell: Cell, depth: Int)]

  /// Stands before the first leaf of a tree whose shape is valid (`SplitTree.validate()`).
  package init(_ tree: SplitTree) {
    self.tree = tree
    pending = [(Cell(lower: tree.lower, upper: tree.upper), 0)]
  }

  /// The next leaves, a chunk at most; empty at the end.
  ///
  /// - Throws: `EvidenceError.tree` where a cell cannot be halved, a rule does not exist, or annexes are missing or left
  ///   over.
  package mutating func nextChunk() throws(EvidenceError) -> [Leaf] {
    var leaves: [Leaf] = []
    while leaves.count < LeafWalk.chunk, let (cell, depth) = pending.popLast() {
      guard position < tree.nodes.count else { throw .tree("the tree ends before its last leaf") }
      let byte = tree.nodes[position]
      if byte >= 0x80 {
        guard let rule = LeafRule(rawValue: byte) else { throw .tree("leaf rule \(byte) is not known") }
        leaves.append(Leaf(cell: cell, depth: depth, rule: rule, annex: try annex(of: rule)))
        position += 1
        continue
      }
      let axis: Int
      (axis, position) = try tree.axis(at: position)
      guard axis < cell.lower.count, let halves = cell.split(along: axis) else {
        throw .tree("a cell is split along an axis on which it is a point")
      }
      pending.append((halves.high, depth + 1))
      pending.append((halves.low, depth + 1))
    }
    guard !leaves.isEmpty || annexPosition == tree.annexes.count else {
      throw .tree("bytes follow the last annex")
    }
    return leaves
  }

  private mutating func annex(of rule: LeafRule) throws(EvidenceError) -> ArraySlice<UInt8> {
    guard rule == .phases else { return [] }
    let range = try tree.annex(at: annexPosition)
    annexPosition = range.upperBound
    return tree.annexes[range]
  }
}
