import Evidence
import LeafRules
package import VerificationProblem

/// The nodes of a search over several cases: boxes, splits and rules, in order of creation.
package struct SearchTree {
  struct Node {
    var caseIndex: Int32
    /// First of two children, or -1 for a leaf.
    var firstChild: Int32 = -1
    var axis: Int32 = 0
    /// Where its box stands; -1 once nobody asks for it any more.
    var box: Int32 = -1
    var rule: LeafRule = .open
  }

  private(set) var nodes: [Node] = []
  private var boxes: [Double] = []
  private var freeBoxes: [Int32] = []
  private var rootCells: [Cell] = []
  /// What rules of leaves need besides, see `SplitTree.annexes`.
  private var annexes: [Int: [UInt8]] = [:]
  private var annexBytes = 0
  /// What a later run goes on from at open leaves; no evidence.
  var unfinished: [Int: [UInt8]] = [:]
  let dimension: Int
  private(set) var roots: [Int] = []
  /// The leaves that the tree started with.
  var savedLeaves: [SavedLeaf] = []

  /// Makes a tree without roots.
  package init(dimension: Int) { self.dimension = dimension }

  /// Adds the root of a case.
  package mutating func addRoot(caseIndex: Int, cell: Cell) -> Int {
    roots.append(append(caseIndex: caseIndex, cell: cell))
    rootCells.append(cell)
    return nodes.count - 1
  }

  /// Bytes in memory, about.
  var byteCount: Int {
    nodes.count * MemoryLayout<Node>.stride + boxes.count * MemoryLayout<Double>.stride + annexBytes
  }

  private mutating func append(caseIndex: Int, cell: Cell) -> Int {
    nodes.append(Node(caseIndex: Int32(caseIndex), box: store(cell)))
    return nodes.count - 1
  }

  /// Keeps a cell; says where.
  private mutating func store(_ cell: Cell) -> Int32 {
    if let free = freeBoxes.popLast() {
      let start = Int(free) * 2 * dimension
      for axis in 0..<dimension {
        boxes[start + axis] = cell.lower[axis]
        boxes[start + dimension + axis] = cell.upper[axis]
      }
      return free
    }
    let box = Int32(boxes.count / Swift.max(1, 2 * dimension))
    boxes.append(contentsOf: cell.lower)
    boxes.append(contentsOf: cell.upper)
    return box
  }

  /// Gives up the box of a node that is not to be split any more.
  mutating func release(_ node: Int) {
    guard nodes[node].box >= 0 else { return }
    freeBoxes.append(nodes[node].box)
    nodes[node].box = -1
  }

  /// The cell of a leaf that has not been released.
  package func cell(_ node: Int) -> Cell {
    precondition(nodes[node].box >= 0, "the cell of a node that was split or released")
    let start = Int(nodes[node].box) * 2 * dimension
    return Cell(
      lower: Array(boxes[start..<start + dimension]),
      upper: Array(boxes[start + dimension..<start + 2 * dimension]))
  }

  mutating func close(_ node: Int, by rule: LeafRule) { nodes[node].rule = rule }

  mutating func close(_ node: Int, byPhases bytes: [UInt8]) {
    nodes[node].rule = .phases
    annexes[node] = bytes
    annexBytes += bytes.count
  }

  /// Splits a leaf; nil when the cell is too small along the axis.
  package mutating func split(_ node: Int, along axis: Int) -> (low: Int, high: Int)? {
    guard let halves = cell(node).split(along: axis) else { return nil }
    release(node)
    let low = append(caseIndex: Int(nodes[node].caseIndex), cell: halves.low)
    let high = append(caseIndex: Int(nodes[node].caseIndex), cell: halves.high)
    nodes[node].firstChild = Int32(low)
    nodes[node].axis = Int32(axis)
    return (low, high)
  }

  /// Halves a cell along the first of some axes on which it is no point; nil where there is none.
  mutating func split(_ node: Int, alongFirstOf axes: [Int]) -> (low: Int, high: Int)? {
    for axis in axes {
      if let halves = split(node, along: axis) { return halves }
    }
    return nil
  }

  /// Makes a node a leaf again, with the rule that it had; the leaves below it have cells.
  ///
  /// - Returns: All nodes below it.
  private mutating func merge(_ node: Int) -> [Int] {
    let low = Int(nodes[node].firstChild)
    guard low >= 0 else { return [] }
    let below = merge(low) + merge(low + 1)
    let whole = Cell(lower: cell(low).lower, upper: cell(low + 1).upper)
    release(low)
    release(low + 1)
    nodes[node].box = store(whole)
    nodes[node].firstChild = -1
    return below + [low, low + 1]
  }

  /// What is left of a round in which not every cell was evaluated.
  package struct UnfinishedRound {
    /// Nodes that are leaves again and had been evaluated before the round.
    package var restored: [Int] = []
    /// Nodes that are in no tree any more.
    package var dropped: Set<Int> = []
    /// Leaves of before the round that have not been evaluated, in order.
    package var waiting: [Int] = []
  }

  /// Undoes the splits of a round below which a leaf was not evaluated, so that none of its cells is known less well than
  /// before.
  ///
  /// - Parameters:
  ///   - splits: The nodes that were split for the round, in order.
  ///   - missing: Leaves that were not evaluated.
  package mutating func undo(_ splits: [Int], missing: [Int]) -> UnfinishedRound {
    var round = UnfinishedRound()
    guard !missing.isEmpty else { return round }
    var missing = Set(missing)
    let children = splits.map { Int(nodes[$0].firstChild) }
    let halves = Set(children.flatMap { [$0, $0 + 1] })
    for (node, low) in zip(splits, children).reversed()
    where missing.contains(low) || missing.contains(low + 1) {
      let below = merge(node)
      missing.subtract(below)
      round.dropped.formUnion(below)
      if halves.contains(node) { missing.insert(node) } else { round.restored.append(node) }
    }
    round.waiting = missing.sorted()
    return round
  }

  /// Leaves below a root in pre-order.
  package func leaves(of root: Int) -> [Int] {
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

  /// The tree of a case as evidence, or, with what is unfinished, as a state to go on from.
  func evidence(of caseIndex: Int, isState: Bool = false) -> SplitTree {
    var bytes: [UInt8] = []
    var further: [UInt8] = []
    var pending = [roots[caseIndex]]
    while let node = pending.popLast() {
      let child = Int(nodes[node].firstChild)
      if child < 0 {
        if isState, nodes[node].rule == .open, let state = unfinished[node] {
          bytes.append(LeafRule.phases.rawValue)
          further += SplitTree.annex(state)
          continue
        }
        bytes.append(nodes[node].rule.rawValue)
        if let annex = annexes[node] { further += SplitTree.annex(annex) }
      } else {
        bytes.append(contentsOf: SplitTree.split(Int(nodes[node].axis)))
        pending.append(child + 1)
        pending.append(child)
      }
    }
    let cell = rootCells[caseIndex]
    return SplitTree(lower: cell.lower, upper: cell.upper, nodes: bytes, annexes: further)
  }
}
