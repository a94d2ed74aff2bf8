import CellMasses
import Evidence
import LeafRules

extension LeafWalk {
  /// The next leaves, a chunk at most; empty at the end.
  mutating func nextChunk(step: String) throws(ReplayError) -> [Leaf] {
    do {
      return try nextChunk()
    } catch {
      throw ReplayError(.treeShape, step: step, error.description)
    }
  }
}

enum LeafEvaluation {
  /// Applies `body` to leaves on several workers; results stand in the leaves' order.
  static func evaluate<Result: Sendable>(
    _ leaves: [LeafWalk.Leaf], workers: Int, compiled: CompiledCase, laws: [AxisMass],
    _ body: @escaping @Sendable (CellEvaluator, LeafWalk.Leaf) -> Result
  ) async -> [Result] {
    await leaves.inParallel(parts: min(workers, leaves.count / 8)) { slice in
      let evaluator = CellEvaluator(compiled, laws: laws)
      return slice.map { body(evaluator, $0) }
    }
  }
}
