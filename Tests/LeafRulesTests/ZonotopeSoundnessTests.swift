import CellMasses
import Evidence
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// The bounds of a cell, looked at from the outside: no point of the cell may lie beyond them, in exact arithmetic.
@Suite struct ZonotopeSoundnessTests {
  static func elementCase(_ graph: Graph) -> ObligationCase {
    let atoms = (0..<graph.outputShapes[0].count).map {
      Predicate.atom(Atom(.element($0), .lessOrEqual, .rational(Rational(0))))
    }
    return ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .all(atoms))
  }

  @Test(arguments: 0..<24)
  func exactValuesLieInside(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 977 &+ 5)
    let inputs = 1 + seed % 4
    let graph =
      seed % 2 == 0
      ? try models.multilayer(inputs: inputs, widths: [9, 7, 6], outputs: 3)
      : try models.sampler(latent: inputs, width: 8, steps: 3, outputs: 2)
    let compiled = try CompiledCase(Self.elementCase(graph))
    let evaluator = CellEvaluator(compiled)
    for radius in [0.0, 1e-3, 0.7] {
      let box = models.cell(dimension: inputs, radius: radius)
      let cell = Cell(lower: box.lower, upper: box.upper)
      let zonotope = evaluator.bounds(on: cell, rule: .zonotope, wantsAffine: true)
      let interval = evaluator.bounds(on: cell, rule: .interval)
      for _ in 0..<2 {
        let point = models.point(in: box.lower, box.upper)
        let exact = try graph.evaluate([point.map { Rational(dyadic: $0) }])[0]
        for index in exact.indices {
          #expect(zonotope[index].range.contains(exact[index]))
          #expect(interval[index].range.contains(exact[index]))
          guard let affine = zonotope[index].affine else { continue }
          let low = Self.value(affine.lower, at: point, in: cell)
          let high = Self.value(affine.upper, at: point, in: cell)
          #expect(low.lower <= exact[index])
          #expect(exact[index] <= high.upper)
        }
      }
    }
  }

  /// A side of the affine bounds at a point; an interval, since the symbols of a point are quotients.
  static func value(_ side: AffineBounds.Side, at point: [Double], in cell: Cell) -> Interval {
    var sum = Interval(side.constant)
    for axis in point.indices {
      let centre = Cell.midpoint(cell.lower[axis], cell.upper[axis])
      let radius = max(cell.upper[axis] - centre, centre - cell.lower[axis])
      guard radius > 0 else { continue }
      let symbol = (Interval(point[axis]) - Interval(centre)) / Interval(radius.nextUp)
      sum = sum + Interval(side.slopes[axis]) * symbol
    }
    return sum
  }

  @Test func pointsAreTight() throws {
    var models = RandomModels(seed: 3)
    let graph = try models.sampler(latent: 2, width: 16, steps: 5, outputs: 2)
    let evaluator = CellEvaluator(try CompiledCase(Self.elementCase(graph)))
    let point = [0.3, -0.8]
    let exact = try graph.evaluate([point.map { Rational(dyadic: $0) }])[0]
    let bounds = evaluator.bounds(on: Cell(lower: point, upper: point), rule: .interval)
    for index in exact.indices {
      #expect(bounds[index].range.contains(exact[index]))
      #expect(bounds[index].range.width < 1e-11)
    }
  }

  @Test func overflowDecidesNothing() throws {
    var builder = GraphBuilder()
    var x = try builder.input("x", shape: Shape([1]))
    for _ in 0..<3 {
      x = try builder.apply(.scale(-1e200), [x])
      x = try builder.apply(.relu, [x])
    }
    let graph = try builder.build(outputs: [x])
    let evaluator = CellEvaluator(try CompiledCase(Self.elementCase(graph)))
    for rule in [LeafRule.interval, .zonotope] {
      #expect(evaluator.truth(on: Cell(lower: [-2], upper: [-1]), rule: rule) == nil)
      #expect(evaluator.truth(on: Cell(lower: [-1], upper: [2]), rule: rule) == nil)
    }
  }

  @Test(arguments: [Norm.l1, .l2, .linf])
  func distancesLieInside(norm: Norm) throws {
    var models = RandomModels(seed: 40)
    for round in 0..<12 {
      let graph = try models.sampler(latent: 2, width: 8, steps: 2, outputs: 6)
      let anchor = (0..<6).map { _ in models.generator.uniform(-1, 1) }
      let item = ObligationCase(
        label: "", weight: Rational(1), graph: graph,
        predicate: .atom(
          Atom(.distance(start: 0, point: anchor, norm: norm), .greaterOrEqual, .rational(Rational(1)))))
      let evaluator = CellEvaluator(try CompiledCase(item))
      let box = models.cell(dimension: 2, radius: round % 2 == 0 ? 0.02 : 0.6)
      for rule in [LeafRule.interval, .zonotope] {
        let bounds = evaluator.bounds(on: Cell(lower: box.lower, upper: box.upper), rule: rule)[0].range
        for _ in 0..<20 {
          let point = models.point(in: box.lower, box.upper)
          let value = try item.truth(at: point).values[0]
          #expect(bounds.lower <= value.upper && value.lower <= bounds.upper)
        }
      }
    }
  }
}
