import CellMasses
import Evidence
import LeafRules
import RigorousArithmetic
import VerificationProblem

/// Bounds on a weighted sum of probabilities, by one tree a case; see `MeasureBounds` for the theorem.
///
/// Nothing is taken from the evidence but the partition and the rules: masses are computed anew, and what a tree
/// does not cover counts as undecided.
enum MeasureRule {
  static func check(
    _ obligation: Obligation, law: [AxisLaw], bounds: [MeasureBound], trees: [SplitTree], workers: Int,
    keepsMasses: Bool, state: ReplayState? = nil
  ) async throws(ReplayError) -> CheckedEvidence {
    let step = obligation.name
    guard trees.count == obligation.cases.count else {
      throw ReplayError(.treeShape, step: step, "\(trees.count) trees for \(obligation.cases.count) cases")
    }
    let laws = law.map { AxisMass($0) }
    var leafCount = 0
    var sums: [MeasureBounds.CaseMass] = []
    var kept: [[CellMass]] = []
    for (tree, item) in zip(trees, obligation.cases) {
      let treeLeaves = try TreeShape.check(tree, dimension: law.count, step: step)
      leafCount += treeLeaves
      let compiled = try TreeShape.compile(item, step: step)
      var walk = await ResumedWalk(state, leaves: treeLeaves, numbers: 2)
      var sum = walk.numbers.map { MeasureBounds.CaseMass(inside: $0[0], outside: $0[1]) } ?? .init()
      if keepsMasses { kept.append([]) }
      var leaves = LeafWalk(tree)
      while true {
        let chunk = try leaves.nextChunk(step: step)
        if chunk.isEmpty { break }
        if walk.isClosed() { continue }
        let masses = await LeafEvaluation.evaluate(chunk, workers: workers, compiled: compiled, laws: laws) {
          $0.masses(on: $1.cell, rule: $1.rule)
        }
        for mass in masses { sum.add(mass) }
        if keepsMasses { kept[kept.count - 1] += masses }
        await walk.keep([sum.inside, sum.outside])
      }
      sums.append(sum)
    }
    let measure = MeasureBounds.total(sums, weights: obligation.cases.map(\.weight))
    return CheckedEvidence(
      holds: MeasureBounds.verdict(measure, bounds: bounds), measure: measure, cases: sums.map(\.probability),
      leaves: leafCount, masses: kept)
  }

  /// Walks every tree and evaluates no leaf; the number of leaves.
  ///
  /// - Throws: `ReplayError` where a tree is malformed or another one than the question needs.
  static func structure(_ obligation: Obligation, dimension: Int, trees: [SplitTree]) throws(ReplayError)
    -> Int
  {
    let step = obligation.name
    guard trees.count == obligation.cases.count else {
      throw ReplayError(.treeShape, step: step, "\(trees.count) trees for \(obligation.cases.count) cases")
    }
    var count = 0
    for tree in trees {
      count += try TreeShape.check(tree, dimension: dimension, step: step)
      var leaves = LeafWalk(tree)
      while try !leaves.nextChunk(step: step).isEmpty {}
    }
    return count
  }
}
