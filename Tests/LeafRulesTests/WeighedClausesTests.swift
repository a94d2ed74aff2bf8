import Evidence
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Clauses whose atoms take turns on a cell: weights show them where no atom does, and never where a point breaks all.
@Suite struct WeighedClausesTests {
  private static let rules: [(weighed: LeafRule, plain: LeafRule)] = [
    (.weighedZonotope, .zonotope), (.weighedLinearBounds, .linearBounds),
  ]

  private struct Problem {
    let graph: Graph
    let cell: Cell
    let elements: [Int]
    let signs: [Double]
    let centres: [Double]

    func item(shift: Double) -> ObligationCase {
      let atoms = elements.indices.map { index in
        Predicate.atom(
          Atom(
            .element(elements[index]), signs[index] < 0 ? .lessOrEqual : .greaterOrEqual,
            .rational(
              Rational(dyadic: centres[index]) - Rational(dyadic: signs[index]) * Rational(dyadic: shift))))
      }
      return ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .any(atoms))
    }

    /// The greatest amount by which an atom holds at a point, with centres as thresholds; a lower bound of it.
    func slack(at point: [Double]) throws -> Rational {
      let values = try graph.evaluate([point.map { Rational(dyadic: $0) }])[0]
      let slacks = elements.indices.map {
        Rational(dyadic: signs[$0]) * (values[elements[$0]] - Rational(dyadic: centres[$0]))
      }
      return slacks.max() ?? Rational(0)
    }
  }

  private static func problem(seed: Int) throws -> (Problem, RandomModels) {
    var models = RandomModels(seed: UInt64(seed) &* 15_485_863 &+ 5)
    let inputs = 1 + seed % 4
    let graph =
      seed % 2 == 0
      ? try models.multilayer(inputs: inputs, widths: [6, 5], outputs: 3)
      : try models.sampler(latent: inputs, width: 5, steps: 2, outputs: 3)
    let lower = (0..<inputs).map { _ in models.generator.uniform(-1, 0.5) }
    let upper = lower.map { $0 + models.generator.uniform(0.01, seed % 3 == 0 ? 1 : 0.2) }
    let middle = zip(lower, upper).map { ($0 + $1) / 2 }
    let values = try graph.evaluate([middle.map { Rational(dyadic: $0) }])[0].map { $0.enclosure.lower }
    let elements = Array([0, 1, 2, 1].prefix(2 + seed % 3))
    return (
      Problem(
        graph: graph, cell: Cell(lower: lower, upper: upper), elements: elements,
        signs: elements.map { _ in models.generator.next() % 2 == 0 ? 1 : -1 },
        centres: elements.map { values[$0] }), models
    )
  }

  @Test(arguments: 0..<60)
  func noPointOfAClosedCellBreaksTheClause(seed: Int) throws {
    var (problem, models) = try Self.problem(seed: seed)
    let points = (0..<60).map { _ in models.point(in: problem.cell.lower, problem.cell.upper) }
    let worst = try #require(try points.map { try problem.slack(at: $0) }.min())
    for exponent in stride(from: -4, through: -48, by: -4) {
      // With this shift the clause fails at the worst of the points, by a little.
      let shift = -(worst + Rational(dyadic: Double(sign: .plus, exponent: exponent, significand: 1)))
        .enclosure.upper
      guard worst + Rational(dyadic: shift) < Rational(0) else { continue }
      let compiled = try CompiledCase(problem.item(shift: shift))
      let evaluator = CellEvaluator(compiled)
      for rule in Self.rules {
        #expect(evaluator.truth(on: problem.cell, rule: rule.weighed) != true, "seed \(seed) 2^\(exponent)")
      }
    }
  }

  /// Weights never lose what single atoms show, and show more of it.
  @Test func weightsShowMore() throws {
    var gained = [0, 0]
    for seed in 0..<60 {
      let (problem, _) = try Self.problem(seed: seed)
      for step in 0..<40 {
        let compiled = try CompiledCase(problem.item(shift: 0.01 * Double(step)))
        let evaluator = CellEvaluator(compiled)
        for (index, rule) in Self.rules.enumerated() {
          let plain = evaluator.truth(on: problem.cell, rule: rule.plain) == true
          let weighed = evaluator.truth(on: problem.cell, rule: rule.weighed) == true
          let claim = evaluator.claim(on: problem.cell, rule: rule.weighed, attributes: true)
          #expect((claim.truth == true) == weighed)
          #expect(weighed || !plain, "seed \(seed), step \(step), \(rule)")
          if weighed && !plain { gained[index] += 1 }
        }
      }
    }
    #expect(gained.allSatisfy { $0 > 20 }, "\(gained)")
  }

  /// `x + c` and `-x + c` beside each other: the larger is at least `c`, by the sum alone.
  private static func turns(_ predicate: ([Atom]) -> Predicate, _ thresholds: [Rational]) throws
    -> CellEvaluator
  {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let linear = try Linear(
      weights: Tensor(shape: Shape([3, 1]), values: [1, -1, 1]),
      bias: Tensor(shape: Shape([3]), values: [0.125, 0.125, -3]))
    let output = try builder.apply(.linear(linear), [x])
    let graph = try builder.build(outputs: [output])
    let atoms = thresholds.enumerated().map {
      Atom(.element($0.offset), .greater, .rational($0.element))
    }
    return CellEvaluator(
      try CompiledCase(
        ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: predicate(atoms))))
  }

  @Test(arguments: [LeafRule.weighedZonotope, .weighedLinearBounds])
  func thresholdsAreExact(rule: LeafRule) throws {
    let cell = Cell(lower: [-1], upper: [1])
    func truth(_ a: Rational, _ b: Rational) throws -> Bool? {
      try Self.turns({ .any($0.map { .atom($0) }) }, [a, b]).truth(on: cell, rule: rule)
    }
    let third = Rational(BigInteger(1), over: BigInteger(3))
    let eighth = Rational(dyadic: 0.125)
    #expect(try truth(Rational(0), Rational(0)) == true)
    #expect(try truth(third, Rational(dyadic: -0.25)) == true)
    // At one point both touch their bounds, which is not above them; so too where the bounds are no doubles.
    #expect(try truth(eighth, eighth) != true)
    #expect(try truth(third, Rational(dyadic: 0.25) - third) != true)
    let small = Rational(dyadic: 0x1p-60)
    #expect(try truth(eighth + small, eighth) != true)
    // Weights are searched for up to a few thousandths.
    #expect(try truth(eighth - Rational(dyadic: 0x1p-6), eighth) == true)
  }

  @Test(arguments: [LeafRule.weighedZonotope, .weighedLinearBounds])
  func everyClauseMustHold(rule: LeafRule) throws {
    let cell = Cell(lower: [-1], upper: [1])
    let bounds = [Rational(0), Rational(0), Rational(0)]
    let both = try Self.turns({ .all([.any([.atom($0[0]), .atom($0[1])]), .atom($0[2])]) }, bounds)
    #expect(both.truth(on: cell, rule: rule) == false)
    let open = try Self.turns(
      { .all([.any([.atom($0[0]), .atom($0[1])]), .atom($0[2])]) },
      [Rational(0), Rational(0), Rational(-3)])
    #expect(open.truth(on: cell, rule: rule) == nil)
    let shown = try Self.turns(
      { .all([.any([.atom($0[0]), .atom($0[1])]), .atom($0[2])]) },
      [Rational(0), Rational(0), Rational(-5)])
    #expect(shown.truth(on: cell, rule: rule) == true)
    #expect(shown.truth(on: cell, rule: .linearBounds) == nil)
    // No conjunction of clauses: nothing is weighed.
    let nested = try Self.turns(
      { .any([.all([.atom($0[0]), .atom($0[2])]), .atom($0[1])]) },
      [Rational(0), Rational(0), Rational(-5)])
    #expect(nested.truth(on: cell, rule: rule) == nil)
  }
}
