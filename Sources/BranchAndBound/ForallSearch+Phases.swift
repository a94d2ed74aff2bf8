import LeafRules
import VerificationProblem

extension ForallSearch {
  /// Coordinates up to which a cell is split along these only.
  private static let fewAxes = 6

  /// Whether there are too many coordinates to split.
  private var isWide: Bool {
    obligation.dimension - obligation.fixedAxes.count > ForallSearch.fewAxes
  }

  /// What trials have found.
  struct Trials {
    /// Trees of phases, empty where linear bounds suffice, and the worst bound.
    var closed: [Int: (bytes: [UInt8], worst: Double)] = [:]
    var witness: (caseIndex: Int, point: [Double])?
    var nodes = 0
  }

  /// What splits of the phases of roots have found.
  struct PhaseAnswers {
    var closed: [Int: [UInt8]] = [:]
    var witness: (caseIndex: Int, point: [Double])?
    var nodes = 0
    var isOutOfMemory = false
  }

  /// Tries to close the open roots by splits of phases, where there are too many coordinates to split.
  func searchPhases(
    _ queue: CellQueue, _ tree: inout SearchTree, _ budget: SearchBudget, _ clock: inout CheckpointClock,
    start: ContinuousClock.Instant, _ progress: (@Sendable (SearchProgress) -> Void)?
  ) async -> PhaseAnswers {
    var answers = PhaseAnswers()
    guard isWide || splitsPhases else { return answers }
    var budget = budget
    if !isWide {
      // What is left is for splits of the few coordinates.
      budget.seconds = budget.seconds.map { $0 / 2 }
      budget.nodes = budget.nodes.map { $0 / 2 }
    }
    let deadline = budget.seconds.map { start + .seconds($0) }
    for node in queue.nodes.sorted() {
      let caseIndex = Int(tree.nodes[node].caseIndex)
      let search = PhaseSearch(cases[caseIndex]) { isViolated(caseIndex, at: $0) }
      guard let search else { continue }
      let open = queue.count
      let watch = PhaseSearch.Watch(budget: budget, deadline: deadline) {
        progress?(
          SearchProgress(
            nodes: $0, open: open + $1, decided: 0, lower: $2, upper: $2,
            seconds: (ContinuousClock.now - start).seconds))
      }
      let saved = tree.unfinished[node] ?? []
      let outcome = await search.run(on: tree.cell(node), saved: saved, watch) { state in
        guard clock.isDue else { return }
        tree.unfinished[node] = state()
        clock.keep(tree)
      }
      tree.unfinished[node] = clock.isKept && !outcome.unfinished.isEmpty ? outcome.unfinished : nil
      answers.nodes += outcome.nodes
      if let point = outcome.witness {
        answers.witness = (caseIndex, point)
        return answers
      }
      if outcome.stop == .outOfMemory { answers.isOutOfMemory = true }
      guard let bytes = outcome.bytes else { continue }
      answers.closed[node] = bytes
    }
    return answers
  }

  /// Tries cells that splits along coordinates would not close soon.
  func attempt(
    _ visited: [(node: Int, visit: Visit)], _ tree: SearchTree, _ trials: inout CellTrials,
    _ budget: SearchBudget, room: Int?, until deadline: ContinuousClock.Instant?
  ) async -> Trials {
    var answers = Trials()
    guard !isWide else { return answers }
    trials.learn(cells: visited.count, closed: visited.count { $0.visit.claim.truth == true })
    let most = Swift.min(trials.count, room.map { $0 / CellTrials.nodes } ?? .max)
    var chosen: [Int] = []
    for (node, visit) in visited where chosen.count < most {
      guard visit.claim.truth == nil, cases[Int(tree.nodes[node].caseIndex)].clauses != nil,
        trials.isWorthwhile(margin: visit.claim.margin, width: visit.claim.width)
      else { continue }
      chosen.append(node)
    }
    guard !chosen.isEmpty else { return answers }
    let cells = chosen.map { (Int(tree.nodes[$0].caseIndex), tree.cell($0)) }
    let outcomes = await Rounds.evaluate(
      cells, cases: cases, laws: [], workers: budget.workers, least: 1
    ) { evaluator, cell -> PhaseSearch.Outcome in
      let search = PhaseSearch(evaluator.compiled) { point in
        obligation.cases.indices.contains { isViolated($0, at: point) }
      }
      let limits = SearchBudget(nodes: CellTrials.nodes, workers: 1)
      let watch = PhaseSearch.Watch(budget: limits, deadline: deadline, givesUp: true)
      return await search?.run(on: cell, watch, workspace: evaluator.workspace) { _ in }
        ?? PhaseSearch.Outcome()
    }
    for case (let node, let outcome?) in zip(chosen, outcomes) {
      answers.nodes += outcome.nodes
      if let bytes = outcome.bytes { answers.closed[node] = (bytes, outcome.worst) }
      if answers.witness == nil, let point = outcome.witness {
        answers.witness = obligation.cases.indices.first { isViolated($0, at: point) }.map { ($0, point) }
      }
    }
    trials.learn(successes: answers.closed.count, failures: chosen.count - answers.closed.count)
    return answers
  }
}
