import LeafRules
import RigorousArithmetic
import VerificationProblem

/// Branch and bound on one cell over the phases of rectifiers, for networks with too many inputs to split.
///
/// A part of the cell is bounded, its operands' bounds are refined where that saves more than it costs, and what is still
/// open is split.
struct PhaseSearch: Sendable {
  struct Outcome: Sendable {
    /// The trees as `PhaseRule` reads them; nil where some part stayed open.
    var bytes: [UInt8]?
    /// What a later run goes on from, where some part stayed open.
    var unfinished: [UInt8] = []
    /// A point that was confirmed to violate the claim.
    var witness: [Double]?
    var nodes = 0
    var leaves = 0
    /// The worst bound of the claim's quantities on the cell once it is closed, see `ClaimOnCell`.
    var worst = Double.nan
    /// Why it ended without an answer.
    var stop = StopReason.decided
  }

  /// Limits of a run, and who is told of it.
  struct Watch: Sendable {
    var budget: SearchBudget
    var deadline: ContinuousClock.Instant?
    /// Whether the run ends as soon as the rates at which splits gain say that its nodes will not suffice.
    var givesUp = false
    var progress: (@Sendable (_ nodes: Int, _ open: Int, _ worst: Double) -> Void)?
    var isOver: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }
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

  /// Parts between two looks at the queue, whatever the number of workers, so that it does not matter.
  private static let round = 128
  /// Refinements of one part without a split between them.
  private static let refinementsInARow = 12
  /// What a refinement must have closed of the gap for another one without a split between them.
  private static let repeated = 0.1
  /// What a refinement is taken to close of the gap at least.
  private static let leastYield = 0.01

  /// Runs on a cell.
  ///
  /// - Parameters:
  ///   - saved: What an earlier run left unfinished; bytes that are no such state are ignored.
  ///   - keep: Told after every round how to make the state that a later run goes on from.
  func run(
    on cell: Cell, saved: [UInt8] = [], _ watch: Watch, workspace: Workspace = Workspace(),
    keep: (_ state: () -> [UInt8]) -> Void
  ) async -> Outcome {
    var outcome = Outcome()
    outcome.nodes = 1
    guard let base = PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace) else {
      outcome.stop = .exhausted
      return outcome
    }
    guard base.openNeurons.count < 1 << 15, !watch.givesUp || base.isBent else {
      outcome.stop = .exhausted
      return outcome
    }
    let rectifiers = compiled.rectifiers
    let positions = Dictionary(
      uniqueKeysWithValues: base.openNeurons.enumerated().map { ($0.element, $0.offset) })
    let usual = base.openNeurons.map { PhaseNumbers.byte(base.usualSlope($0)) }
    outcome.worst = base.openClauses.isEmpty ? base.worst : compiled.worstShown
    var reader = PhaseReader(saved[...])
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
      var tree = PhaseTree()
      if !reader.isAtEnd {
        if let restored = PhaseTree(restoring: &reader, columns, usual: usual, workspace: workspace) {
          tree = restored
        } else {
          reader = PhaseReader([])
        }
      }
      // Before this clause others may have been closed.
      let closed = bytes
      let isClosed = await close(&tree, columns, watch, workspace, outcome: &outcome) { tree in
        keep { closed + tree.bytes(positions: positions, usual: usual, atoms: clause.count) }
      }
      bytes += tree.bytes(positions: positions, usual: usual, atoms: clause.count)
      guard isClosed else {
        outcome.unfinished = bytes
        return outcome
      }
    }
    if watch.givesUp {
      // Bounds may differ in their last bits with the parts that share a pass.
      guard PhaseRule(compiled, workspace: workspace)?.closes(base, bytes[...]) == true else {
        outcome.stop = .exhausted
        return outcome
      }
    }
    outcome.bytes = bytes
    return outcome
  }

  /// Closes one clause; false where the budget ends, nothing is left to split or a witness is found.
  private func close(
    _ tree: inout PhaseTree, _ columns: [PhaseColumns], _ watch: Watch, _ workspace: Workspace,
    outcome: inout Outcome, keep: (PhaseTree) -> Void
  ) async -> Bool {
    lazy var solver = PartSolver(compiled, columns[0].base, clause: columns.map(\.atom))
    var queue = CellQueue()
    var choices: [Int: (neuron: Int, margin: Double, levels: Double)] = [:]
    var order = SearchOrder(limit: watch.budget.memory)
    var waiting = Array(tree.leaves.reversed())
    var leaves = 0
    while true {
      var open: [Int] = []
      while open.count < PhaseSearch.round, let node = waiting.popLast() { open.append(node) }
      if open.isEmpty {
        while open.count < PhaseSearch.round, let (_, node) = queue.removeFirst() {
          guard let choice = choices.removeValue(forKey: node) else { continue }
          let halves = tree.split(node, neuron: choice.neuron, atoms: columns.count)
          open += [halves.active, halves.inactive]
        }
      }
      if open.isEmpty { break }
      let results = await boundAndRefine(open, &tree, columns, watch, workspace, nodes: &outcome.nodes)
      guard !results.joined().contains(where: \.isSkipped) else {
        outcome.stop = .outOfTime
        return false
      }
      var worst: (margin: Double, point: [Double])?
      for (node, answers) in zip(open, results) {
        if tree.nodes[node].bounds?.isEmpty == true {
          tree.closeEmpty(node)
          leaves += 1
          continue
        }
        if let shown = answers.firstIndex(where: \.isShown) {
          tree.close(
            node, atom: shown, multipliers: answers[shown].multipliers, slopes: answers[shown].slopes)
          leaves += 1
          continue
        }
        tree.improve(
          node, multipliers: answers.flatMap(\.multipliers), slopes: answers.flatMap(\.slopes))
        let answer = answers[PhaseSearch.best(answers)]
        if worst.map({ answer.margin < $0.margin }) ?? true { worst = (answer.margin, answer.point) }
        guard answer.neuron >= 0 else {
          switch solver.solve(tree.path(of: node), violates: violates) {
          case .closed(let leaf):
            tree.close(node, weighted: leaf)
            leaves += 1
            continue
          case .split(let neuron):
            choices[node] = (neuron, answer.margin, 1)
            queue.insert(priority: order.priority(-answer.margin, node: node), node: node)
            continue
          case .witness(let point): outcome.witness = point
          case .open:
            outcome.stop = .exhausted
            if violates(answer.point) { outcome.witness = answer.point }
          }
          return false
        }
        choices[node] = (answer.neuron, answer.margin, PhaseSearch.levels(answer))
        queue.insert(priority: order.priority(-answer.margin, node: node), node: node)
      }
      if let worst, violates(worst.point) {
        outcome.witness = worst.point
        return false
      }
      watch.progress?(outcome.nodes, queue.count + waiting.count, worst?.margin ?? 0)
      keep(tree)
      if queue.isEmpty && waiting.isEmpty { break }
      if Task.isCancelled {
        outcome.stop = .cancelled
        return false
      }
      if watch.isOver {
        outcome.stop = .outOfTime
        return false
      }
      if let limit = watch.budget.nodes, outcome.nodes >= limit {
        outcome.stop = .outOfNodes
        return false
      }
      if watch.givesUp, let limit = watch.budget.nodes {
        let expected = choices.values.reduce(0) { $0 + 2 * PhaseSearch.exponential($1.levels) }
        if Double(outcome.nodes) + expected > Double(limit) {
          outcome.stop = .outOfNodes
          return false
        }
      }
      let bytes = tree.byteCount + queue.count * SearchOrder.entry
      if order.isExceeded(bytes) {
        outcome.stop = .outOfMemory
        return false
      }
      order.update(&queue, bytes: bytes) { -(choices[$0]?.margin ?? -.infinity) }
    }
    outcome.leaves += leaves
    return true
  }

  private static func best(_ answers: [PhaseColumns.Result]) -> Int {
    answers.indices.max { answers[$0].margin < answers[$1].margin } ?? 0
  }

  /// Bounds parts, refines those where it pays, and bounds these again.
  private func boundAndRefine(
    _ open: [Int], _ tree: inout PhaseTree, _ columns: [PhaseColumns], _ watch: Watch,
    _ workspace: Workspace, nodes: inout Int
  ) async -> [[PhaseColumns.Result]] {
    let workers = watch.budget.workers
    var results = await bound(open, tree, columns, watch, workspace)
    nodes += open.count
    let limit = watch.givesUp ? watch.budget.nodes : nil
    var active = open.indices.filter {
      pays(results[$0], columns, yield: tree.nodes[open[$0]].yield, within: limit)
    }
    for _ in 0..<PhaseSearch.refinementsInARow {
      guard !active.isEmpty, !watch.isOver, !Task.isCancelled else { break }
      let tasks = active.map { index in
        let atom = PhaseSearch.best(results[index])
        return (part: part(open[index], tree, columns)[atom], atom: atom, result: results[index][atom])
      }
      let refined = await PhaseSearch.map(tasks, size: 1, workers: workers, workspace) { task, workspace in
        task.map {
          watch.isOver ? nil : columns[$0.atom].refine($0.part, from: $0.result, workspace: workspace)
        }
      }
      var changed: [Int] = []
      for ((index, task), found) in zip(zip(active, tasks), refined) {
        guard let found, !found.entries.isEmpty else {
          tree.setYield(open[index], PhaseSearch.leastYield)
          continue
        }
        let bytes = PhaseColumns.refinement(found.entries, atom: task.atom, atoms: columns.count)
        tree.refine(open[index], bytes: bytes, bounds: found.bounds)
        guard !found.bounds.isEmpty else { continue }
        let answers = results[index]
        tree.improve(
          open[index], multipliers: answers.flatMap(\.multipliers), slopes: answers.flatMap(\.slopes))
        changed.append(index)
      }
      guard !changed.isEmpty else { break }
      let again = await bound(changed.map { open[$0] }, tree, columns, watch, workspace)
      nodes += changed.count
      active = []
      for (index, answers) in zip(changed, again) {
        let before = results[index][PhaseSearch.best(results[index])].margin
        let after = answers[PhaseSearch.best(answers)].margin
        results[index] = answers
        let yield = before < 0 ? Swift.min(1, (after - before) / -before) : 1
        tree.setYield(open[index], Swift.max(PhaseSearch.leastYield, yield))
        if yield >= PhaseSearch.repeated, pays(answers, columns, yield: yield, within: limit) {
          active.append(index)
        }
      }
    }
    return results
  }

  /// Whether a refinement that closes a part of the gap is cheaper than the splits that it saves, if each of them goes on
  /// gaining what the next one would.
  ///
  /// - Parameter limit: Parts that may be bounded at most; a refinement that leaves more of them than this pays nothing.
  private func pays(
    _ answers: [PhaseColumns.Result], _ columns: [PhaseColumns], yield: Double, within limit: Int?
  ) -> Bool {
    guard !answers.contains(where: \.isShown) else { return false }
    let best = PhaseSearch.best(answers)
    let answer = answers[best]
    guard answer.neuron >= 0, !answer.chords.isEmpty, answer.margin.isFinite else { return false }
    let levels = PhaseSearch.levels(answer)
    let left = PhaseSearch.exponential(levels * (1 - yield))
    if let limit, 2 * left > Double(limit) { return false }
    let saved = PhaseSearch.exponential(levels) - left
    let part = Double(columns.count * (PhaseColumns.steps + 2 * PhaseColumns.candidates))
    return saved * part >= columns[best].refinementCost(answer)
  }

  private static let mostLevels = 40.0

  /// Levels of splits that close a part, if each gains what the next one would.
  private static func levels(_ answer: PhaseColumns.Result) -> Double {
    answer.gain > 0 ? Swift.min(mostLevels, -answer.margin / answer.gain) : mostLevels
  }

  /// About two to the power of a number that is not negative.
  private static func exponential(_ exponent: Double) -> Double {
    let whole = exponent.rounded(.down)
    return Double(sign: .plus, exponent: Int(whole), significand: 1 + (exponent - whole))
  }

  private func part(_ node: Int, _ tree: PhaseTree, _ columns: [PhaseColumns]) -> [PhaseColumns.Part] {
    let path = tree.path(of: node)
    let state = tree.nodes[node]
    let width = state.slopes.count / columns.count
    return columns.indices.map { atom in
      PhaseColumns.Part(
        path: path,
        multipliers: state.multipliers.isEmpty
          ? [Float](repeating: 0, count: path.count)
          : Array(state.multipliers[atom * path.count..<(atom + 1) * path.count]),
        slopes: Array(state.slopes[atom * width..<(atom + 1) * width]), bounds: state.bounds)
    }
  }

  /// For each node an answer for each atom of the clause.
  private func bound(
    _ nodes: [Int], _ tree: PhaseTree, _ columns: [PhaseColumns], _ watch: Watch, _ workspace: Workspace
  ) async -> [[PhaseColumns.Result]] {
    let parts = nodes.map { part($0, tree, columns) }
    // The size depends on nothing but the parts, as the results may in their last bits.
    let size = Swift.min(32, Swift.max(8, (parts.count + 3) / 4))
    return await PhaseSearch.map(parts, size: size, workers: watch.budget.workers, workspace) {
      chunk, workspace in
      if watch.isOver {
        let skipped = PhaseColumns.Result(isSkipped: true)
        return chunk.map { _ in columns.map { _ in skipped } }
      }
      var answers = [[PhaseColumns.Result]](repeating: [], count: chunk.count)
      for (atom, column) in columns.enumerated() {
        guard column.isWorthwhile else {
          for index in chunk.indices { answers[index].append(column.skipped(chunk[index][atom])) }
          continue
        }
        let results = column.bound(chunk.map { $0[atom] }, workspace: workspace)
        for (index, result) in results.enumerated() { answers[index].append(result) }
      }
      return answers
    }
  }

  /// The results of chunks of some items on several workers, in the order of the items.
  private static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], size: Int, workers: Int, _ workspace: Workspace,
    _ body: @escaping @Sendable ([Item], Workspace) -> [Result]
  ) async -> [Result] {
    let chunks = stride(from: 0, to: items.count, by: size).map {
      Array(items[$0..<Swift.min($0 + size, items.count)])
    }
    guard chunks.count > 1, workers > 1 else {
      return chunks.flatMap { body($0, workspace) }
    }
    let count = Swift.min(workers, chunks.count)
    return await withTaskGroup(of: [(Int, [Result])].self) { group in
      for worker in 0..<count {
        group.addTask {
          let workspace = Workspace()
          return Swift.stride(from: worker, to: chunks.count, by: count).map {
            ($0, body(chunks[$0], workspace))
          }
        }
      }
      var collected = [[Result]](repeating: [], count: chunks.count)
      for await part in group { for (position, results) in part { collected[position] = results } }
      return collected.flatMap { $0 }
    }
  }
}
