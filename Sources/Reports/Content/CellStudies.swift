import CellMasses
package import Certificates
package import Evidence
import LeafRules
import Replay
package import RigorousArithmetic
import TensorGraph
package import VerificationProblem

/// The studies of all cases of one answer.
package struct CellStudies: Sendable {
  /// One study a case, in order.
  package let cases: [CellStudy]

  /// Multiplications for which a study is made; beyond, a report leaves these plots out and says so.
  package static let largestWork = 4e9

  /// About how many multiplications the rules take on all leaves.
  package static func work(_ trees: [SplitTree], _ obligation: Obligation) -> Double {
    zip(trees, obligation.cases).reduce(0) { sum, pair in
      // A tree has one leaf more than splits; phases multiply the work of a leaf.
      let leaves = Double(pair.0.nodes.count + pair.0.annexes.count)
      return sum + leaves * Double(pair.1.graph.weightCount)
    }
  }

  /// Applies the rules to all leaves; nil where that is too much work or no rule reads the graphs.
  ///
  /// - Throws: `ReplayError` where the result contradicts the record: a leaf of a proof is not closed by its rule, or the
  ///   recorded bounds are tighter than what the leaves give.
  package init?(
    _ trees: [SplitTree], _ obligation: Obligation, of record: PropertyRecord
  ) async throws {
    let step = record.id
    guard trees.count == obligation.cases.count,
      trees.allSatisfy({ $0.lower.count == obligation.dimension })
    else { throw ReplayError(.treeShape, step: step, "the trees are not those of the question") }
    if case .forall(let region) = obligation.question, !trees.allSatisfy({ $0.covers(region.box) }) {
      throw ReplayError(.coverage, step: step, "the root of a tree does not cover the region")
    }
    guard CellStudies.work(trees, obligation) <= CellStudies.largestWork else { return nil }
    let studies: [CellStudy]
    do {
      studies = try await withThrowingTaskGroup(of: (Int, CellStudy).self) { group in
        for (index, pair) in zip(trees, obligation.cases).enumerated() {
          group.addTask { (index, try CellStudy(pair.0, pair.1, obligation)) }
        }
        var found: [(Int, CellStudy)] = []
        for try await study in group { found.append(study) }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
      }
    } catch let error as EvidenceError {
      throw ReplayError(.treeShape, step: step, error.description)
    } catch is GraphError {
      return nil
    }
    if let open = studies.lazy.compactMap(\.unclosed).first, record.verdict == .proved {
      throw ReplayError(
        .boundNotMet, step: step, "the leaf at \(open.lower) … \(open.upper) is not closed by its rule")
    }
    cases = studies
    if let bounds = record.bounds, let derived = measure(obligation) {
      guard bounds.lower ?? -.infinity <= derived.lower, derived.upper <= bounds.upper ?? .infinity else {
        throw ReplayError(.boundNotMet, step: step, "the recorded bounds are tighter than the evidence gives")
      }
    }
  }

  /// The bounds that the leaves give together; nil under forall.
  package func measure(_ obligation: Obligation) -> Interval? {
    let sums = cases.compactMap(\.sum)
    guard sums.count == cases.count, !sums.isEmpty else { return nil }
    return MeasureBounds.total(sums, weights: obligation.cases.map(\.weight))
  }
}

extension SplitTree {
  /// Whether the root holds every point of a region.
  fileprivate func covers(_ region: [AxisRange]) -> Bool {
    region.indices.allSatisfy { axis in
      guard let low = Rational(exactly: lower[axis]), let high = Rational(exactly: upper[axis]) else {
        return false
      }
      return low <= region[axis].lower && region[axis].upper <= high
    }
  }
}
