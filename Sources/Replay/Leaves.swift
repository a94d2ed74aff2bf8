import Evidence
import LeafRules

/// Walks the leaves of a tree in pre-order, in chunks that are evaluated in parallel.
///
/// The cells follow from the root and the splits alone: every split halves a cell at its midpoint, so that the
/// leaves cover the root and overlap only on faces.
struct Leaves {
  struct Leaf: Sendable {
    let cell: Cell
    let rule: LeafRule
    /// What the rule needs besides.
    let annex: ArraySlice<UInt8>
  }

  /// Leaves evaluated at once.
  static let chunk = 4_096

  private let tree: SplitTree
  private var position = 0
  private var annexPosition = 0
  private var pending: [Cell]

  init(_ tree: SplitTree) {
    self.tree = tree
    pending = [Cell(lower: tree.lower, upper: tree.upper)]
  }

  /// The next leaves, at most `chunk`; empty at the end.
  mutating func next(step: String) throws(ReplayError) -> [Leaf] {
    var leaves: [Leaf] = []
    while leaves.count < Leaves.chunk, let cell = pending.popLast() {
      guard position < tree.nodes.count else {
        throw ReplayError(.treeShape, step: step, "the tree ends before its last leaf")
      }
      let byte = tree.nodes[position]
      if byte >= 0x80 {
        guard let rule = LeafRule(rawValue: byte) else {
          throw ReplayError(.treeShape, step: step, "leaf rule \(byte) is not known")
        }
        leaves.append(Leaf(cell: cell, rule: rule, annex: try annex(of: rule, step: step)))
        position += 1
        continue
      }
      let axis: Int
      do {
        (axis, position) = try tree.axis(at: position)
      } catch {
        throw ReplayError(.treeShape, step: step, error.description)
      }
      guard axis < cell.lower.count, let halves = cell.split(along: axis) else {
        throw ReplayError(.treeShape, step: step, "a cell is split along an axis on which it is a point")
      }
      pending.append(halves.high)
      pending.append(halves.low)
    }
    guard !leaves.isEmpty || annexPosition == tree.annexes.count else {
      throw ReplayError(.treeShape, step: step, "bytes follow the last annex")
    }
    return leaves
  }

  private mutating func annex(of rule: LeafRule, step: String) throws(ReplayError) -> ArraySlice<UInt8> {
    guard rule == .phases else { return [] }
    do {
      let range = try tree.annex(at: annexPosition)
      annexPosition = range.upperBound
      return tree.annexes[range]
    } catch {
      throw ReplayError(.treeShape, step: step, error.description)
    }
  }

  /// Applies `body` to leaves on several workers; results stand in the leaves' order.
  static func evaluate<Result: Sendable>(
    _ leaves: [Leaf], workers: Int, compiled: CompiledCase, laws: [AxisMass],
    _ body: @escaping @Sendable (CellEvaluator, Leaf) -> Result
  ) async -> [Result] {
    let parts = Swift.max(1, Swift.min(workers, leaves.count / 8))
    @Sendable func run(_ slice: ArraySlice<Leaf>) -> [Result] {
      let evaluator = CellEvaluator(compiled, laws: laws)
      return slice.map { body(evaluator, $0) }
    }
    guard parts > 1 else { return run(leaves[...]) }
    return await withTaskGroup(of: (Int, [Result]).self) { group in
      for part in 0..<parts {
        let slice = leaves[part * leaves.count / parts..<(part + 1) * leaves.count / parts]
        group.addTask { (part, run(slice)) }
      }
      var collected = [[Result]](repeating: [], count: parts)
      for await (part, results) in group { collected[part] = results }
      return collected.flatMap { $0 }
    }
  }
}
