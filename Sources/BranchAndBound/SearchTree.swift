import Evidence
import LeafRules

/// The nodes of a search over several cases: boxes, splits and rules, in order of creation.
struct SearchTree {
  struct Node {
    var caseIndex: Int
    /// First of two children, or -1 for a leaf.
    var firstChild: Int32 = -1
    var axis: Int32 = 0
    var rule: LeafRule = .open
  }

  private(set) var nodes: [Node] = []
  private var boxes: [Double] = []
  /// What rules of leaves need besides, see `SplitTree.annexes`.
  private var annexes: [Int: [UInt8]] = [:]
  let dimension: Int
  private(set) var roots: [Int] = []
  /// The leaves that the tree started with.
  var savedLeaves: [SavedLeaf] = []

  init(dimension: Int) { self.dimension = dimension }

  mutating func addRoot(caseIndex: Int, cell: Cell) -> Int {
    roots.append(append(caseIndex: caseIndex, cell: cell))
    return nodes.count - 1
  }

  private mutating func append(caseIndex: Int, cell: Cell) -> Int {
    nodes.append(Node(caseIndex: caseIndex))
    boxes.append(contentsOf: cell.lower)
    boxes.append(contentsOf: cell.upper)
    return nodes.count - 1
  }

  func cell(_ node: Int) -> Cell {
    let start = node * 2 * dimension
    return Cell(
      lower: Array(boxes[start..<start + dimension]),
      upper: Array(boxes[start + dimension..<start + 2 * dimension]))
  }

  mutating func close(_ node: Int, by rule: LeafRule) { nodes[node].rule = rule }

  mutating func close(_ node: Int, byPhases bytes: [UInt8]) {
    nodes[node].rule = .phases
    annexes[node] = bytes
  }

  /// Splits a leaf; nil when the cell is too small along the axis.
  mutating func split(_ node: Int, along axis: Int) -> (low: Int, high: Int)? {
    guard let halves = cell(node).split(along: axis) else { return nil }
    let low = append(caseIndex: nodes[node].caseIndex, cell: halves.low)
    let high = append(caseIndex: nodes[node].caseIndex, cell: halves.high)
    nodes[node].firstChild = Int32(low)
    nodes[node].axis = Int32(axis)
    return (low, high)
  }

  /// Leaves below a root in pre-order.
  func leaves(of root: Int) -> [Int] {
    var result: [Int] = []
    var pending = [root]
    while let node = pending.popLast() {
      let child = Int(nodes[node].firstChild)
      if child < 0 {
        result.append(node)
      } else {
        pending.append(child + 1)
        pending.append(child)
      }
    }
    return result
  }

  /// The tree below a root as evidence.
  func evidence(of root: Int) -> SplitTree {
    var bytes: [UInt8] = []
    var further: [UInt8] = []
    var pending = [root]
    while let node = pending.popLast() {
      let child = Int(nodes[node].firstChild)
      if child < 0 {
        bytes.append(nodes[node].rule.rawValue)
        if let annex = annexes[node] { further += SplitTree.annex(annex) }
      } else {
        bytes.append(contentsOf: SplitTree.split(Int(nodes[node].axis)))
        pending.append(child + 1)
        pending.append(child)
      }
    }
    let cell = cell(root)
    return SplitTree(lower: cell.lower, upper: cell.upper, nodes: bytes, annexes: further)
  }
}
