import CellMasses
import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Certified masses inside undecided cells.
@Suite struct CellMassTests {
  static let law = AxisLaw.normal(mean: Rational(0), deviation: Rational(1))

  static func evaluator(_ graph: Graph, _ comparison: Comparison, _ threshold: Rational, law: AxisLaw) throws
    -> CellEvaluator
  {
    let item = ObligationCase(
      label: "", weight: Rational(1), graph: graph,
      predicate: .atom(Atom(.element(0), comparison, .rational(threshold))))
    return CellEvaluator(
      try CompiledCase(item), laws: [AxisMass](repeating: AxisMass(law), count: graph.inputCount))
  }

  /// `x_1 + ... + x_d <= 0` on a cube around zero: the true mass is half the cube's.
  @Test(arguments: [1, 2, 3, 4])
  func halfOfACube(dimension: Int) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([dimension]))
    let y = try builder.apply(
      .linear(HardCornerTests.linear([[Double](repeating: 1, count: dimension)], [0])), [x])
    let graph = try builder.build(outputs: [y])
    let lost = [0, 1e-9, 0.04, 0.05, 0.06][dimension]
    for law in [Self.law, .uniform(AxisRange(lower: Rational(-2), upper: Rational(2)))] {
      for comparison in [Comparison.less, .lessOrEqual, .greater, .greaterOrEqual] {
        let evaluator = try Self.evaluator(graph, comparison, Rational(0), law: law)
        let cell = Cell(
          lower: [Double](repeating: -0.5, count: dimension),
          upper: [Double](repeating: 0.5, count: dimension))
        let mass = evaluator.masses(on: cell, rule: .zonotope)
        for part in [mass.inside, mass.outside] {
          #expect(part <= mass.total / 2)
          #expect(part >= mass.total * (0.5 - lost))
        }
      }
    }
  }

  /// A constant that equals the threshold: no mass is given to a strict comparison.
  @Test func constantsAtTheThreshold() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let y = try builder.apply(.linear(HardCornerTests.linear([[0, 0]], [0.25])), [x])
    let graph = try builder.build(outputs: [y])
    let cell = Cell(lower: [-1, -1], upper: [1, 1])
    for (comparison, holds) in [
      (Comparison.less, false), (.lessOrEqual, true), (.greater, false), (.greaterOrEqual, true),
    ] {
      let evaluator = try Self.evaluator(graph, comparison, Rational(dyadic: 0.25), law: Self.law)
      for rule in LeafRule.allCases {
        let mass = evaluator.masses(on: cell, rule: rule)
        #expect((holds ? mass.outside : mass.inside) == 0)
      }
    }
  }

  /// A piecewise linear function of two coordinates against a grid of cells that interval arithmetic decides.
  @Test(arguments: 0..<16)
  func massesNeverExceedTheTruth(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &+ 100)
    let graph = try models.multilayer(inputs: 2, widths: [5], outputs: 1)
    let centre = try graph.evaluate([[0.1, 0.2]])[0][0]
    let threshold = Rational(dyadic: centre)
    let evaluator = try Self.evaluator(
      graph, seed % 2 == 0 ? .lessOrEqual : .greater, threshold, law: Self.law)
    let radius = seed % 4 < 2 ? 0.05 : 0.8
    let cell = Cell(lower: [0.1 - radius, 0.2 - radius], upper: [0.1 + radius, 0.2 + radius])
    var low = 0.0
    var high = 0.0
    let steps = 64
    func end(_ axis: Int, _ index: Int) -> Double {
      index == steps
        ? cell.upper[axis]
        : cell.lower[axis] + (cell.upper[axis] - cell.lower[axis]) * Double(index) / Double(steps)
    }
    for i in 0..<steps {
      for j in 0..<steps {
        let box = [Interval(end(0, i), end(0, i + 1)), Interval(end(1, j), end(1, j + 1))]
        let value = try graph.evaluate([box])[0][0]
        let share =
          NormalMass.mass(from: box[0].lower, to: box[0].upper).lower
          * NormalMass.mass(from: box[1].lower, to: box[1].upper).lower * (1 - 1e-12)
        if value.upper < centre { low += share }
        if value.lower > centre { high += share }
      }
    }
    for rule in LeafRule.allCases {
      let mass = evaluator.masses(on: cell, rule: rule)
      let (below, above) = seed % 2 == 0 ? (mass.inside, mass.outside) : (mass.outside, mass.inside)
      #expect(below <= mass.total - high)
      #expect(above <= mass.total - low)
    }
    #expect(low + high > 0.8 * evaluator.masses(on: cell, rule: .open).total)
  }

  /// Coordinates that are not cut are no levels of a recursion.
  @Test func thousandsOfCoordinates() {
    let count = 20_000
    let law = AxisMass(.uniform(AxisRange(lower: Rational(-1), upper: Rational(1))))
    let cell = Cell(lower: [Double](repeating: -1, count: count), upper: [Double](repeating: 1, count: count))
    var slopes = [Double](repeating: 0, count: count)
    slopes[7] = 1
    let side = AffineBounds.Side(constant: 0, slopes: slopes)
    let mass = CellMass(
      of: cell, under: [AxisMass](repeating: law, count: count),
      .atom(Atom(.element(0), .lessOrEqual, .rational(.zero))), known: [nil], thresholds: [.zero]
    ) { _ in AffineBounds(lower: side, upper: side) }
    #expect(mass.inside > 0.49 && mass.inside <= 0.5 && mass.outside > 0.49 && mass.outside <= 0.5)
  }
}
