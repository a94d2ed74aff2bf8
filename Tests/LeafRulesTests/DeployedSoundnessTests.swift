import CellMasses
import Evidence
import ExactLeaves
import Foundation
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Every rule in single precision: no order of summation, no fusion and no rounding that the format allows leads beyond
/// the bounds.
@Suite struct DeployedSoundnessTests {
  @Test(arguments: 0..<24)
  func randomNetworks(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 15_013 &+ 1)
    var count = Comparisons()
    for round in 0..<16 {
      let inputs = 1 + Int(models.generator.next() % 3)
      let graph = try models.network(
        inputs: inputs, operators: 3 + Int(models.generator.next() % 12), outputs: 2,
        magnitudes: Magnitudes.allCases[(seed + round) % 3], isSmooth: round % 2 == 1)
      try check(graph, inputs: inputs, models: &models, &count)
    }
    #expect(count.compared > 500 && count.followed > 50)
  }

  @Test(arguments: 0..<8)
  func networksAndSamplers(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 611_953 &+ 9)
    var count = Comparisons()
    for round in 0..<12 {
      let inputs = 1 + Int(models.generator.next() % 4)
      let graph =
        round % 2 == 0
        ? try models.multilayer(inputs: inputs, widths: [9, 7, 6], outputs: 2)
        : try models.sampler(latent: inputs, width: 9, steps: 4, outputs: 2, gain: 0.7)
      try check(graph, inputs: inputs, models: &models, &count)
    }
    // Bounds in real arithmetic do not hold here, so that the comparisons above have something to find.
    #expect(count.beyondReal > 50, "\(count)")
  }

  /// A sum whose real value is zero and whose computed value depends on the order.
  @Test(arguments: 2..<10)
  func vanishingSums(inputs: Int) throws {
    var models = RandomModels(seed: UInt64(inputs) &+ 77)
    var count = Comparisons()
    for depth in 0..<4 {
      for isSparse in [false, true] {
        let graph = try models.vanishing(inputs: inputs, depth: depth, isSparse: isSparse)
        try check(graph, inputs: inputs, models: &models, &count)
      }
    }
    #expect(count.beyondReal > 20, "\(count)")
  }

  @Test(arguments: 1..<7)
  func vanishingProducts(inputs: Int) throws {
    var models = RandomModels(seed: UInt64(inputs) &+ 140)
    var count = Comparisons()
    for round in 0..<20 {
      let graph = try models.vanishingProduct(inputs: inputs, depth: round % 3)
      try check(graph, inputs: inputs, models: &models, &count)
    }
    #expect(count.compared > 500 && count.followed > 50)
  }

  /// Every operator by itself at a point: the bounds are as close as a few units of rounding, and not closer than one.
  @Test func oneOperatorLosesAFewUnits() throws {
    let operations: [(TensorGraph.Operation, roundings: Double)] = [
      (
        .linear(
          try Linear(
            weights: Tensor(shape: Shape([1, 1]), values: [3]), bias: Tensor(shape: Shape([1]), values: [0]))),
        4
      ),
      (.scale(3), 1), (.scale(0.3), 2), (.divide(try Divisor(3)), 1), (.smooth(.square), 1),
      (.smooth(.exp), 8),
      (.smooth(.silu), 17),
      (.smooth(.sigmoid), 17),
    ]
    for (operation, roundings) in operations {
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([1]))
      let y = try builder.apply(operation, [x])
      let graph = try builder.build(outputs: [y])
      let evaluator = CellEvaluator(try CompiledCase(item(graph, .float32AnyOrder)))
      let value = try #require(try item(graph, .real).enclosure(at: [1.5])?[0][0].midpoint)
      let rules = [LeafRule.zonotope, .attained, .linearBounds]
      for rule in rules {
        let range = evaluator.bounds(on: Cell(lower: [1.5], upper: [1.5]), rule: rule)[0].range
        // The rounded input adds its own error, at most twice over for these functions.
        let radius = (range.upper - range.lower) / 2 / value.magnitude / SingleRounding.unit
        #expect(radius >= roundings && radius <= 1.3 * roundings + 4, "\(operation.name) \(rule) \(radius)")
      }
    }
  }

  /// A softmax of operands of every size: what the program computes lies within the stated error of the real value, and
  /// that is not far from what rounding can do.
  @Test func softmaxLosesAFewUnits() throws {
    var generator = SeededGenerator(seed: 12)
    var closest = 0.0
    for round in 0..<4_000 {
      let size = [1, 2, 3, 8, 40][round % 5]
      let scale = [1e-3, 1, 8, 60, 1e4][round / 5 % 5]
      let softmax = try Softmax(size: size, isLogarithm: round % 2 == 1)
      let point = (0..<size).map { _ in Double(Float(generator.uniform(-scale, scale))) }
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([size]))
      let y = try builder.apply(.softmax(softmax), [x])
      let graph = try builder.build(outputs: [y])
      let exact = try graph.evaluate([point.map { Interval($0) }])[0]
      let greatest = point.reduce(0) { max($0, abs($1)) }
      for mode in DeployedRun.Mode.allCases where mode != .float {
        // The input is exact, so that only the operator errs.
        var run = DeployedRun(mode: mode, generator: generator)
        let values = run.softmax(softmax, point)
        generator = run.generator
        for (value, real) in zip(values, exact) {
          let bound = SingleRounding.softmax(softmax, operands: greatest, value: real.magnitude)
          #expect(
            value >= real.lower - bound && value <= real.upper + bound, "\(mode) \(softmax) \(point) \(value)"
          )
          closest = max(closest, abs(value - real.midpoint) / bound)
        }
      }
    }
    #expect(closest > 0.3, "\(closest)")
  }

  /// A normalization of operands of every size, likewise.
  @Test func normalizationsLoseWhatTheyMay() throws {
    var generator = SeededGenerator(seed: 13)
    var closest = 0.0
    for round in 0..<3_000 {
      let size = [1, 2, 3, 8, 40][round % 5]
      let scale = [1e-3, 1, 8, 60, 1e4][round / 5 % 5]
      let offset = round % 3 == 0 ? 0 : generator.uniform(-3, 3) * scale
      let normalization = try Normalization(size: size, epsilon: Double(Float([1e-5, 0.3][round % 2])))
      let point = (0..<size).map { _ in Double(Float(offset + generator.uniform(-scale, scale))) }
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([size]))
      let y = try builder.apply(.normalize(normalization), [x])
      let graph = try builder.build(outputs: [y])
      let exact = try graph.evaluate([point.map { Interval($0) }])[0]
      let sum = point.reduce(Interval.zero) { $0 + Interval($1) }
      let count = Interval(Double(size))
      let inverse = try normalization.inverseRoot(of: point.map { count * Interval($0) - sum }) * count
      let greatest = point.reduce(0) { max($0, abs($1)) }
      for mode in DeployedRun.Mode.allCases where mode != .float {
        var run = DeployedRun(mode: mode, generator: generator)
        let values = run.normalize(normalization, point)
        generator = run.generator
        for (value, real) in zip(values, exact) {
          let bound = SingleRounding.normalization(
            normalization, operands: greatest, inverse: inverse.upper, value: real.magnitude)
          #expect(
            value >= real.lower - bound && value <= real.upper + bound, "\(mode) \(normalization) \(point)")
          closest = max(closest, abs(value - real.midpoint) / bound)
        }
      }
    }
    #expect(closest > 0.2, "\(closest)")
  }

  @Test func whatMayOverflowProvesNothing() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let huge = try builder.apply(.scale(0x1p99), [builder.apply(.scale(4), [x])])
    let limited = try builder.apply(.clip(Clip(lower: 0, upper: 1)), [huge])
    let graph = try builder.build(outputs: [limited])
    for (arithmetic, isKnown) in [(Arithmetic.real, true), (.float32AnyOrder, false)] {
      let evaluator = CellEvaluator(try CompiledCase(item(graph, arithmetic)))
      for rule in LeafRule.allCases where rule.bounds {
        let range = evaluator.bounds(on: Cell(lower: [1], upper: [2]), rule: rule)[0].range
        #expect((range != .entire) == isKnown, "\(rule) \(range)")
      }
      #expect((try item(graph, arithmetic).enclosure(at: [1]) != nil) == isKnown)
    }
  }

  @Test func constantsBeyondTheFormatAreRefused() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let y = try builder.apply(.scale(0x1p101), [x])
    let graph = try builder.build(outputs: [y])
    let region = [AxisRange(lower: Rational(0), upper: Rational(1))]
    _ = try Obligation(name: "real", question: .forall(region: region), cases: [item(graph, .real)])
    #expect(throws: ObligationError.self) {
      try Obligation(
        name: "deployed", question: .forall(region: region), cases: [item(graph, .float32AnyOrder)])
    }
  }

  /// A probability compared with a threshold: where the computed logistic value may lie on either side, nothing is said.
  @Test func thresholdsOfProbabilitiesAreOpenNearby() throws {
    for (numerator, denominator) in [(1, 2), (1, 10), (99, 100), (1, 10_000), (999, 1_000)] {
      let threshold = Threshold.logit(try #require(Rational(numerator).divided(by: Rational(denominator))))
      let real = threshold.enclosure(in: .real)
      let deployed = threshold.enclosure(in: .float32AnyOrder)
      let p = Double(numerator) / Double(denominator)
      // The slope of the logit is 1 / (p (1 - p)).
      let distance = SingleRounding.functionUnits * SingleRounding.unit * (1 + p) / (p * (1 - p))
      #expect(deployed.lower < real.lower - distance && deployed.upper > real.upper + distance)
      #expect(deployed.upper < real.upper + 2 * distance)
    }
    #expect(
      Threshold.logit(try #require(Rational(99_999_999).divided(by: Rational(100_000_000)))).enclosure(
        in: .float32AnyOrder
      ).upper
        == .infinity)
  }

  /// The error of a logistic function is absolute: small probabilities are open on a logit's whole scale.
  @Test func smallProbabilitiesAreOpenFarBelow() throws {
    let small = try #require(Rational(1).divided(by: Rational(1_000_000)))
    let near = Threshold.logit(small).enclosure(in: .float32AnyOrder)
    let real = Threshold.logit(small).enclosure(in: .real)
    let error = SingleRounding.functionUnits * SingleRounding.unit
    #expect(near.lower < log((1e-6 - error) / (1 - 1e-6)) && near.lower > real.lower - 1)
    #expect(near.upper > log((1e-6 + error) / (1 - 1e-6)) && near.upper < real.upper + 1)
    let smaller = try #require(Rational(1).divided(by: Rational(10_000_000)))
    #expect(Threshold.logit(smaller).enclosure(in: .float32AnyOrder).lower == -.infinity)
  }

  private struct Comparisons {
    var compared = 0
    var beyondReal = 0
    /// Bounds of cells in exact arithmetic.
    var followed = 0
  }

  private func item(_ graph: Graph, _ arithmetic: Arithmetic) -> ObligationCase {
    let real = ZonotopeSoundnessTests.elementCase(graph)
    return ObligationCase(
      label: "", weight: real.weight, graph: graph, predicate: real.predicate, arithmetic: arithmetic)
  }

  private func check(
    _ graph: Graph, inputs: Int, models: inout RandomModels, _ count: inout Comparisons
  ) throws {
    let fixed: Set<Int> = inputs > 1 && models.generator.next() % 3 == 0 ? [0] : []
    let evaluator = CellEvaluator(try CompiledCase(item(graph, .float32AnyOrder), fixed: fixed))
    let real = CellEvaluator(try CompiledCase(item(graph, .real), fixed: fixed))
    let exactly = try ExactCase(item(graph, .float32AnyOrder), region: nil)
    let rules = LeafRule.allCases.filter(\.bounds)
    for cellIndex in 0..<3 {
      var box = models.mixedCell(dimension: inputs)
      // Points are where rounding is all there is.
      if cellIndex == 0 { box.upper = box.lower }
      let cell = Cell(lower: box.lower, upper: box.upper)
      let bounds = rules.map { evaluator.bounds(on: cell, rule: $0, wantsAffine: true) }
      let realBounds = real.bounds(on: cell, rule: .zonotope)
      // The code that shares nothing with the rules.
      let exact = [(false, false), (false, true), (true, true)].compactMap {
        try? exactly.bounds(on: cell, refines: $0, substitutes: $1)
      }
      count.followed += exact.count
      for _ in 0..<3 {
        let point = models.point(in: box.lower, box.upper)
        let enclosure = try item(graph, .float32AnyOrder).enclosure(at: point)
        for mode in DeployedRun.Mode.allCases {
          var run = DeployedRun(mode: mode, generator: models.generator)
          if mode == .upwards || mode == .downwards {
            // One adversary for each point: against one of the outputs.
            run.directions = DeployedRun.directions(
              of: graph, at: point, output: point.count % graph.outputShapes[0].count)
          }
          let values = run.outputs(of: graph, at: point)
          models.generator = run.generator
          guard values.allSatisfy(\.isFinite) else {
            for all in bounds { #expect(all.allSatisfy { $0.range == .entire }) }
            #expect(exact.isEmpty)
            continue
          }
          for (index, value) in values.enumerated() {
            count.compared += 1
            if !realBounds[index].range.contains(value) { count.beyondReal += 1 }
            if let enclosure { #expect(enclosure[0][index].contains(value), "\(mode) at \(point)") }
            // The adversary rounds his own errors to doubles, for which exact arithmetic leaves no room.
            let slack = 0x1p-44 * (point + values).reduce(0) { max($0, $1.magnitude) }
            for all in exact {
              let (range, affine) = all[index]
              #expect(range.lower - slack <= value && value <= range.upper + slack, "\(mode) \(cell)")
              guard let affine else { continue }
              let low = ZonotopeSoundnessTests.value(affine.lower, at: point, in: cell)
              let high = ZonotopeSoundnessTests.value(affine.upper, at: point, in: cell)
              #expect(low.lower - slack <= value && value <= high.upper + slack, "\(mode) \(cell)")
            }
            for (rule, all) in zip(rules, bounds) {
              #expect(all[index].range.contains(value), "\(rule) \(mode) \(cell)")
              guard let affine = all[index].affine else { continue }
              let low = ZonotopeSoundnessTests.value(affine.lower, at: point, in: cell)
              let high = ZonotopeSoundnessTests.value(affine.upper, at: point, in: cell)
              #expect(low.lower <= value && value <= high.upper, "\(rule) \(mode) \(cell)")
            }
          }
        }
      }
    }
  }
}

extension Interval {
  fileprivate func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
