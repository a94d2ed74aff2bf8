import BranchAndBound
import Evidence
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Searches within a limit of memory.
@Suite struct MemoryBudgetTests {
  /// `sin(3 x) sin(3 y) + 3/10 x <= 1.1622` on [-1, 1]^2, which holds by a hair.
  private static func waves() throws -> Obligation { try CheckpointTests.obligation(atMost: 1.1622) }

  @Test func stopsAtTheLimitWithTheSameEvidence() async throws {
    let search = try #require(try ForallSearch(Self.waves()))
    var evidence: [ProofEvidence] = []
    for workers in 1...3 {
      let outcome = try await search.run(budget: SearchBudget(memory: 500, workers: workers))
      #expect(outcome.stop == .outOfMemory)
      #expect(outcome.holds == nil)
      evidence.append(outcome.evidence)
    }
    #expect(Set(evidence.map(\.encoded)).count == 1)
  }

  @Test func phasesStopAtTheLimit() async throws {
    let graph = try RectifierProblem.graph(seed: 3, hidden: [20, 16])
    let high = try RectifierProblem.attained(graph, 0)
    let obligation = try RectifierProblem.obligation(
      graph, RectifierProblem.atom(0, .lessOrEqual, high + 0.5))
    let search = try #require(try ForallSearch(obligation))
    let whole = try await search.run(budget: SearchBudget(memory: 1 << 30, workers: 2))
    #expect(whole.holds == true)
    for memory in [4_000, 12_000] {
      let outcomes = [
        try await search.run(budget: SearchBudget(memory: memory, workers: 1)),
        try await search.run(budget: SearchBudget(memory: memory, workers: 2)),
      ]
      #expect(outcomes[0].evidence == outcomes[1].evidence)
      #expect(outcomes[0].stop == outcomes[1].stop)
      if memory == 4_000 { #expect(outcomes[0].stop == .outOfMemory && outcomes[0].holds == nil) }
    }
  }

  @Test func measuresStopAtTheLimit() async throws {
    let item = try CheckpointTests.obligation(atMost: 0.5).cases[0]
    let range = try #require(AxisRange(lower: Rational(-1), upper: Rational(1)))
    let obligation = try Obligation(
      name: "mass",
      question: .measure(
        law: [.uniform(range), .uniform(range)], bounds: [MeasureBound(.greater, Rational(1))]),
      cases: [item])
    let search = try #require(try MeasureSearch(obligation))
    let outcomes = [
      try await search.run(budget: SearchBudget(memory: 100_000, workers: 1), gap: 1e-6),
      try await search.run(budget: SearchBudget(memory: 100_000, workers: 2), gap: 1e-6),
    ]
    #expect(outcomes[0].stop == .outOfMemory)
    #expect(outcomes[0].evidence == outcomes[1].evidence)
  }
}
