package import Evidence
import LeafRules
package import RigorousArithmetic
package import TensorGraph
package import VerificationProblem

/// Branch and bound over a region: cells are closed by a leaf rule or split, the least certain one first.
package struct ForallSearch: Sendable {
  /// What a search found.
  package struct Outcome: Sendable {
    /// True when every leaf is closed, false when a witness was found, nil while open.
    package let holds: Bool?
    /// The witness, if any.
    package let witness: (caseIndex: Int, point: [Double])?
    /// Range that the leaves leave to the claim's quantities, bounded on one side, where all atoms compare in one
    /// direction.
    package let range: Interval?
    /// The trees, or the witness.
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

  /// Share of a quantity's range that may stick out for the backward pass to be tried: about what it gains, at twice
  /// the cost of the zonotope.
  static let narrowness = 0.25

  let obligation: Obligation
  private let region: InputRegion
  /// For points to look at; nil where the region has none of doubles.
  private let doubles: RegionDoubles?
  let cases: [CompiledCase]
  /// Whether the quantities are bounded from above (true), from below (false) or both ways (nil).
  private let direction: Bool?

  /// Whether phases are split whatever the number of coordinates.
  let splitsPhases: Bool

  /// Prepares a search; nil for an obligation of another kind.
  ///
  /// - Parameter splitsPhases: Whether roots are closed by splits of phases, if that takes no more than half of the budget,
  ///   even where there are few coordinates.
  /// - Throws: `GraphError.unsupported` when a graph has an operator without a rule.
  package init?(_ obligation: Obligation, splitsPhases: Bool = false) throws(GraphError) {
    guard case .forall(let region) = obligation.question else { return nil }
    self.splitsPhases = splitsPhases
    self.obligation = obligation
    self.region = region
    doubles = RegionDoubles(region)
    var cases: [CompiledCase] = []
    let fixed = obligation.fixedAxes
    for item in obligation.cases {
      cases.append(try CompiledCase(item, fixed: fixed, balls: region.balls))
    }
    self.cases = cases
    let directions = Set(cases.map(\.direction))
    direction = directions.count == 1 ? directions.first ?? nil : nil
  }

  /// Looks for a point that violates a case, from given starting points.
  ///
  /// What it finds is confirmed before it is believed.
  package typealias Attack = @Sendable (_ caseIndex: Int, _ starts: [[Double]]) -> [Double]?

  /// Cells evaluated before the first attack from the worst open cells; the next comes after twice as many, and so on.
  private static let firstAttack = 2_048
  /// Open cells from which an attack starts.
  private static let attackedCells = 32

  /// Runs until every cell is closed or a witness is found.
  ///
  /// - Parameters:
  ///   - attack: Tried now and then from the centres of the worst open cells.
  ///   - checkpoint: Where the state is kept, and what the run goes on from.
  /// - Throws: `EvidenceError.tree` where the state to go on from is that of another search.
  package func run(
    budget: SearchBudget, attack: Attack? = nil, checkpoint: SearchCheckpoint? = nil,
    progress: (@Sendable (SearchProgress) -> Void)? = nil
  ) async throws(EvidenceError) -> Outcome {
    let start = ContinuousClock.now
    var clock = CheckpointClock(checkpoint)
    var tree = try SearchTree(
      restoring: checkpoint?.saved, root: obligation.rootCell(deviations: 0), caseCount: cases.count)
    var queue = CellQueue()
    let splitAxes = SplitAxes(root: obligation.rootCell(deviations: 0))
    var known = Leaves()
    let volumes = tree.halved(fromRoots: 1 / Double(cases.count))
    var order = SearchOrder(limit: budget.memory)
    /// Leaves of an earlier run that are still to be bounded again.
    var waiting: [Int] = []
    for leaf in tree.savedLeaves.reversed() {
      known.volumes[leaf.node] = volumes[leaf.node]
      if let phases = leaf.phases, isClosed(leaf.node, tree, byPhases: phases) {
        tree.close(leaf.node, byPhases: Array(phases))
        tree.release(leaf.node)
        known.close(
          leaf.node, worst: cases[Int(tree.nodes[leaf.node].caseIndex)].worstShown, isUpper: direction)
      } else {
        if let phases = leaf.phases { tree.unfinished[leaf.node] = Array(phases) }
        waiting.append(leaf.node)
      }
    }
    tree.savedLeaves = []
    let isFresh = waiting.count == cases.count && tree.nodes.count == cases.count
    var triesPhases = tree.nodes.count == cases.count
    var batch = Array(waiting.suffix(Swift.max(cases.count, 2 * Rounds.size)).reversed())
    waiting.removeLast(batch.count)
    var evaluated = 0
    var stop = StopReason.decided
    var witness: (caseIndex: Int, point: [Double])?
    var stuck = 0
    var nextAttack = ForallSearch.firstAttack
    var trials = CellTrials(layers: cases.map(\.nonlinearCount).max() ?? 0)
    let deadline = budget.seconds.map { start + .seconds($0) }
    /// What was split for the batch.
    var splits: [(node: Int, before: Parent)] = []

    search: while true {
      let cells = batch.map { (Int(tree.nodes[$0].caseIndex), tree.cell($0)) }
      let rules: [LeafRule] = evaluated == 0 && isFresh ? [.interval, .zonotope] : [.zonotope]
      // Fresh roots are always bounded.
      let isFirst = evaluated == 0 && batch.count <= cases.count
      let results = await Rounds.evaluate(
        cells, cases: cases, laws: [], workers: budget.workers, until: isFirst ? nil : deadline
      ) { ForallSearch.visit($1, by: rules, $0) }
      let unfinished = tree.undo(
        splits.map(\.node), missing: zip(batch, results).filter { $1 == nil }.map(\.0))
      if !unfinished.restored.isEmpty {
        let restored = Set(unfinished.restored)
        for (node, before) in splits where restored.contains(node) {
          known.merge(node, before)
          queue.insert(
            priority: order.priority(-(before.visit?.claim.margin ?? -.infinity), node: node), node: node)
        }
      }
      waiting += unfinished.waiting.reversed()
      var visited: [(node: Int, visit: Visit)] = []
      for case (let node, let visit?) in zip(batch, results) {
        evaluated += 1
        if !unfinished.dropped.contains(node) { visited.append((node, visit)) }
      }
      let tried = await attempt(
        visited, tree, &trials, budget, room: budget.nodes.map { $0 - evaluated }, until: deadline)
      evaluated += tried.nodes
      if let found = tried.witness {
        witness = found
        break search
      }
      for (node, visit) in visited {
        if let (bytes, worst) = tried.closed[node] {
          if bytes.isEmpty {
            tree.close(node, by: .fullLinearBounds)
          } else {
            tree.close(node, byPhases: bytes)
          }
          tree.release(node)
          known.close(node, worst: worst, isUpper: direction)
          continue
        }
        if visit.claim.truth == true {
          tree.close(node, by: visit.rule)
          tree.release(node)
          known.close(node, worst: visit.claim.worst, isUpper: direction)
        } else {
          known.visits[node] = visit
          let caseIndex = Int(tree.nodes[node].caseIndex)
          if visit.claim.truth == false || evaluated < 4 * Rounds.size,
            let point = violation(caseIndex: caseIndex, in: tree.cell(node))
          {
            witness = (caseIndex, point)
            break search
          }
          queue.insert(priority: order.priority(-visit.claim.margin, node: node), node: node)
        }
      }
      if triesPhases, waiting.isEmpty {
        triesPhases = false
        let phases = await searchPhases(queue, &tree, budget, &clock, start: start, progress)
        evaluated += phases.nodes
        if let found = phases.witness {
          witness = found
          break search
        }
        for (node, bytes) in phases.closed.sorted(by: { $0.key < $1.key }) {
          let worst = cases[Int(tree.nodes[node].caseIndex)].worstShown
          tree.close(node, byPhases: bytes)
          tree.release(node)
          known.close(node, worst: worst, isUpper: direction)
        }
        queue.removeAll { phases.closed[$0] != nil }
        if phases.isOutOfMemory {
          stop = .outOfMemory
          break
        }
      }
      let seconds = (ContinuousClock.now - start).seconds
      let worst = queue.first.flatMap { known.visits[$0.node]?.claim.worst } ?? 0
      progress?(
        SearchProgress(
          nodes: evaluated, open: queue.count, decided: known.closedVolume, lower: worst, upper: worst,
          seconds: seconds))
      clock.keep(tree)
      if queue.isEmpty && waiting.isEmpty { break }
      if let attack, evaluated >= nextAttack {
        nextAttack = 2 * evaluated
        if let found = strike(attack, queue, tree) {
          witness = found
          break search
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
      let bytes = tree.byteCount + known.volumes.count * Leaves.bytes
      if order.isExceeded(bytes) {
        stop = .outOfMemory
        break
      }
      order.update(&queue, bytes: bytes) { -(known.visits[$0]?.claim.margin ?? -.infinity) }
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
      while batch.count < 2 * Swift.min(room, Rounds.size), let (_, node) = queue.removeFirst() {
        let axes = splitAxes.inOrder(of: tree.cell(node), leading: known.visits[node]?.claim.leadingAxis)
        guard let halves = tree.split(node, alongFirstOf: axes) else {
          stuck += 1
          continue
        }
        batch.append(halves.low)
        batch.append(halves.high)
        splits.append((node, known.split(node, halves)))
      }
      if batch.isEmpty {
        stop = .exhausted
        break
      }
    }
    clock.keep(tree, isEnd: true)
    if witness == nil, queue.isEmpty, stuck > 0, stop == .decided { stop = .exhausted }
    var result = outcome(tree, known, witness: witness, evaluated: evaluated, stop: stop)
    if result.holds == nil, !queue.isEmpty { result.gap = gap(queue, tree) }
    return result
  }

  private func isClosed(_ node: Int, _ tree: SearchTree, byPhases bytes: ArraySlice<UInt8>) -> Bool {
    let evaluator = CellEvaluator(cases[Int(tree.nodes[node].caseIndex)])
    return evaluator.claim(on: tree.cell(node), phases: bytes).truth == true
  }

  private func gap(_ queue: CellQueue, _ tree: SearchTree) -> GapReport? {
    GapReport(
      queue.worst(GapReport.inspected).map { (Int(tree.nodes[$0].caseIndex), tree.cell($0)) },
      openCells: queue.count, cases: cases, graphs: obligation.cases.map(\.graph))
  }

  private static func visit(_ cell: Cell, by rules: [LeafRule], _ evaluator: CellEvaluator) -> Visit {
    var result = Visit(rule: .open, claim: ClaimOnCell(truth: nil, margin: -.infinity, worst: .nan))
    if evaluator.compiled.misses(cell) {
      return Visit(rule: .outside, claim: evaluator.claim(on: cell, rule: .outside))
    }
    let weighs = evaluator.compiled.hasAlternatives
    for rule in rules {
      let isWeighed = weighs && rule == .zonotope
      let claim = evaluator.claim(on: cell, rule: isWeighed ? .weighedZonotope : rule, attributes: true)
      result = Visit(rule: isWeighed && !claim.isPlain ? .weighedZonotope : rule, claim: claim)
      if result.claim.truth != nil { return result }
    }
    if result.claim.isTouching {
      let attained = evaluator.claim(on: cell, rule: .attained)
      if attained.truth != nil { return Visit(rule: .attained, claim: attained) }
    }
    guard -result.claim.margin < ForallSearch.narrowness * result.claim.width else { return result }
    let rule: LeafRule = weighs ? .weighedLinearBounds : .linearBounds
    let refined = Visit(rule: rule, claim: evaluator.claim(on: cell, rule: rule, attributes: true))
    return refined.claim.truth != nil || refined.claim.margin > result.claim.margin ? refined : result
  }

  /// An attack from the centres of the worst open cells of each case; a point counts once arithmetic confirms it.
  private func strike(
    _ attack: Attack, _ queue: CellQueue, _ tree: SearchTree
  ) -> (caseIndex: Int, point: [Double])? {
    var starts: [Int: [[Double]]] = [:]
    for node in queue.nodes.prefix(ForallSearch.attackedCells) {
      let cell = tree.cell(node)
      starts[Int(tree.nodes[node].caseIndex), default: []].append(
        zip(cell.lower, cell.upper).map { Cell.midpoint($0, $1) })
    }
    for (caseIndex, points) in starts.sorted(by: { $0.key < $1.key }) {
      guard let point = attack(caseIndex, points), isViolated(caseIndex, at: point) else { continue }
      return (caseIndex, point)
    }
    return nil
  }

  /// A point of the cell, or near it, within the exact region at which rigorous arithmetic refutes the case.
  private func violation(caseIndex: Int, in cell: Cell) -> [Double]? {
    var centre = zip(cell.lower, cell.upper).map { Cell.midpoint($0, $1) }
    if !region.balls.isEmpty { doubles?.settle(&centre) }
    return isViolated(caseIndex, at: centre) ? centre : nil
  }

  /// Whether rigorous arithmetic refutes a case at a point of the region.
  func isViolated(_ caseIndex: Int, at point: [Double]) -> Bool {
    (try? obligation.cases[caseIndex].truth(at: point, in: region))?.truth == false
  }

  private func outcome(
    _ tree: SearchTree, _ known: Leaves, witness: (caseIndex: Int, point: [Double])?, evaluated: Int,
    stop: StopReason
  ) -> Outcome {
    let leaves = tree.roots.flatMap { tree.leaves(of: $0) }
    var range: Interval?
    if let direction {
      var bound = known.closedWorst ?? (direction ? -.infinity : .infinity)
      for leaf in leaves where tree.nodes[leaf].rule == .open {
        let worst = known.visits[leaf]?.claim.worst ?? (direction ? .infinity : -.infinity)
        bound = Leaves.worse(bound, worst, isUpper: direction)
      }
      if bound.isFinite { range = direction ? Interval(-.infinity, bound) : Interval(bound, .infinity) }
    }
    if let witness {
      return Outcome(
        holds: false, witness: witness, range: range,
        evidence: .witness(caseIndex: witness.caseIndex, point: witness.point), nodes: evaluated,
        leaves: leaves.count, stop: .decided)
    }
    let holds: Bool? = leaves.allSatisfy { tree.nodes[$0].rule != .open } ? true : nil
    return Outcome(
      holds: holds, witness: nil, range: range,
      evidence: .trees(tree.roots.indices.map { tree.evidence(of: $0) }), nodes: evaluated,
      leaves: leaves.count,
      stop: stop)
  }
}
