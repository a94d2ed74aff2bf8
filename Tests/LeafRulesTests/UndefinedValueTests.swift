import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Where a value is not defined nothing is shown, whatever the same workspace held before.
@Suite struct UndefinedValueTests {
  /// `max(1 / x - 10, 0)` twice, which is zero on [1, 2] and of any size near zero.
  private static func item(_ predicate: ([Predicate]) -> Predicate) throws -> CompiledCase {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let inverse = try builder.apply(.smooth(.reciprocal), [x])
    let bent = try builder.apply(.relu, [builder.linear([1, 1], columns: 1, bias: [-10, -10], of: inverse)])
    let atoms = (0..<2).map {
      Predicate.atom(Atom(.element($0), .lessOrEqual, .rational(Rational(1))))
    }
    return try CompiledCase(
      ObligationCase(
        label: "", weight: Rational(1), graph: builder.build(outputs: [bent]), predicate: predicate(atoms)))
  }

  @Test(arguments: LeafRule.allCases.filter { $0.bounds || $0.weighs })
  func boundsOfAnotherCellShowNothing(rule: LeafRule) throws {
    for isClause in [false, true] {
      let evaluator = CellEvaluator(try Self.item { isClause ? .any($0) : .all($0) })
      let defined = Cell(lower: [1], upper: [2])
      let open = Cell(lower: [-1], upper: [1])
      for _ in 0..<2 {
        #expect(evaluator.truth(on: open, rule: rule) != true, "\(rule)")
        #expect(evaluator.truth(on: defined, rule: rule) == true, "\(rule)")
      }
      #expect(evaluator.truth(on: open, rule: rule) != true, "\(rule)")
    }
  }

  @Test func treesShowNothing() throws {
    for isClause in [false, true] {
      let compiled = try Self.item { isClause ? .any($0) : .all($0) }
      let clauses = try #require(compiled.clauses)
      let workspace = Workspace()
      for _ in 0..<2 {
        #expect(
          PhaseBase(compiled, clauses: clauses, cell: Cell(lower: [-1], upper: [1]), workspace: workspace)
            == nil)
        #expect(
          PhaseBase(compiled, clauses: clauses, cell: Cell(lower: [1], upper: [2]), workspace: workspace)
            != nil)
      }
    }
  }
}
