import CellMasses
import LeafRules
import VerificationProblem

/// Evaluates a batch of cells on several workers; the result stands in the order of the batch, so that nothing
/// depends on the number of workers.
///
/// A cell of a deep network may take seconds and a batch of them far more than a user waits: workers begin no cell after
/// the deadline, or once the task is cancelled. Only where a search ends depends on time.
enum Rounds {
  /// Cells taken from the queue at once: enough work for the workers, few enough to stay best-first.
  static let size = 256

  static func evaluate<Result: Sendable>(
    _ cells: [(caseIndex: Int, cell: Cell)], cases: [CompiledCase], laws: [AxisMass], workers: Int,
    until deadline: ContinuousClock.Instant? = nil, least: Int = 4,
    _ body: @escaping @Sendable (CellEvaluator, Cell) async -> Result
  ) async -> [Result?] {
    let parts = Swift.max(1, Swift.min(workers, cells.count / least))
    // Interleaved, since cells near each other in the queue cost about the same.
    @Sendable func run(_ part: Int) async -> [Result?] {
      let workspace = Workspace()
      let evaluators = cases.map { CellEvaluator($0, laws: laws, workspace: workspace) }
      var results: [Result?] = []
      for index in stride(from: part, to: cells.count, by: parts) {
        guard !Task.isCancelled, deadline.map({ ContinuousClock.now < $0 }) ?? true else {
          results.append(nil)
          continue
        }
        results.append(await body(evaluators[cells[index].caseIndex], cells[index].cell))
      }
      return results
    }
    guard parts > 1 else { return await run(0) }
    return await withTaskGroup(of: (Int, [Result?]).self) { group in
      for part in 0..<parts { group.addTask { (part, await run(part)) } }
      var collected = [[Result?]](repeating: [], count: parts)
      for await (part, results) in group { collected[part] = results }
      return cells.indices.map { collected[$0 % parts][$0 / parts] }
    }
  }
}
