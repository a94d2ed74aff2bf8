import BranchAndBound
import CellMasses
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Where searches start.
@Suite struct RootCellTests {
  /// A law that is cut off far from its mean keeps its mass within the search box.
  @Test(arguments: [(10, 20), (5, 20), (-20, -8), (-1, 1)])
  func truncatedTailsAreSearched(range: (Int, Int)) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let y = try builder.apply(.scale(1), [x])
    let graph = try builder.build(outputs: [y])
    let atom = Atom(.element(0), .lessOrEqual, .rational(Rational(100)))
    let law = AxisLaw.truncatedNormal(
      mean: Rational(0), deviation: Rational(1),
      range: AxisRange(lower: Rational(range.0), upper: Rational(range.1)))
    let item = ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .atom(atom))
    let obligation = try Obligation(
      name: "tail", question: .measure(law: [law], bounds: [MeasureBound(.greater, Rational(0))]),
      cases: [item])
    let root = obligation.rootCell(deviations: 6)
    #expect(root.lower[0] < root.upper[0])
    let mass = AxisMass(law).mass(root.lower[0], root.upper[0])
    #expect(mass.lower > 0.99 && mass.lower <= 1)
  }
}
