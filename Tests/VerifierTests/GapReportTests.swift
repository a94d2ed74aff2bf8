import BranchAndBound
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// What a search says of the question that it left open.
@Suite struct GapReportTests {
  /// `max(x, 0) + max(x + 1/2, 0) - 5/4 x` in the first of two steps with the same weights; the second is linear.
  ///
  /// On [-1, 1] it is at least 1/2, and the zonotope of the whole range gives 3/8.
  private func obligation(atLeast bound: Double) throws -> Obligation {
    func linear(_ rows: [[Double]], _ bias: [Double]) throws -> TensorGraph.Operation {
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([rows.count, rows[0].count]), values: rows.flatMap(\.self)),
          bias: Tensor(shape: Shape([bias.count]), values: bias)))
    }
    var builder = GraphBuilder()
    var value = try builder.input("x", shape: Shape([2]))
    for _ in 0..<2 {
      value = try builder.apply(linear([[1, 0], [1, 0], [1, 0]], [0, 0.5, 10]), [value])
      value = try builder.apply(.relu, [value])
      value = try builder.apply(linear([[1, 1, -1.25], [0, 0, 0]], [112.5, 0]), [value])
    }
    let graph = try builder.build(outputs: [value])
    let atom = Atom(.element(0), .greaterOrEqual, .rational(Rational(dyadic: bound)))
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    return try Obligation(
      name: "gap", question: .forall(region: [range, range]),
      cases: [ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .atom(atom))])
  }

  /// What the second step makes of a value.
  private func second(_ value: Double) -> Double { value + (value + 0.5) - 1.25 * (value + 10) + 112.5 }

  @Test func namesStepAndElements() async throws {
    let search = try #require(try ForallSearch(obligation(atLeast: second(100.45))))
    let outcome = try await search.run(budget: SearchBudget(nodes: 1, workers: 1))
    #expect(outcome.holds == nil)
    let gap = try #require(outcome.gap)
    #expect(gap.openCells == 1)
    #expect(gap.lower == [-1, -1] && gap.upper == [1, 1])
    #expect(gap.parts.map(\.name) == ["ReLU 1 of 2, step 1 of 2"])
    #expect(gap.parts.map(\.share) == [1])
    #expect(gap.parts.allSatisfy { Set($0.elements) == [0, 1] })
  }

  @Test func decidedQuestionsHaveNone() async throws {
    let search = try #require(try ForallSearch(obligation(atLeast: second(100.45))))
    let outcome = try await search.run(budget: SearchBudget(nodes: 1_000, workers: 1))
    #expect(outcome.holds == true)
    #expect(outcome.gap == nil)
  }
}
