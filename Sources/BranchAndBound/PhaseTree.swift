import LeafRules

/// The nodes of a search over the phases of rectifiers for one clause on one cell.
struct PhaseTree {
  struct Node {
    /// The node that was split, or -1 for the root.
    var parent: Int32 = -1
    /// The neuron whose phase this node assumes, and which.
    var neuron: Int32 = -1
    var isActive = false
    /// First of two children, or -1 for a leaf.
    var firstChild: Int32 = -1
    /// The atom of the clause that a closed leaf shows; -1 while open.
    var shown: Int32 = -1
    /// Multipliers from the root on: for the shown atom, or for each atom of the clause one after the other.
    var multipliers: [Float] = []
    /// Slopes of the open neurons that this node starts with, or, once closed, is shown with: for each atom of the
    /// clause one after the other.
    var slopes: [UInt8] = []
    /// The bytes of a leaf with weights; empty for any other node.
    var weighted: [UInt8] = []
  }

  private(set) var nodes = [Node()]

  /// The phases of a node from the root on.
  func path(of node: Int) -> [(neuron: Int, isActive: Bool)] {
    var path: [(Int, Bool)] = []
    var index = node
    while nodes[index].parent >= 0 {
      path.append((Int(nodes[index].neuron), nodes[index].isActive))
      index = Int(nodes[index].parent)
    }
    return path.reversed()
  }

  mutating func improve(_ node: Int, multipliers: [Float], slopes: [UInt8]) {
    nodes[node].multipliers = multipliers
    nodes[node].slopes = slopes
  }

  mutating func close(_ node: Int, atom: Int, multipliers: [Float], slopes: [UInt8]) {
    nodes[node].shown = Int32(atom)
    nodes[node].multipliers = multipliers
    nodes[node].slopes = slopes
  }

  /// Closes a node by a `WeightedLeaf`.
  mutating func close(_ node: Int, weighted bytes: [UInt8]) {
    nodes[node].weighted = bytes
    nodes[node].multipliers = []
    nodes[node].slopes = []
  }

  /// The two parts of a node, which inherit its multipliers and slopes; the new phase's multiplier is zero.
  mutating func split(_ node: Int, neuron: Int, atoms: Int) -> (active: Int, inactive: Int) {
    let old = nodes[node].multipliers
    let depth = old.count / Swift.max(1, atoms)
    var multipliers: [Float] = []
    for atom in 0..<atoms { multipliers += old[atom * depth..<(atom + 1) * depth] + [0] }
    let first = nodes.count
    for isActive in [true, false] {
      nodes.append(
        Node(
          parent: Int32(node), neuron: Int32(neuron), isActive: isActive, multipliers: multipliers,
          slopes: nodes[node].slopes))
    }
    nodes[node].firstChild = Int32(first)
    nodes[node].multipliers = []
    return (first, first + 1)
  }

  /// The tree as `PhaseRule` reads it.
  ///
  /// - Parameters:
  ///   - positions: Of the open neurons among them.
  ///   - usual: The slopes that hold where none are written.
  func bytes(positions: [Int: Int], usual: [UInt8], atoms: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    let start = [[UInt8]](repeating: usual, count: atoms)
    var pending: [(node: Int, slopes: [[UInt8]])] = [(0, start)]
    while let (index, inherited) = pending.popLast() {
      var slopes = inherited
      let node = nodes[index]
      if node.firstChild >= 0 {
        let position = positions[Int(nodes[Int(node.firstChild)].neuron)] ?? 0
        bytes += [1, UInt8(truncatingIfNeeded: position), UInt8(truncatingIfNeeded: position >> 8)]
        pending.append((Int(node.firstChild) + 1, slopes))
        pending.append((Int(node.firstChild), slopes))
        continue
      }
      guard node.weighted.isEmpty else {
        bytes += node.weighted
        continue
      }
      let shown = Int(node.shown)
      let atom = atoms > 1 ? [UInt8(truncatingIfNeeded: shown)] : []
      if node.slopes != slopes[shown] {
        slopes[shown] = node.slopes
        bytes += [3] + atom + node.slopes
      }
      let isPlain = node.multipliers.allSatisfy { $0 == 0 }
      bytes += [isPlain ? 2 : 0] + atom
      guard !isPlain else { continue }
      for multiplier in node.multipliers {
        let bits = UInt16(truncatingIfNeeded: multiplier.bitPattern >> 16)
        bytes += [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
      }
    }
    return bytes
  }
}
