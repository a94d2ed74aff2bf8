import BranchAndBound
import Evidence
import Foundation
import Replay
import RigorousArithmetic
import Synchronization
import TensorGraph
import Testing
import VerificationProblem

/// Searches whose time is over in the middle of a round: cells that were not reached cost nothing that was known.
@Suite(.serialized) struct UnfinishedRoundTests {
  private final class Steps: Sendable {
    private let state = Mutex<[SearchProgress]>([])
    var all: [SearchProgress] { state.withLock { $0 } }
    func add(_ step: SearchProgress) { state.withLock { $0.append(step) } }
  }

  /// Some milliseconds a cell.
  private static func slowGraph() throws -> Graph {
    try RectifierProblem.graph(seed: 7, hidden: [160, 160])
  }

  /// Rising limits: whatever the load, some end in the middle of a round of many cells.
  private static let seconds = (0..<40).map { 0.01 * pow(1.25, Double($0)) }
  /// Enough for some of them.
  private static let enough = 3
  private static let mostNodes = 2_000

  /// Whether the last round has evaluated some of its cells only, or none.
  private static func isCutShort(_ steps: [SearchProgress], _ ends: Set<Int>) -> Bool {
    guard let last = steps.last else { return false }
    return !ends.contains(last.nodes) || steps.dropLast().last?.nodes == last.nodes
  }

  /// Cells after each round of a search that time does not stop.
  private static func roundEnds(
    _ run: (SearchBudget, @escaping @Sendable (SearchProgress) -> Void) async throws -> Void
  )
    async throws -> Set<Int>
  {
    let steps = Steps()
    try await run(SearchBudget(nodes: mostNodes, workers: 2)) { steps.add($0) }
    return Set(steps.all.map(\.nodes))
  }

  @Test func probabilitiesKeepTheirBounds() async throws {
    let graph = try Self.slowGraph()
    let middle = try RectifierProblem.attained(graph, 0)
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    let law = [AxisLaw](repeating: .uniform(range), count: graph.inputCount)
    let obligation = try Obligation(
      name: "mass", question: .measure(law: law, bounds: [MeasureBound(.greater, Rational(1))]),
      cases: [
        ObligationCase(
          label: "", weight: Rational(1), graph: graph,
          predicate: RectifierProblem.atom(0, .lessOrEqual, middle / 2))
      ])
    let search = try #require(try MeasureSearch(obligation))
    let ends = try await Self.roundEnds { _ = try await search.run(budget: $0, gap: 1e-9, progress: $1) }
    var unfinished = 0
    for limit in Self.seconds where unfinished < Self.enough {
      let steps = Steps()
      let outcome = try await search.run(
        budget: SearchBudget(seconds: limit, workers: 2), gap: 1e-9, progress: { steps.add($0) })
      guard outcome.nodes < Self.mostNodes else { break }
      #expect(outcome.stop == .outOfTime)
      if Self.isCutShort(steps.all, ends) { unfinished += 1 }
      for (before, after) in zip(steps.all, steps.all.dropFirst()) {
        #expect(after.lower >= before.lower - 1e-12 && after.upper <= before.upper + 1e-12)
        #expect(after.nodes >= before.nodes)
      }
      let last = try #require(steps.all.last)
      #expect(
        abs(last.lower - outcome.measure.lower) < 1e-9 && abs(last.upper - outcome.measure.upper) < 1e-9)
      let checked = try await EvidenceCheck.check(obligation, outcome.evidence, plan: nil, workers: 1)
      #expect(checked.leaves == outcome.leaves)
      #expect(outcome.leaves >= last.open)
    }
    #expect(unfinished > 0)
  }

  @Test func rangesAreNotLost() async throws {
    let graph = try Self.slowGraph()
    let high = try RectifierProblem.attained(graph, 0)
    let obligation = try RectifierProblem.obligation(
      graph, RectifierProblem.atom(0, .lessOrEqual, high), free: 4)
    let search = try #require(try ForallSearch(obligation))
    let ends = try await Self.roundEnds { _ = try await search.run(budget: $0, progress: $1) }
    var (unfinished, bound) = (0, Double.infinity)
    for limit in Self.seconds where unfinished < Self.enough {
      let steps = Steps()
      let outcome = try await search.run(
        budget: SearchBudget(seconds: limit, workers: 2), progress: { steps.add($0) })
      guard outcome.holds == nil else { break }
      guard outcome.nodes < Self.mostNodes else { break }
      #expect(outcome.stop == .outOfTime)
      if Self.isCutShort(steps.all, ends) { unfinished += 1 }
      let range = try #require(outcome.range)
      #expect(range.upper.isFinite)
      bound = min(bound, range.upper)
      let last = try #require(steps.all.last)
      #expect(outcome.gap?.openCells == last.open)
      let checked = try await EvidenceCheck.check(obligation, outcome.evidence, plan: nil, workers: 1)
      #expect(checked.holds != true)
      #expect(checked.leaves == outcome.leaves)
    }
    #expect(unfinished > 0)
    #expect(bound.isFinite)
  }

  /// A task that is cancelled ends within the cells at work, and what was known by then is evidence.
  @Test func cancelledSearchesEndWithinARound() async throws {
    let graph = try Self.slowGraph()
    let high = try RectifierProblem.attained(graph, 0)
    let obligation = try RectifierProblem.obligation(
      graph, RectifierProblem.atom(0, .lessOrEqual, high), free: 4)
    let search = try #require(try ForallSearch(obligation))
    let task = Task { try await search.run(budget: SearchBudget(workers: 2)) }
    try await Task.sleep(for: .milliseconds(150))
    task.cancel()
    let outcome = try await task.value
    #expect(outcome.stop == .cancelled || outcome.holds != nil)
    let checked = try await EvidenceCheck.check(obligation, outcome.evidence, plan: nil, workers: 1)
    #expect(checked.leaves == outcome.leaves)
  }
}
