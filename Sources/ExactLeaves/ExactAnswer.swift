import CellMasses
package import Evidence
package import RigorousArithmetic
package import VerificationProblem

// Theorem (forall). The root of each tree covers the region's box and its leaves cover the root, so that a claim which is shown
// at the points of every leaf that lie in the region holds at every point of it.
// Theorem (measure). See `MeasureBounds`; what no leaf decides, and what no tree covers, counts as undecided.

/// Why trees do not give an answer.
package enum ExactRefusal: Error, Hashable, Sendable {
  /// They are malformed or do not cover the region.
  case trees(String)
  /// A leaf of a cell claims what is false at a point.
  case contradicted(Cell, [Rational])
}

/// An answer that was derived from trees in exact arithmetic alone.
package struct ExactAnswer: Hashable, Sendable {
  /// Whether the claim holds; nil where the leaves do not show it.
  package private(set) var holds: Bool?
  /// Bounds of the measure, where one is asked.
  package private(set) var measure: Interval?
  /// Leaves of all trees.
  package private(set) var leaves = 0
  /// Why leaves were not followed, or claims of theirs not shown, with their number.
  package private(set) var notShown: [String: Int] = [:]

  /// Derives an answer.
  ///
  /// - Parameters:
  ///   - trees: One for each case.
  ///   - progress: Told now and then how many leaves are done.
  /// - Throws: `ExactRefusal` where a tree is malformed or does not cover the region, or a leaf claims what is false.
  package init(
    _ obligation: Obligation, _ trees: [SplitTree], workers: Int, progress: ((Int) -> Void)? = nil
  ) async throws(ExactRefusal) {
    guard trees.count == obligation.cases.count else {
      throw .trees("\(trees.count) trees for \(obligation.cases.count) cases")
    }
    var masses: [MeasureBounds.CaseMass] = []
    for (tree, item) in zip(trees, obligation.cases) {
      masses.append(try await follow(tree, LeafJudge(item, obligation.question), workers, progress))
    }
    switch obligation.question {
    case .forall: holds = notShown.isEmpty ? true : nil
    case .measure(_, let bounds):
      let total = MeasureBounds.total(masses, weights: obligation.cases.map(\.weight))
      measure = total
      holds = MeasureBounds.verdict(total, bounds: bounds)
    }
  }

  /// Walks a tree; the masses of its leaves under a measure.
  private mutating func follow(
    _ tree: SplitTree, _ judge: LeafJudge, _ workers: Int, _ progress: ((Int) -> Void)?
  ) async throws(ExactRefusal) -> MeasureBounds.CaseMass {
    _ = try ExactAnswer.read { () throws(EvidenceError) in try tree.leafCount(dimension: judge.dimension) }
    if let region = judge.region, let axis = tree.uncoveredAxis(of: region) {
      throw .trees("axis \(axis) of a root does not cover the region")
    }
    var masses = MeasureBounds.CaseMass()
    var walk = LeafWalk(tree)
    while true {
      let chunk = try ExactAnswer.read { () throws(EvidenceError) in try walk.nextChunk() }
      if chunk.isEmpty { return masses }
      // Small parts keep all workers busy to the end, and say more often how far it is.
      for start in stride(from: 0, to: chunk.count, by: 64) {
        let part = Array(chunk[start..<min(start + 64, chunk.count)])
        let findings = await part.inParallel(parts: min(workers, part.count)) {
          $0.map { judge.finding(of: $0) }
        }
        leaves += part.count
        for (leaf, finding) in zip(part, findings) {
          switch finding {
          case .shown: break
          case .mass(let mass): masses.add(mass)
          case .claimsNothing: notShown["left open", default: 0] += 1
          case .notShown(let reason): notShown[reason ?? "not closed", default: 0] += 1
          case .contradicted(let point): throw .contradicted(leaf.cell, point)
          }
        }
        progress?(leaves)
      }
    }
  }

  /// What is read of a tree, or why it is malformed.
  private static func read<Value>(
    _ body: () throws(EvidenceError) -> Value
  ) throws(ExactRefusal) -> Value {
    do {
      return try body()
    } catch {
      throw .trees(error.description)
    }
  }
}
