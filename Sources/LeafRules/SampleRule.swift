import Evidence
package import SampleLaw
import TensorGraph
package import VerificationProblem

/// Samples of an obligation's law, each decided by enclosures at its point.
///
/// The points are those of `SampleSource`: functions of the seed and their number alone, so that anyone can draw them
/// again, in any order.
///
/// Theorem. A point is a cell of one point, so that a truth that a leaf's rule gives is that of the event at the point. A
/// sample whose event rounding leaves open is counted as undecided, which is for no claim. So hits are at most the samples
/// on which the event holds, and hits and undecided ones together at least as many.
package struct SampleRule: Sendable {
  private let source: SampleSource
  private let cases: [CompiledCase]

  /// Prepares the samples of a measure.
  ///
  /// - Throws: `SampleLawError` when the law or the weights cannot be sampled, `GraphError` when a graph has an operator
  ///   without a rule.
  package init(_ obligation: Obligation, seed: [UInt8]) throws {
    source = try SampleSource(obligation, seed: seed)
    cases = try obligation.cases.map { try CompiledCase($0) }
  }

  /// Sample number `index`.
  package func sample(_ index: Int) -> SamplePoint { source.sample(index) }

  /// Decides a stretch of samples.
  package func tally(_ range: Range<Int>) -> SampleTally {
    let workspace = Workspace()
    let evaluators = cases.map { CellEvaluator($0, workspace: workspace) }
    var tally = SampleTally()
    for index in range {
      let sample = source.sample(index)
      tally.count(
        evaluators[sample.caseIndex].truth(
          on: Cell(lower: sample.point, upper: sample.point), rule: rule(of: cases[sample.caseIndex])))
    }
    return tally
  }

  /// At a point only rounding is to be bounded; that of single precision reaches far enough for correlations to count.
  private func rule(of item: CompiledCase) -> LeafRule {
    item.arithmetic == .real ? .interval : .linearBounds
  }

  /// Decides the first `count` samples on several workers; the same for any number of them.
  ///
  /// - Returns: Nil where the task was cancelled, since fewer samples than were asked for decide nothing.
  package func tally(first count: Int, workers: Int) async -> SampleTally? {
    let parts = Swift.max(1, Swift.min(workers, count / 64))
    return await withTaskGroup(of: SampleTally?.self) { group in
      for part in 0..<parts {
        group.addTask { tallyUnlessCancelled(part * count / parts..<(part + 1) * count / parts) }
      }
      var sum: SampleTally? = SampleTally()
      for await part in group {
        if let part { sum?.add(part) } else { sum = nil }
      }
      return sum
    }
  }

  /// Samples between two looks at whether the task was cancelled.
  private static let stretch = 1_024

  private func tallyUnlessCancelled(_ range: Range<Int>) -> SampleTally? {
    var sum = SampleTally()
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.stretch) {
      guard !Task.isCancelled else { return nil }
      sum.add(tally(start..<Swift.min(start + Self.stretch, range.upperBound)))
    }
    return sum
  }
}
