import Evidence
import LeafRules
import RigorousArithmetic
import VerificationProblem

/// A claim about every point of a region, by one tree a case.
///
/// Theorem. The root of each tree covers the region's box, its leaves cover the root, and on each leaf the named rule
/// shows that the predicate holds at every point of the region, or that the leaf has none. So it holds at every point of
/// the region, in every case; and there is one, or the obligation could not have been made.
enum ForallRule {
  static func check(
    _ obligation: Obligation, region: InputRegion, trees: [SplitTree], workers: Int,
    chunks: ChunkSelection? = nil
  ) async throws(ReplayError) -> CheckedEvidence {
    let step = obligation.name
    guard trees.count == obligation.cases.count else {
      throw ReplayError(.treeShape, step: step, "\(trees.count) trees for \(obligation.cases.count) cases")
    }
    var selection = chunks
    var leafCount = 0
    var holds: Bool? = true
    var worst: [Double] = []
    var directions: Set<Bool?> = []
    for (tree, item) in zip(trees, obligation.cases) {
      leafCount += try TreeShape.check(tree, dimension: region.dimension, step: step)
      for (axis, range) in region.box.enumerated() {
        guard let lower = Rational(exactly: tree.lower[axis]),
          let upper = Rational(exactly: tree.upper[axis]),
          lower <= range.lower, range.upper <= upper
        else { throw ReplayError(.coverage, step: step, "axis \(axis) of a root does not cover the region") }
      }
      let compiled = try TreeShape.compile(
        item, fixed: obligation.fixedAxes, balls: region.balls, step: step)
      directions.insert(compiled.direction)
      var leaves = Leaves(tree)
      while true {
        let chunk = try leaves.next(step: step)
        if chunk.isEmpty { break }
        if chunk.contains(where: { $0.rule == .open }) { holds = nil }
        guard selection?.takes(chunk.count) ?? true else { continue }
        let claims = await Leaves.evaluate(chunk, workers: workers, compiled: compiled, laws: []) {
          // An open leaf claims nothing of the property; its bounds still count for the range.
          switch $1.rule {
          case .open: $0.claim(on: $1.cell, rule: .zonotope)
          case .phases: $0.claim(on: $1.cell, phases: $1.annex)
          default: $0.claim(on: $1.cell, rule: $1.rule)
          }
        }
        for (leaf, claim) in zip(chunk, claims) {
          worst.append(claim.worst)
          if leaf.rule != .open, claim.truth != true {
            throw ReplayError(
              .boundNotMet, step: step,
              "case `\(item.label)`: the leaf at \(leaf.cell.lower) … \(leaf.cell.upper) is not closed by its rule"
            )
          }
        }
      }
    }
    // Leaves that were left out say nothing of the range.
    return CheckedEvidence(
      holds: holds, measure: selection == nil ? range(worst, directions) : nil, leaves: leafCount,
      chunks: selection)
  }

  /// The range of all quantities that the leaves give together, where all atoms compare in one direction.
  private static func range(_ worst: [Double], _ directions: Set<Bool?>) -> Interval? {
    guard directions.count == 1, let direction = directions.first ?? nil else { return nil }
    let bound = worst.reduce(direction ? -Double.infinity : .infinity) {
      $0.isNaN || $1.isNaN ? .nan : direction ? Swift.max($0, $1) : Swift.min($0, $1)
    }
    guard bound.isFinite else { return nil }
    return direction ? Interval(-.infinity, bound) : Interval(bound, .infinity)
  }
}

/// Steps that all tree rules share.
enum TreeShape {
  /// Number of leaves of a well-formed tree of the right dimension.
  static func check(_ tree: SplitTree, dimension: Int, step: String) throws(ReplayError) -> Int {
    guard tree.lower.count == dimension else {
      throw ReplayError(
        .treeShape, step: step, "a tree of \(tree.lower.count) axes for \(dimension) coordinates")
    }
    do {
      return try tree.validate().leaves
    } catch {
      throw ReplayError(.treeShape, step: step, error.description)
    }
  }

  static func compile(
    _ item: ObligationCase, fixed: Set<Int> = [], balls: [Ball] = [], step: String
  ) throws(ReplayError) -> CompiledCase {
    do {
      return try CompiledCase(item, fixed: fixed, balls: balls)
    } catch {
      throw ReplayError(.evidenceKind, step: step, "no rule reads this graph: \(error)")
    }
  }
}
