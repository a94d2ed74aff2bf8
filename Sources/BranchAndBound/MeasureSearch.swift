import CellMasses
package import Evidence
import LeafRules
package import RigorousArithmetic
package import TensorGraph
package import VerificationProblem

/// Best-first refinement of the probability of an event: the cell with the most undecided mass is split next.
package struct MeasureSearch: Sendable {
  /// What a search found.
  package struct Outcome: Sendable {
    /// True when every bound is met, false when one is violated, nil while open.
    package let holds: Bool?
    /// Certified bounds of the measure.
    package let measure: Interval
    /// Certified bounds of each case's probability.
    package let cases: [Interval]
    /// One tree a case.
    package let evidence: ProofEvidence
    /// Cells evaluated.
    package let nodes: Int
    /// Leaves of all trees.
    package let leaves: Int
    /// Why the search ended.
    package let stop: StopReason
    /// What keeps an open question open.
    package var gap: GapReport?
  }

  /// Deviations of an unbounded normal law that the search box covers; the tail beyond, below 2e-9 an axis, counts
  /// as undecided.
  static let deviations = 6.0

  /// A cell of whose mass no more than this part was decided is split twice at once: it pays unless both halves
  /// would have been decided whole, and saves the evaluation of the halves.
  static let openPart = 0.25

  private let obligation: Obligation
  private let cases: [CompiledCase]
  private let laws: [AxisMass]
  /// About the deviation of each coordinate.
  private let scales: [Double]
  private let bounds: [MeasureBound]
  /// Over three axes or more a split narrows a cell little, and the backward pass saves more cells than it costs;
  /// over two it does not pay.
  private var rule: LeafRule { laws.count > 2 ? .linearBounds : .zonotope }

  /// Prepares a search.
  ///
  /// - Throws: `GraphError.unsupported` when a graph has an operator without a rule.
  package init?(_ obligation: Obligation) throws(GraphError) {
    guard case .measure(let law, let bounds) = obligation.question else { return nil }
    self.obligation = obligation
    self.bounds = bounds
    laws = law.map { AxisMass($0) }
    scales = law.map(\.spread.scale)
    var cases: [CompiledCase] = []
    for item in obligation.cases { cases.append(try CompiledCase(item)) }
    self.cases = cases
  }

  /// Runs until the bounds are decided or, where `gap` is given, until the interval is that narrow.
  ///
  /// - Parameter checkpoint: Where the state is kept, and what the run goes on from.
  /// - Throws: `EvidenceError.tree` where the state to go on from is that of another search.
  package func run(
    budget: SearchBudget, gap: Double? = nil, checkpoint: SearchCheckpoint? = nil,
    progress: (@Sendable (SearchProgress) -> Void)? = nil
  ) async throws(EvidenceError) -> Outcome {
    let start = ContinuousClock.now
    var clock = CheckpointClock(checkpoint)
    var tree = try SearchTree(
      restoring: checkpoint?.saved, root: obligation.rootCell(deviations: MeasureSearch.deviations),
      caseCount: cases.count)
    var masses: [CellMass] = []
    var queue = CellQueue()
    let weights = obligation.cases.map { $0.weight.enclosure.midpoint }
    var inside = 0.0
    var outside = 0.0
    /// Leaves of an earlier run that are still to be bounded again.
    var waiting = Array(tree.savedLeaves.map(\.node).reversed())
    tree.savedLeaves = []
    var batch = Array(waiting.suffix(Swift.max(cases.count, 2 * Rounds.size)).reversed())
    waiting.removeLast(batch.count)
    var stop = StopReason.exhausted
    var evaluated = 0
    let deadline = budget.seconds.map { start + .seconds($0) }
    /// Nodes that were split for the batch.
    var splits: [Int] = []

    while true {
      let cells = batch.map { (Int(tree.nodes[$0].caseIndex), tree.cell($0)) }
      // Fresh roots are always bounded.
      let isFirst = evaluated == 0 && batch.count <= cases.count
      let results = await Rounds.evaluate(
        cells, cases: cases, laws: laws, workers: budget.workers, until: isFirst ? nil : deadline
      ) { [rule] in $0.masses(on: $1, rule: rule, attributes: true) }
      while masses.count < tree.nodes.count { masses.append(CellMass(inside: 0, outside: 0, total: 0)) }
      let unfinished = tree.undo(splits, missing: zip(batch, results).filter { $1 == nil }.map(\.0))
      for node in unfinished.restored {
        let weight = weights[Int(tree.nodes[node].caseIndex)]
        inside += weight * masses[node].inside
        outside += weight * masses[node].outside
        queue.insert(priority: weight * masses[node].undecided, node: node)
      }
      waiting += unfinished.waiting.reversed()
      for case (let node, let mass?) in zip(batch, results) {
        evaluated += 1
        guard !unfinished.dropped.contains(node) else { continue }
        masses[node] = mass
        let weight = weights[Int(tree.nodes[node].caseIndex)]
        inside += weight * mass.inside
        outside += weight * mass.outside
        tree.close(node, by: mass.inside + mass.outside > 0 ? rule : .open)
        if mass.undecided > 0 {
          queue.insert(priority: weight * mass.undecided, node: node)
        } else {
          tree.release(node)
        }
      }
      let seconds = (ContinuousClock.now - start).seconds
      progress?(
        SearchProgress(
          nodes: evaluated, open: queue.count, decided: inside + outside, lower: inside, upper: 1 - outside,
          seconds: seconds))
      clock.keep(tree)
      if waiting.isEmpty, isFinished(inside: inside, outside: outside, gap: gap) {
        let certified = certify(tree, masses)
        let verdict = MeasureBounds.verdict(certified.total, bounds: bounds)
        if gap.map({ certified.total.width <= $0 }) ?? (verdict != nil) {
          stop = .decided
          break
        }
      }
      if Task.isCancelled {
        stop = .cancelled
        break
      }
      if let limit = budget.seconds, seconds >= limit {
        stop = .outOfTime
        break
      }
      // The newest cells first would not help: about the boundary of the event they are never decided.
      if SearchOrder(limit: budget.memory).isExceeded(
        tree.byteCount + masses.count * MemoryLayout<CellMass>.stride + queue.count * SearchOrder.entry)
      {
        stop = .outOfMemory
        break
      }
      splits = []
      if !waiting.isEmpty {
        batch = waiting.suffix(2 * Rounds.size).reversed()
        waiting.removeLast(batch.count)
        continue
      }
      let room = budget.nodes.map { ($0 - evaluated) / 2 } ?? Rounds.size
      guard room > 0 else {
        stop = .outOfNodes
        break
      }
      batch = []
      let limit = 2 * Swift.min(room, Rounds.size)
      while batch.count + 2 <= limit, let (_, node) = queue.removeFirst() {
        let weight = weights[Int(tree.nodes[node].caseIndex)]
        let leading = masses[node].leadingAxis.flatMap { tree.split(node, along: $0) }
        guard let halves = leading ?? tree.split(node, along: splitAxis(tree.cell(node))) else { continue }
        splits.append(node)
        inside -= weight * masses[node].inside
        outside -= weight * masses[node].outside
        let mass = masses[node]
        let isOpen =
          mass.total > 0 && (mass.inside + mass.outside) / mass.total <= MeasureSearch.openPart
        for half in [halves.low, halves.high] {
          if isOpen, batch.count + 3 <= limit,
            let quarters = tree.split(half, along: splitAxis(tree.cell(half)))
          {
            splits.append(half)
            batch.append(quarters.low)
            batch.append(quarters.high)
          } else {
            batch.append(half)
          }
        }
      }
      if batch.isEmpty { break }
    }
    clock.keep(tree, isEnd: true)
    var result = outcome(tree, masses, evaluated: evaluated, stop: stop)
    if result.holds == nil, !queue.isEmpty {
      result.gap = GapReport(
        queue.worst(GapReport.inspected).map { (Int(tree.nodes[$0].caseIndex), tree.cell($0)) },
        openCells: queue.count, cases: cases, graphs: obligation.cases.map(\.graph))
    }
    return result
  }

  /// The running sums are for steering only; the verdict rests on `certify`.
  private func isFinished(inside: Double, outside: Double, gap: Double?) -> Bool {
    let upper = 1 - outside
    if let gap { return upper - inside <= gap }
    guard inside <= upper else { return true }
    return MeasureBounds.verdict(Interval(inside, upper), bounds: bounds) != nil
  }

  private func splitAxis(_ cell: Cell) -> Int {
    var best = 0
    var width = -1.0
    for axis in cell.lower.indices {
      let size = (cell.upper[axis] - cell.lower[axis]) / scales[axis]
      if size > width {
        width = size
        best = axis
      }
    }
    return best
  }

  private func certify(_ tree: SearchTree, _ masses: [CellMass]) -> (total: Interval, cases: [Interval]) {
    let sums = tree.roots.map { root in
      var sum = MeasureBounds.CaseMass()
      for leaf in tree.leaves(of: root) { sum.add(masses[leaf]) }
      return sum
    }
    return (MeasureBounds.total(sums, weights: obligation.cases.map(\.weight)), sums.map(\.probability))
  }

  private func outcome(
    _ tree: SearchTree, _ masses: [CellMass], evaluated: Int, stop: StopReason
  ) -> Outcome {
    let certified = certify(tree, masses)
    return Outcome(
      holds: MeasureBounds.verdict(certified.total, bounds: bounds), measure: certified.total,
      cases: certified.cases, evidence: .trees(tree.roots.indices.map { tree.evidence(of: $0) }),
      nodes: evaluated,
      leaves: tree.roots.reduce(0) { $0 + tree.leaves(of: $1).count }, stop: stop)
  }
}

extension Duration {
  /// The duration in seconds.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
