import Evidence
import LeafRules

/// Walks the leaves of a tree in pre-order, in chunks that are evaluated in parallel.
///
/// The cells follow from the root and the splits alone: every split halves a cell at its midpoint, so that the
/// leaves cover the root and overlap only on faces.
struct Leaves {
  /// Leaves evaluated at once.
  static let chunk = 4_096

  private let tree: SplitTree
  private var position = 0
  private var pending: [Cell]

  init(_ tree: SplitTree) {
    self.tree = tree
    pending = [Cell(lower: tree.lower, upper: tree.upper)]
  }

  /// The next leaves, at most `chunk`; empty at the end.
  mutating func next(step: String) throws(ReplayError) -> [(cell: Cell, rule: LeafRule)] {
    var leaves: [(cell: Cell, rule: LeafRule)] = []
    while leaves.count < Leaves.chunk, let cell = pending.popLast() {
      guard position < tree.nodes.count else {
        throw ReplayError(.treeShape, step: step, "the tree ends before its last leaf")
      }
      let byte = tree.nodes[position]
      if byte >= 0x80 {
        guard let rule = LeafRule(rawValue: byte) else {
          throw ReplayError(.treeShape, step: step, "leaf rule \(byte) is not known")
        }
        leaves.append((cell, rule))
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
    return leaves
  }

  /// Applies `body` to leaves on several workers; results stand in the leaves' order.
  static func evaluate<Result: Sendable>(
    _ leaves: [(cell: Cell, rule: LeafRule)], workers: Int, compiled: CompiledCase, laws: [AxisMass],
    _ body: @escaping @Sendable (CellEvaluator, Cell, LeafRule) -> Result
  ) async -> [Result] {
    let parts = Swift.max(1, Swift.min(workers, leaves.count / 8))
    @Sendable func run(_ slice: ArraySlice<(cell: Cell, rule: LeafRule)>) -> [Result] {
      let evaluator = CellEvaluator(compiled, laws: laws)
      return slice.map { body(evaluator, $0.cell, $0.rule) }
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
