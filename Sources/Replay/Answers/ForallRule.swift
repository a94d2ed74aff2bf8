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
    chunks: ChunkSelection? = nil, state: ReplayState? = nil
  ) async throws(ReplayError) -> CheckedEvidence {
    let step = obligation.name
    guard trees.count == obligation.cases.count else {
      throw ReplayError(.treeShape, step: step, "\(trees.count) trees for \(obligation.cases.count) cases")
    }
    var selection = chunks
    var leafCount = 0
    var holds: Bool? = true
    var worst = WorstBounds()
    var directions: Set<Bool?> = []
    for (tree, item) in zip(trees, obligation.cases) {
      let treeLeaves = try TreeShape.check(tree, dimension: region.dimension, step: step)
      leafCount += treeLeaves
      if let axis = tree.uncoveredAxis(of: region) {
        throw ReplayError(.coverage, step: step, "axis \(axis) of a root does not cover the region")
      }
      let compiled = try TreeShape.compile(
        item, fixed: obligation.fixedAxes, balls: region.balls, step: step)
      directions.insert(compiled.direction)
      var leaves = LeafWalk(tree)
      var walk = await ResumedWalk(state, leaves: treeLeaves, numbers: WorstBounds.count)
      var treeWorst = WorstBounds(walk.numbers)
      while true {
        let chunk = try leaves.nextChunk(step: step)
        if chunk.isEmpty { break }
        if chunk.contains(where: { $0.rule == .open }) { holds = nil }
        guard selection?.takes(chunk.count) ?? true, !walk.isClosed() else { continue }
        let claims = await LeafEvaluation.evaluate(chunk, workers: workers, compiled: compiled, laws: []) {
          // An open leaf claims nothing of the property; its bounds still count for the range.
          switch $1.rule {
          case .open: $0.claim(on: $1.cell, rule: .zonotope)
          case .phases: $0.claim(on: $1.cell, phases: $1.annex)
          default: $0.claim(on: $1.cell, rule: $1.rule)
          }
        }
        for (leaf, claim) in zip(chunk, claims) {
          treeWorst.add(claim.worst)
          if leaf.rule != .open, claim.truth != true {
            throw ReplayError(
              .boundNotMet, step: step,
              "case `\(item.label)`: the leaf at \(leaf.cell.lower) … \(leaf.cell.upper) is not closed by its rule"
            )
          }
        }
        await walk.keep(treeWorst.numbers)
      }
      worst.add(treeWorst)
    }
    // Leaves that were left out say nothing of the range.
    return CheckedEvidence(
      holds: holds, measure: selection == nil ? range(worst, directions) : nil, leaves: leafCount,
      chunks: selection)
  }

  /// The range of all quantities that the leaves give together, where all atoms compare in one direction.
  private static func range(_ worst: WorstBounds, _ directions: Set<Bool?>) -> Interval? {
    guard directions.count == 1, let direction = directions.first ?? nil else { return nil }
    let bound = direction ? worst.greatest : worst.least
    guard bound.isFinite, !worst.isUnknown else { return nil }
    return direction ? Interval(-.infinity, bound) : Interval(bound, .infinity)
  }
}

/// The least and the greatest of the worst bounds of leaves.
private struct WorstBounds {
  private(set) var least = Double.infinity
  private(set) var greatest = -Double.infinity
  /// Whether the bound of some leaf is no number.
  private(set) var isUnknown = false

  init() {}

  /// Takes up what was kept as `numbers`.
  init(_ numbers: [Double]?) {
    guard let numbers, numbers.count == WorstBounds.count else { return }
    (least, greatest, isUnknown) = (numbers[0], numbers[1], numbers[2] != 0)
  }

  static let count = 3
  var numbers: [Double] { [least, greatest, isUnknown ? 1 : 0] }

  mutating func add(_ bound: Double) {
    if bound.isNaN { isUnknown = true }
    least = Swift.min(least, bound)
    greatest = Swift.max(greatest, bound)
  }

  mutating func add(_ other: WorstBounds) {
    isUnknown = isUnknown || other.isUnknown
    least = Swift.min(least, other.least)
    greatest = Swift.max(greatest, other.greatest)
  }
}

/// Steps that all tree rules share.
enum TreeShape {
  /// Number of leaves of a well-formed tree of the right dimension.
  static func check(_ tree: SplitTree, dimension: Int, step: String) throws(ReplayError) -> Int {
    do {
      return try tree.leafCount(dimension: dimension)
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
