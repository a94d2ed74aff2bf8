import BranchAndBound
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Along which coordinates open cells are halved.
@Suite struct SplitChoiceTests {
  /// A claim `s^2 - 2 s >= bound` on [-1, 1]^dimension, where `s` is the sum of the squares of the coordinates.
  ///
  /// The least value is -1, on a sphere. In the middle of a cell around zero no square has a slope, so that all of its width is in error
  /// symbols.
  private func obligation(dimension: Int, atLeast bound: Double) throws -> Obligation {
    var builder = GraphBuilder()
    let input = try builder.input("x", shape: Shape([dimension]))
    let squares = try builder.apply(.smooth(.square), [input])
    let row = try SparseMap(
      shape: Shape([1]), inputCount: dimension, rows: [(0..<dimension).map { ($0, 1) }])
    let sum = try builder.apply(.sparse(row), [squares])
    let product = try builder.apply(.multiply, [sum, sum])
    let result = try builder.apply(.add, [product, builder.apply(.scale(-2), [sum])])
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    return try Obligation(
      name: "sphere", question: .forall(region: .init(repeating: range, count: dimension)),
      cases: [
        ObligationCase(
          label: "", weight: Rational(1), graph: builder.build(outputs: [result]),
          predicate: .atom(Atom(.element(0), .greaterOrEqual, .rational(Rational(dyadic: bound)))))
      ])
  }

  @Test(arguments: [(2, 400), (3, 4_000), (4, 60_000)])
  func flatMiddlesAreHalvedAlongEveryAxis(dimension: Int, cells: Int) async throws {
    let search = try #require(try ForallSearch(try obligation(dimension: dimension, atLeast: -1.25)))
    let outcome = try await search.run(budget: SearchBudget(nodes: cells, workers: 2))
    #expect(outcome.holds == true, "\(outcome.nodes) cells, \(String(describing: outcome.range))")
  }
}
