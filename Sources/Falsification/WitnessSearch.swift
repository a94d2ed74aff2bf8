import Statistics
import TensorGraph
package import VerificationProblem

/// Attacks a claim about every point of a region: a search for a point that refutes it.
///
/// The search is a function of obligation, seed, budget and given starting points, and runs on one core. It stops
/// early when its task is cancelled or its time is up.
package struct WitnessSearch: Sendable {
  /// The best point found for a case.
  package struct MarginPoint: Hashable, Sendable {
    /// The case.
    package let caseIndex: Int
    /// The point, in the exact region.
    package let point: [Double]
    /// Signed margin of the predicate in floating point; negative where it seems to fail, and no bound of anything.
    package let margin: Double
  }

  /// What a search found.
  package struct Outcome: Hashable, Sendable {
    /// A confirmed violation, or nil.
    package let witness: Witness?
    /// The smallest margin of each case, in order of cases.
    ///
    /// Cases that the search did not reach before it found a witness are missing; all are missing when the region
    /// holds no point of doubles.
    package let best: [MarginPoint]
  }

  let cases: [ObligationCase]
  let region: InputRegion
  let box: DoubleBox?
  let generator: CounterGenerator
  let budget: AttackBudget
  let startingPoints: [[Double]]
  let deadline: ContinuousClock.Instant?

  /// Prepares the attack on an obligation.
  ///
  /// - Parameters:
  ///   - seed: 32 bytes.
  ///   - startingPoints: points to begin with, moved into the region where they lie outside.
  ///   - deadline: when to stop at the latest.
  /// - Throws: `FalsificationError.noRegion` for a question about a probability, `mismatch` for a starting point
  ///   of another dimension, `seedLength`.
  package init(
    _ obligation: Obligation, seed: [UInt8], budget: AttackBudget = AttackBudget(),
    startingPoints: [[Double]] = [], deadline: ContinuousClock.Instant? = nil
  ) throws(FalsificationError) {
    guard case .forall(let region) = obligation.question else { throw .noRegion(obligation.name) }
    guard let generator = CounterGenerator(seed: seed) else { throw .seedLength(seed.count) }
    if let point = startingPoints.first(where: { $0.count != region.dimension }) {
      throw .mismatch(
        "a starting point has \(point.count) coordinates where the region has \(region.dimension)")
    }
    cases = obligation.cases
    self.region = region
    box = DoubleBox(region)
    self.generator = generator
    self.budget = budget
    self.startingPoints = startingPoints
    self.deadline = deadline
  }

  /// Prepares the attack on cases over some region.
  ///
  /// - Throws: as above, `FalsificationError.mismatch` also when the cases do not fit the region.
  package init(
    _ cases: [ObligationCase], over region: InputRegion, seed: [UInt8], budget: AttackBudget = AttackBudget(),
    startingPoints: [[Double]] = []
  ) throws(FalsificationError) {
    let obligation: Obligation
    do {
      obligation = try Obligation(name: "attack", question: .forall(region), cases: cases)
    } catch {
      throw .mismatch(error.description)
    }
    try self.init(obligation, seed: seed, budget: budget, startingPoints: startingPoints)
  }

  /// Searches until a witness is confirmed or the budget is used.
  ///
  /// All cases are evaluated at the starting points first; then they are attacked in order of their margins.
  ///
  /// - Throws: `FalsificationError.graph`.
  package func run() throws(FalsificationError) -> Outcome {
    guard let box else { return Outcome(witness: nil, best: []) }
    do {
      return try run(box)
    } catch {
      throw .graph(error)
    }
  }

  /// End points of attacks that do not stop at violations, the cases by turns, each case's smallest margins first.
  ///
  /// - Returns: at most `count` different points, every one in the exact region.
  /// - Throws: `FalsificationError.graph`.
  package func adversarialPoints(_ count: Int) throws(FalsificationError) -> [MarginPoint] {
    guard let box, count > 0 else { return [] }
    var ends: [[Candidate]] = []
    do {
      for (index, item) in cases.enumerated() {
        let margin = Objective(item.predicate, outputCount: item.graph.outputShapes[0].count)
        var attack = attack(index, margin, box)
        let candidates = try attack.scan(given: startingPoints) { _ in false }
        ends.append(try attack.refine(candidates) { _ in false })
      }
    } catch {
      throw .graph(error)
    }
    var points: [MarginPoint] = []
    for rank in 0..<(ends.map(\.count).max() ?? 0) {
      for (index, candidates) in ends.enumerated() where rank < candidates.count && points.count < count {
        points.append(
          MarginPoint(caseIndex: index, point: candidates[rank].point, margin: candidates[rank].value))
      }
    }
    return points
  }

  /// The attack on one case; cases draw from streams of their own.
  func attack(_ index: Int, _ objective: Objective, _ box: DoubleBox) -> CaseAttack {
    CaseAttack(
      cases[index].graph, objective: objective, box: box,
      starts: StartingPoints(box: box, generator: generator, stream: UInt32(truncatingIfNeeded: index)),
      budget: budget, deadline: deadline)
  }

  private func run(_ box: DoubleBox) throws(GraphError) -> Outcome {
    var best: [MarginPoint] = []
    var starts: [[Candidate]] = []
    var confirmations: [Confirmation] = []
    for (index, item) in cases.enumerated() {
      let margin = Objective(item.predicate, outputCount: item.graph.outputShapes[0].count)
      var attack = attack(index, margin, box)
      var confirmation = Confirmation(
        item, caseIndex: index, region: region, count: budget.confirmations)
      let reserve = budget.confirmations * 3 / 4
      let candidates = try attack.scan(given: startingPoints) { candidate throws(GraphError) in
        try confirmation.inspect(candidate, reserve: reserve)
      }
      if let first = candidates.first {
        best.append(MarginPoint(caseIndex: index, point: first.point, margin: first.value))
      }
      if let witness = confirmation.witness { return Outcome(witness: witness, best: best) }
      starts.append(candidates)
      confirmations.append(confirmation)
    }
    for index in best.indices.sorted(by: { (best[$0].margin, $0) < (best[$1].margin, $1) }) {
      let item = cases[index]
      let margin = Objective(item.predicate, outputCount: item.graph.outputShapes[0].count)
      var attack = attack(index, margin, box)
      var confirmation = confirmations[index]
      let ends = try attack.refine(starts[index]) { candidate throws(GraphError) in
        try confirmation.inspect(candidate, reserve: budget.confirmations / 2)
      }
      try confirmation.finish(ends)
      if let first = ends.first, first.value < best[index].margin {
        best[index] = MarginPoint(caseIndex: index, point: first.point, margin: first.value)
      }
      if let witness = confirmation.witness { return Outcome(witness: witness, best: best) }
    }
    return Outcome(witness: nil, best: best)
  }
}
