import LeafRules
import RigorousArithmetic

/// Branch and bound on one cell over the phases of rectifiers, for networks with too many inputs to split.
struct PhaseSearch: Sendable {
  struct Outcome: Sendable {
    /// The trees as `PhaseRule` reads them; nil where some part stayed open.
    var bytes: [UInt8]?
    /// A point that was confirmed to violate the claim.
    var witness: [Double]?
    var nodes = 0
    var leaves = 0
    /// Why it ended without an answer.
    var stop = StopReason.decided
  }

  let compiled: CompiledCase
  let clauses: [[Int]]
  /// Whether a point violates the claim.
  let violates: @Sendable ([Double]) -> Bool

  init?(_ compiled: CompiledCase, violates: @escaping @Sendable ([Double]) -> Bool) {
    guard let clauses = compiled.clauses else { return nil }
    self.compiled = compiled
    self.clauses = clauses
    self.violates = violates
  }

  /// Parts that one worker bounds at once.
  private static let batch = 32
  /// Parts between two looks at the queue, whatever the number of workers, so that it does not matter.
  private static let round = 128

  func run(
    on cell: Cell, budget: SearchBudget, deadline: ContinuousClock.Instant?,
    progress: (@Sendable (_ nodes: Int, _ open: Int, _ worst: Double) -> Void)?
  ) async -> Outcome {
    var outcome = Outcome()
    let workspace = Workspace()
    guard let base = PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace) else {
      outcome.stop = .exhausted
      return outcome
    }
    guard base.openNeurons.count < 1 << 16 else {
      outcome.stop = .exhausted
      return outcome
    }
    let rectifiers = compiled.rectifiers
    let positions = Dictionary(
      uniqueKeysWithValues: base.openNeurons.enumerated().map { ($0.element, $0.offset) })
    let usual = base.openNeurons.map { PhaseColumns.byte(base.usualSlopes[$0]) }
    var bytes: [UInt8] = []
    for index in base.openClauses {
      let clause = clauses[index]
      guard !clause.isEmpty, clause.count <= 255 else {
        outcome.stop = .exhausted
        return outcome
      }
      let columns = clause.map {
        PhaseColumns(compiled: compiled, base: base, rectifiers: rectifiers, atom: $0)
      }
      guard
        let tree = await close(
          columns, budget: budget, deadline: deadline, outcome: &outcome, progress: progress)
      else { return outcome }
      bytes += tree.bytes(positions: positions, usual: usual, atoms: clause.count)
    }
    outcome.bytes = bytes
    return outcome
  }

  /// Closes one clause; nil where the budget ends, nothing is left to split or a witness is found.
  private func close(
    _ columns: [PhaseColumns], budget: SearchBudget, deadline: ContinuousClock.Instant?,
    outcome: inout Outcome, progress: (@Sendable (_ nodes: Int, _ open: Int, _ worst: Double) -> Void)?
  ) async -> PhaseTree? {
    let solver = PartSolver(compiled, columns[0].base, clause: columns.map(\.atom))
    var tree = PhaseTree()
    var queue = CellQueue()
    var choices: [Int: Int] = [:]
    var open = [0]
    var leaves = 0
    while true {
      let results = await bound(open, tree, columns, workers: budget.workers)
      outcome.nodes += open.count
      var worst: (margin: Double, point: [Double])?
      for (node, answers) in zip(open, results) {
        if let shown = answers.firstIndex(where: \.isShown) {
          tree.close(
            node, atom: shown, multipliers: answers[shown].multipliers, slopes: answers[shown].slopes)
          leaves += 1
          continue
        }
        tree.improve(
          node, multipliers: answers.flatMap(\.multipliers), slopes: answers.flatMap(\.slopes))
        let best = answers.indices.max { answers[$0].margin < answers[$1].margin } ?? 0
        let answer = answers[best]
        if worst.map({ answer.margin < $0.margin }) ?? true { worst = (answer.margin, answer.point) }
        guard answer.neuron >= 0 else {
          switch solver.solve(tree.path(of: node), violates: violates) {
          case .closed(let leaf):
            tree.close(node, weighted: leaf)
            leaves += 1
            continue
          case .split(let neuron):
            choices[node] = neuron
            queue.insert(priority: -answer.margin, node: node)
            continue
          case .witness(let point): outcome.witness = point
          case .open:
            outcome.stop = .exhausted
            if violates(answer.point) { outcome.witness = answer.point }
          }
          return nil
        }
        choices[node] = answer.neuron
        queue.insert(priority: -answer.margin, node: node)
      }
      if let worst, violates(worst.point) {
        outcome.witness = worst.point
        return nil
      }
      progress?(outcome.nodes, queue.count, worst?.margin ?? 0)
      if queue.isEmpty { break }
      if Task.isCancelled {
        outcome.stop = .cancelled
        return nil
      }
      if let deadline, ContinuousClock.now >= deadline {
        outcome.stop = .outOfTime
        return nil
      }
      if let limit = budget.nodes, outcome.nodes >= limit {
        outcome.stop = .outOfNodes
        return nil
      }
      open = []
      while open.count < PhaseSearch.round, let (_, node) = queue.removeFirst() {
        guard let neuron = choices.removeValue(forKey: node) else { continue }
        let halves = tree.split(node, neuron: neuron, atoms: columns.count)
        open += [halves.active, halves.inactive]
      }
    }
    outcome.leaves += leaves
    return tree
  }

  /// For each node an answer for each atom of the clause.
  private func bound(
    _ nodes: [Int], _ tree: PhaseTree, _ columns: [PhaseColumns], workers: Int
  ) async -> [[PhaseColumns.Result]] {
    let parts = nodes.map { node in
      let path = tree.path(of: node)
      let all = tree.nodes[node].multipliers
      let slopes = tree.nodes[node].slopes
      let width = slopes.count / columns.count
      return columns.indices.map { atom in
        PhaseColumns.Part(
          path: path,
          multipliers: all.isEmpty
            ? [Float](repeating: 0, count: path.count)
            : Array(all[atom * path.count..<(atom + 1) * path.count]),
          slopes: Array(slopes[atom * width..<(atom + 1) * width]))
      }
    }
    let chunks = stride(from: 0, to: nodes.count, by: PhaseSearch.batch).map {
      $0..<Swift.min($0 + PhaseSearch.batch, nodes.count)
    }
    @Sendable func run(_ chunk: Range<Int>, _ workspace: Workspace) -> [[PhaseColumns.Result]] {
      var answers = [[PhaseColumns.Result]](repeating: [], count: chunk.count)
      for (atom, column) in columns.enumerated() {
        let results = column.bound(chunk.map { parts[$0][atom] }, workspace: workspace)
        for (index, result) in results.enumerated() { answers[index].append(result) }
      }
      return answers
    }
    guard chunks.count > 1, workers > 1 else {
      let workspace = Workspace()
      return chunks.flatMap { run($0, workspace) }
    }
    return await withTaskGroup(of: (Int, [[PhaseColumns.Result]]).self) { group in
      for (position, chunk) in chunks.enumerated() { group.addTask { (position, run(chunk, Workspace())) } }
      var collected = [[[PhaseColumns.Result]]](repeating: [], count: chunks.count)
      for await (position, results) in group { collected[position] = results }
      return collected.flatMap { $0 }
    }
  }
}
