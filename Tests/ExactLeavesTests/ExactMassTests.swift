import CellMasses
import Evidence
import ExactLeaves
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Lines and masses of cells in exact arithmetic, looked at from the outside and beside the rules that close leaves.
@Suite struct ExactMassTests {
  private static let rules: [LeafRule] = [.zonotope, .linearBounds, .fullLinearBounds]

  /// No value of the graph lies beyond the lines.
  @Test(arguments: Middle.allCases)
  func linesHoldForEveryOperator(middle: Middle) throws {
    var models = RandomGraphs(seed: 5_000 + (Middle.allCases.firstIndex(of: middle) ?? 0))
    var followed = 0
    for inputs in [1, 2, 3] {
      let graph = try models.graph(around: middle, inputs: inputs)
      let exact = try ExactCase(RandomGraphs.elements(graph), region: nil)
      for _ in 0..<4 {
        let (lower, upper) = models.cell(inputs)
        let cell = Cell(lower: lower, upper: upper)
        for rule in Self.rules {
          let found = try? exact.bounds(
            on: cell, refines: rule == .fullLinearBounds, substitutes: rule.substitutes)
          guard let lines = found?.map(\.affine) else { continue }
          followed += 1
          for _ in 0..<8 {
            let point = models.point(in: lower, upper)
            let value = try graph.evaluate([point.map { Interval($0) }])[0]
            for (element, bounds) in lines.enumerated() {
              guard let bounds else { continue }
              let line = { (side: AffineBounds.Side) -> Interval in
                point.indices.reduce(Interval(side.constant)) { sum, axis in
                  let centre = Cell.midpoint(lower[axis], upper[axis])
                  let radius = Cell.radius(lower[axis], upper[axis], centre: centre)
                  guard radius > 0 else { return sum }
                  return sum
                    + Interval(side.slopes[axis])
                    * ((Interval(point[axis]) - Interval(centre)) / Interval(radius))
                }
              }
              #expect(value[element].upper >= line(bounds.lower).lower, "\(rule)")
              #expect(value[element].lower <= line(bounds.upper).upper, "\(rule)")
            }
          }
        }
      }
    }
    #expect(followed > 12)
  }

  /// Masses inside and outside are those of the truth at most: by samples, and by the rules that share nothing with them.
  @Test(arguments: 0..<24)
  func massesAreNotMoreThanTheTruth(seed: Int) throws {
    var models = RandomGraphs(seed: 6_000 + seed)
    let kinds: [Middle] =
      seed % 3 == 0 ? [.relu, .clip, .maximum] : seed % 3 == 1 ? [.smooth(.silu), .multiply] : [.relu]
    let graph = try models.deep(inputs: 2, operators: 2, outputs: 1, of: kinds)
    // A cell without width has no mass.
    var (lower, wide) = models.cell(2)
    while zip(lower, wide).contains(where: { $0 >= $1 }) { (lower, wide) = models.cell(2) }
    let upper = zip(lower, wide).map { $0 + ($1 - $0) / 16 }
    let cell = Cell(lower: lower, upper: upper)
    let values = try (0..<400).map { _ in
      let point = zip(lower, upper).map { Interval(models.generator.uniform($0, $1)) }
      return try graph.evaluate([point])[0][0].midpoint
    }
    let sorted = values.sorted()
    let laws = zip(lower, upper).map {
      AxisMass(.uniform(AxisRange(lower: Rational(dyadic: $0), upper: Rational(dyadic: $1))))
    }
    var decided = 0.0
    for quantile in [0, 60, 200, 340, 399] {
      // Where the graph is flat, rounding must not decide.
      let limit = sorted[quantile] + 1e-6 * (1 + sorted[quantile].magnitude)
      let item = ObligationCase(
        label: "", weight: .one, graph: graph,
        predicate: .atom(Atom(.element(0), .less, .rational(Rational(dyadic: limit)))))
      let exact = try ExactCase(item, region: nil)
      let evaluator = CellEvaluator(try CompiledCase(item), laws: laws)
      for rule in Self.rules {
        guard let mass = try? exact.masses(of: cell, under: laws, rule: rule) else { continue }
        let fast = evaluator.masses(on: cell, rule: rule)
        // One point cannot be inside and outside.
        #expect(mass.inside + fast.outside <= mass.total && fast.inside + mass.outside <= mass.total)
        // Five deviations of 400 samples.
        let share = Double(values.count { $0 < limit }) / 400
        #expect(mass.inside <= share + 0.125 && mass.outside <= 1 - share + 0.125)
        decided += mass.inside + mass.outside
      }
    }
    #expect(decided > 0.1)
  }

  /// The lines of an affine graph are the function itself, so that only stretches cost anything.
  @Test func halfOfASquare() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let sum = try builder.apply(
      .linear(
        Linear(
          weights: Tensor(shape: Shape([1, 2]), values: [1, 0.25]),
          bias: Tensor(shape: Shape([1]), values: [0]))), [x])
    let item = ObligationCase(
      label: "", weight: .one, graph: try builder.build(outputs: [sum]),
      predicate: .atom(Atom(.element(0), .lessOrEqual, .rational(.zero))))
    let law = AxisMass(.uniform(AxisRange(lower: Rational(-1), upper: Rational(1))))
    let mass = try ExactCase(item, region: nil).masses(
      of: Cell(lower: [-1, -1], upper: [1, 1]), under: [law, law], rule: .zonotope)
    #expect(mass.inside <= 0.5 && mass.outside <= 0.5)
    #expect(mass.inside > 0.49 && mass.outside > 0.49)
    // A strict comparison fails where equality is all that there is.
    let open = try ExactCase(item, region: nil).masses(
      of: Cell(lower: [-1, -1], upper: [1, 1]), under: [law, law], rule: .open)
    #expect(open.inside == 0 && open.outside == 0 && open.total >= 1)
  }
}
