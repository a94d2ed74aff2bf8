import LeafRules

/// Evaluates a batch of cells on several workers; the result stands in the order of the batch, so that nothing
/// depends on the number of workers.
enum Rounds {
  /// Cells taken from the queue at once: enough work for the workers, few enough to stay best-first.
  static let size = 256

  static func evaluate<Result: Sendable>(
    _ cells: [(caseIndex: Int, cell: Cell)], cases: [CompiledCase], laws: [AxisMass], workers: Int,
    _ body: @escaping @Sendable (CellEvaluator, Cell) -> Result
  ) async -> [Result] {
    let parts = Swift.max(1, Swift.min(workers, cells.count / 4))
    @Sendable func run(_ slice: ArraySlice<(caseIndex: Int, cell: Cell)>) -> [Result] {
      let workspace = Workspace()
      let evaluators = cases.map { CellEvaluator($0, laws: laws, workspace: workspace) }
      return slice.map { body(evaluators[$0.caseIndex], $0.cell) }
    }
    guard parts > 1 else { return run(cells[...]) }
    // Interleaved halves would balance better, but contiguous ones keep a case's weights in one cache.
    let bounds = (0...parts).map { $0 * cells.count / parts }
    return await withTaskGroup(of: (Int, [Result]).self) { group in
      for part in 0..<parts {
        let slice = cells[bounds[part]..<bounds[part + 1]]
        group.addTask { (part, run(slice)) }
      }
      var collected = [[Result]](repeating: [], count: parts)
      for await (part, results) in group { collected[part] = results }
      return collected.flatMap { $0 }
    }
  }
}
