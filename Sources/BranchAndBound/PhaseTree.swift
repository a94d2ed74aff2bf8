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

  mutating func setMultipliers(_ node: Int, _ multipliers: [Float]) { nodes[node].multipliers = multipliers }

  mutating func close(_ node: Int, atom: Int, multipliers: [Float]) {
    nodes[node].shown = Int32(atom)
    nodes[node].multipliers = multipliers
  }

  /// The two parts of a node, which inherit its multipliers; the new phase's is zero.
  mutating func split(_ node: Int, neuron: Int, atoms: Int) -> (active: Int, inactive: Int) {
    let old = nodes[node].multipliers
    let depth = old.count / Swift.max(1, atoms)
    var multipliers: [Float] = []
    for atom in 0..<atoms { multipliers += old[atom * depth..<(atom + 1) * depth] + [0] }
    let first = nodes.count
    for isActive in [true, false] {
      nodes.append(
        Node(
          parent: Int32(node), neuron: Int32(neuron), isActive: isActive, multipliers: multipliers))
    }
    nodes[node].firstChild = Int32(first)
    nodes[node].multipliers = []
    return (first, first + 1)
  }

  /// The tree as `PhaseRule` reads it.
  func bytes(positions: [Int: Int], atoms: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var pending = [0]
    while let index = pending.popLast() {
      let node = nodes[index]
      if node.firstChild >= 0 {
        let position = positions[Int(nodes[Int(node.firstChild)].neuron)] ?? 0
        bytes += [1, UInt8(truncatingIfNeeded: position), UInt8(truncatingIfNeeded: position >> 8)]
        pending.append(Int(node.firstChild) + 1)
        pending.append(Int(node.firstChild))
        continue
      }
      let isPlain = node.multipliers.allSatisfy { $0 == 0 }
      bytes.append(isPlain ? 2 : 0)
      if atoms > 1 { bytes.append(UInt8(truncatingIfNeeded: Int(node.shown))) }
      guard !isPlain else { continue }
      for multiplier in node.multipliers {
        let bits = UInt16(truncatingIfNeeded: multiplier.bitPattern >> 16)
        bytes += [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
      }
    }
    return bytes
  }
}
