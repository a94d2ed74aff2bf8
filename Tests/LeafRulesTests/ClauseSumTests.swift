import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Weighted sums of a clause's atoms: of the clause that they are meant for, and with weights that a sum may have.
@Suite struct ClauseSumTests {
  /// `x + 1/8`, `-x + 1/8` on [-1, 1]: one of them is at least an eighth, and at zero neither is more.
  private static func graph() throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let output = try builder.linear([1, -1], columns: 1, bias: [0.125, 0.125], of: x)
    return try builder.build(outputs: [output])
  }

  @Test(
    arguments: [LeafRule.weighedZonotope, .weighedLinearBounds],
    [[0.0, 0.5], [0.5, 0], [0.5, 0.5], [0, 0]])
  func sumsShowTheirOwnClause(rule: LeafRule, bounds: [Double]) throws {
    let clauses = bounds.map { bound in
      Predicate.any(
        (0..<2).map { .atom(Atom(.element($0), .greater, .rational(Rational(dyadic: bound)))) })
    }
    let evaluator = CellEvaluator(
      try CompiledCase(
        ObligationCase(label: "", weight: Rational(1), graph: Self.graph(), predicate: .all(clauses))))
    let truth = evaluator.truth(on: Cell(lower: [-1], upper: [1]), rule: rule)
    #expect(truth == (bounds == [0, 0] ? true : nil))
  }

  static let weights: [[Double]] = [
    [-1, 0], [0, -1], [-1, -1], [-1, -3], [1, -1], [-1, 1], [0, 0], [1, 1], [-0.0, -0.0], [.nan, 0],
    [-.infinity, 0], [.infinity, 0],
  ]

  /// What is false everywhere on the cell follows from nothing, negative weights least of all.
  @Test(arguments: weights)
  func noWeightsShowWhatIsFalse(weights: [Double]) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let bent = try builder.apply(.relu, [x])
    let output = try builder.apply(.concat(axis: 0), [bent, x])
    let graph = try builder.build(outputs: [output])
    let cell = Cell(lower: [-1], upper: [2])
    for (comparison, bounds) in [(Comparison.greaterOrEqual, [9, 5]), (.lessOrEqual, [-9, -5])] {
      let atoms = bounds.enumerated().map {
        Predicate.atom(Atom(.element($0.offset), comparison, .rational(Rational($0.element))))
      }
      let compiled = try CompiledCase(
        ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .any(atoms)))
      let clauses = try #require(compiled.clauses)
      let workspace = Workspace()
      let base = try #require(PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace))
      let leaf = WeightedLeaf(weights: weights, path: [], slopes: [0.5])
      #expect(!leaf.closes(clauses[0], compiled, base, workspace: workspace), "\(comparison)")
      // The same numbers as bytes of a tree.
      let rule = try #require(PhaseRule(compiled, workspace: workspace))
      #expect(!rule.closes(base, leaf.bytes[...]), "\(comparison)")
    }
  }

  /// `c y + x` and `c y - x` in single precision, where `c y` is rounded downwards: at `x = 0` both are that.
  @Test(arguments: [LeafRule.weighedZonotope, .weighedLinearBounds])
  func sumsLoseWhatTheProgramLoses(rule: LeafRule) throws {
    var tried = 0
    for step in 1...40 {
      let (c, y) = (Float(0.5) + 0.01 * Float(step), Float(0.3) + 0.007 * Float(step))
      let exact = Double(c) * Double(y)
      let rounded = Double(c * y)
      guard rounded < exact else { continue }
      tried += 1
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([2]))
      let output = try builder.linear([1, Double(c), -1, Double(c)], columns: 2, of: x)
      let threshold = Rational(dyadic: rounded + (exact - rounded) / 2)
      let atoms = (0..<2).map { Predicate.atom(Atom(.element($0), .greater, .rational(threshold))) }
      let evaluator = CellEvaluator(
        try CompiledCase(
          ObligationCase(
            label: "", weight: Rational(1), graph: builder.build(outputs: [output]), predicate: .any(atoms),
            arithmetic: .float32AnyOrder)))
      let cell = Cell(lower: [-0x1p-26, Double(y)], upper: [0x1p-26, Double(y)])
      #expect(evaluator.truth(on: cell, rule: rule) != true, "\(c) \(y)")
    }
    #expect(tried > 10)
  }
}
