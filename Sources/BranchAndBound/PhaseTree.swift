import LeafRules

/// The nodes of a search over the phases of rectifiers for one clause on one cell.
struct PhaseTree {
  enum Closing: Equatable {
    case open
    /// The atom of the clause that the leaf shows.
    case atom(Int)
    /// The bounds contradict each other.
    case empty
    /// The bytes of a `WeightedLeaf`.
    case weights([UInt8])

    var byteCount: Int {
      if case .weights(let bytes) = self { return bytes.count }
      return 0
    }
  }

  struct Node {
    /// The node that was split, or -1 for the root.
    var parent: Int32 = -1
    /// The neuron whose phase this node assumes, and which.
    var neuron: Int32 = -1
    var isActive = false
    /// First of two children, or -1 for a leaf.
    var firstChild: Int32 = -1
    var closing = Closing.open
    /// Multipliers from the root on: for the shown atom, or for each atom of the clause one after the other.
    var multipliers: [Float] = []
    /// Slopes of the open neurons that this node starts with, or, once closed, is shown with: for each atom of the
    /// clause one after the other.
    var slopes: [UInt8] = []
    /// What `PhaseRule` reads of the refinements made here.
    var refinements: [UInt8] = []
    /// The bounds in force while the node is open; nil for those of the cell.
    var bounds: PartBounds?
    /// The part of the gap that the last refinement on the way here closed.
    var yield = PhaseTree.firstYield

    /// Bytes in memory, about.
    var byteCount: Int {
      MemoryLayout<Node>.stride + 4 * multipliers.count + slopes.count + refinements.count
        + 16 * (bounds?.lower.count ?? 0)
        + closing.byteCount
    }
  }

  /// What a refinement is taken to close before one is made.
  static let firstYield = 0.1

  private(set) var nodes = [Node()]
  /// Bytes of all nodes in memory, about.
  private(set) var byteCount = Node().byteCount

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

  var leaves: [Int] { nodes.indices.filter { nodes[$0].firstChild < 0 } }

  private mutating func change(_ node: Int, _ body: (inout Node) -> Void) {
    byteCount -= nodes[node].byteCount
    body(&nodes[node])
    byteCount += nodes[node].byteCount
  }

  mutating func improve(_ node: Int, multipliers: [Float], slopes: [UInt8]) {
    change(node) {
      $0.multipliers = multipliers
      $0.slopes = slopes
    }
  }

  /// Adds a refinement to a leaf, as `PhaseRule` reads it.
  mutating func refine(_ node: Int, bytes: [UInt8], bounds: PartBounds) {
    change(node) {
      $0.refinements += bytes
      $0.bounds = bounds
    }
  }

  mutating func setYield(_ node: Int, _ yield: Double) { nodes[node].yield = yield }

  mutating func close(_ node: Int, atom: Int, multipliers: [Float], slopes: [UInt8]) {
    change(node) {
      $0.closing = .atom(atom)
      $0.multipliers = multipliers
      $0.slopes = slopes
      $0.bounds = nil
    }
  }

  /// Closes a leaf by a `WeightedLeaf`.
  mutating func close(_ node: Int, weighted bytes: [UInt8]) {
    change(node) {
      $0.closing = .weights(bytes)
      $0.multipliers = []
      $0.slopes = []
      $0.bounds = nil
    }
  }

  /// Closes a leaf whose bounds contradict each other.
  mutating func closeEmpty(_ node: Int) {
    change(node) {
      $0.closing = .empty
      $0.multipliers = []
      $0.slopes = []
      $0.bounds = nil
    }
  }

  /// The two parts of a node, which inherit its multipliers, slopes and bounds; the new phase's multiplier is zero.
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
          slopes: nodes[node].slopes, bounds: nodes[node].bounds, yield: nodes[node].yield))
      byteCount += nodes[nodes.count - 1].byteCount
    }
    change(node) {
      $0.firstChild = Int32(first)
      $0.multipliers = []
      $0.slopes = []
      $0.bounds = nil
    }
    return (first, first + 1)
  }
}
