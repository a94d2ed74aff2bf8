import Evidence
import LeafRules
import RigorousArithmetic
import VerificationProblem

/// A claim about every point of a box, by one tree a case.
///
/// Theorem. The root of each tree covers the region, its leaves cover the root, and on each leaf the named rule
/// shows that the predicate holds at every point. So it holds at every point of the region, in every case.
enum ForallRule {
  static func check(
    _ obligation: Obligation, region: [AxisRange], trees: [SplitTree], workers: Int
  ) async throws(ReplayError) -> CheckedEvidence {
    let step = obligation.name
    guard trees.count == obligation.cases.count else {
      throw ReplayError(.treeShape, step: step, "\(trees.count) trees for \(obligation.cases.count) cases")
    }
    var leafCount = 0
    var holds: Bool? = true
    for (tree, item) in zip(trees, obligation.cases) {
      leafCount += try TreeShape.check(tree, dimension: region.count, step: step)
      for (axis, range) in region.enumerated() {
        guard let lower = Rational(exactly: tree.lower[axis]), let upper = Rational(exactly: tree.upper[axis]),
          lower <= range.lower, range.upper <= upper
        else { throw ReplayError(.coverage, step: step, "axis \(axis) of a root does not cover the region") }
      }
      let compiled = try TreeShape.compile(item, step: step)
      var leaves = Leaves(tree)
      while true {
        let chunk = try leaves.next(step: step)
        if chunk.isEmpty { break }
        let truths = await Leaves.evaluate(chunk, workers: workers, compiled: compiled, laws: []) {
          $0.truth(on: $1, rule: $2)
        }
        for (leaf, truth) in zip(chunk, truths) {
          // An open leaf claims nothing; any other must be closed by its rule.
          if leaf.rule == .open {
            holds = nil
          } else if truth != true {
            throw ReplayError(
              .boundNotMet, step: step,
              "case `\(item.label)`: the leaf at \(leaf.cell.lower) … \(leaf.cell.upper) is not closed by its rule")
          }
        }
      }
    }
    return CheckedEvidence(holds: holds, leaves: leafCount)
  }
}

/// Steps that all tree rules share.
enum TreeShape {
  /// Number of leaves of a well-formed tree of the right dimension.
  static func check(_ tree: SplitTree, dimension: Int, step: String) throws(ReplayError) -> Int {
    guard tree.lower.count == dimension else {
      throw ReplayError(.treeShape, step: step, "a tree of \(tree.lower.count) axes for \(dimension) coordinates")
    }
    do {
      return try tree.validate().leaves
    } catch {
      throw ReplayError(.treeShape, step: step, error.description)
    }
  }

  static func compile(_ item: ObligationCase, step: String) throws(ReplayError) -> CompiledCase {
    do {
      return try CompiledCase(item)
    } catch {
      throw ReplayError(.evidenceKind, step: step, "no rule reads this graph: \(error)")
    }
  }
}
