import RigorousArithmetic
package import VerificationProblem

/// A partition of a box by bisection, stored as a tree: a missing or an overlapping leaf cannot be written.
///
/// Nodes stand in pre-order, one byte each: a value below `0x7f` splits that axis at its midpoint, `0x7f` is
/// followed by an axis from `0x7f` on in two bytes (least significant first), and a value from `0x80` on is a leaf with the rule
/// that closes it. What a leaf's rule needs besides stands in `annexes`, in the order of the leaves: its length in four
/// bytes, least significant first, and its bytes.
package struct SplitTree: Hashable, Sendable {
  /// Lower corner of the root.
  package let lower: [Double]
  /// Upper corner of the root.
  package let upper: [Double]
  /// The nodes.
  package let nodes: [UInt8]

  /// What rules need besides.
  package let annexes: [UInt8]

  /// Makes a tree; its shape is examined by `validate()`.
  package init(lower: [Double], upper: [Double], nodes: [UInt8], annexes: [UInt8] = []) {
    self.lower = lower
    self.upper = upper
    self.nodes = nodes
    self.annexes = annexes
  }

  /// Deepest path that is followed.
  package static let maximumDepth = 4_096

  /// Numbers of nodes and leaves of a well-formed tree.
  package struct Counts: Hashable, Sendable {
    /// Splits and leaves.
    package var nodes = 0
    /// Leaves.
    package var leaves = 0
  }

  /// Walks the tree once and checks its shape.
  ///
  /// - Throws: `EvidenceError.tree` when nodes are missing or left over, an axis does not exist, or a path is
  ///   deeper than `maximumDepth`.
  package func validate() throws(EvidenceError) -> Counts {
    guard lower.count == upper.count, !lower.isEmpty,
      zip(lower, upper).allSatisfy({ $0.isFinite && $1.isFinite && $0 <= $1 })
    else { throw EvidenceError.tree("the root is not a box") }
    var counts = Counts()
    var pending = [0]
    var position = 0
    while let depth = pending.popLast() {
      guard position < nodes.count else { throw EvidenceError.tree("the tree ends before its last leaf") }
      counts.nodes += 1
      let byte = nodes[position]
      if byte >= 0x80 {
        counts.leaves += 1
        position += 1
        continue
      }
      let (axis, next) = try axis(at: position)
      guard axis < lower.count else {
        throw EvidenceError.tree("axis \(axis) of node \(position) does not exist")
      }
      guard depth < SplitTree.maximumDepth else {
        throw EvidenceError.tree("a path is deeper than \(SplitTree.maximumDepth)")
      }
      position = next
      pending.append(depth + 1)
      pending.append(depth + 1)
    }
    guard position == nodes.count else {
      throw EvidenceError.tree("\(nodes.count - position) bytes follow the last leaf")
    }
    return counts
  }

  /// Number of leaves of a well-formed tree over so many coordinates.
  ///
  /// - Throws: as `validate()`, and for another number of axes.
  package func leafCount(dimension: Int) throws(EvidenceError) -> Int {
    guard lower.count == dimension else {
      throw EvidenceError.tree("a tree of \(lower.count) axes for \(dimension) coordinates")
    }
    return try validate().leaves
  }

  /// The first axis along which the root does not reach over a region's box; nil where it covers it.
  package func uncoveredAxis(of region: InputRegion) -> Int? {
    region.box.indices.first { axis in
      guard axis < lower.count, let low = Rational(exactly: lower[axis]),
        let high = Rational(exactly: upper[axis])
      else { return true }
      return low > region.box[axis].lower || region.box[axis].upper > high
    }
  }

  /// Axis of the split at a position, and where the next node starts.
  ///
  /// - Throws: `EvidenceError.tree` for a split that is cut short or longer than it need be: a tree has one spelling.
  package func axis(at position: Int) throws(EvidenceError) -> (axis: Int, next: Int) {
    let byte = nodes[position]
    guard byte == 0x7f else { return (Int(byte), position + 1) }
    guard position + 2 < nodes.count else { throw EvidenceError.tree("a split ends in the middle") }
    let axis = Int(nodes[position + 1]) | Int(nodes[position + 2]) << 8
    guard axis >= 0x7f else { throw EvidenceError.tree("axis \(axis) of a split is written in three bytes") }
    return (axis, position + 3)
  }

  /// Where the annex that starts at a position ends, without its length.
  package func annex(at position: Int) throws(EvidenceError) -> Range<Int> {
    guard annexes.count - position >= 4 else { throw EvidenceError.tree("an annex is missing") }
    let length = (0..<4).reduce(0) { $0 | Int(annexes[position + $1]) << (8 * $1) }
    guard length <= annexes.count - position - 4 else { throw EvidenceError.tree("an annex is truncated") }
    return position + 4..<position + 4 + length
  }

  /// An annex with its length.
  package static func annex(_ bytes: [UInt8]) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
  }

  /// Bytes of a split along an axis.
  package static func split(_ axis: Int) -> [UInt8] {
    axis < 0x7f
      ? [UInt8(axis)] : [0x7f, UInt8(truncatingIfNeeded: axis), UInt8(truncatingIfNeeded: axis >> 8)]
  }
}

/// Evidence that cannot be read.
package enum EvidenceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A malformed split tree.
  case tree(String)
  /// A malformed file.
  case format(String)

  package var description: String {
    switch self {
    case .tree(let text), .format(let text): return text
    }
  }
}
