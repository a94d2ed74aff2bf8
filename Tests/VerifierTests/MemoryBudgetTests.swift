import BranchAndBound
import Evidence
import RigorousArithmetic
import Synchronization
import TensorGraph
import Testing
import VerificationProblem

/// Searches within a limit of memory.
@Suite struct MemoryBudgetTests {
  /// `sin(3 x) sin(3 y) + 3/10 x <= 1.1622` on [-1, 1]^2, which holds by a hair.
  private static func waves() throws -> Obligation { try CheckpointTests.obligation(atMost: 1.1622) }

  /// `s t + t u - s u <= 1.002` with sines `s`, `t`, `u` of three coordinates in [-1, 1]; the greatest value is 1.
  private static func chain() throws -> Obligation {
    var builder = GraphBuilder()
    let input = try builder.input("x", shape: Shape([3]))
    let waves = try (0..<3).map { axis in
      let row = try SparseMap(shape: Shape([1]), inputCount: 3, rows: [[(axis, 3)]])
      return try builder.apply(.smooth(.sin), [builder.apply(.sparse(row), [input])])
    }
    func product(_ first: Int, _ second: Int) throws -> Int {
      try builder.apply(.multiply, [waves[first], waves[second]])
    }
    var sum = try product(0, 1)
    sum = try builder.apply(.add, [sum, product(1, 2)])
    let last = try builder.apply(.scale(-1), [product(0, 2)])
    sum = try builder.apply(.add, [sum, last])
    let graph = try builder.build(outputs: [sum])
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    let atom = Atom(.element(0), .lessOrEqual, .rational(Rational(dyadic: 1.002)))
    return try Obligation(
      name: "chain", question: .forall(region: [range, range, range]),
      cases: [ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .atom(atom))])
  }

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

  /// Near the limit the newest cells go first, so that fewer are open at a time and a search ends that would not fit.
  @Test func turnsToTheNewestCells() async throws {
    let search = try #require(try ForallSearch(Self.chain()))
    func run(_ memory: Int?) async throws -> (holds: Bool?, open: Int) {
      let open = Counter()
      let budget = SearchBudget(memory: memory, workers: 1)
      let outcome = try await search.run(budget: budget, progress: { open.raise(to: $0.open) })
      return (outcome.holds, open.value)
    }
    let free = try await run(nil)
    #expect(free.holds == true)
    var memory = 20_000
    var tight = try await run(memory)
    while tight.holds == nil {
      memory += memory / 4
      tight = try await run(memory)
    }
    #expect(tight.holds == true)
    #expect(tight.open < free.open)
  }

  private final class Counter: Sendable {
    private let state = Mutex(0)
    var value: Int { state.withLock { $0 } }
    func raise(to value: Int) { state.withLock { $0 = max($0, value) } }
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
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
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
