import CellMasses
import Evidence
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Every rule on random graphs and boxes: no point of the box has a value beyond the bounds.
@Suite struct BoundSoundnessTests {
  @Test(arguments: 0..<40)
  func randomNetworks(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 7919 &+ 11)
    for round in 0..<30 {
      let magnitudes = Magnitudes.allCases[(seed + round) % 3]
      let inputs = 1 + Int(models.generator.next() % 3)
      let graph = try models.network(
        inputs: inputs, operators: 3 + Int(models.generator.next() % 14), outputs: 2, magnitudes: magnitudes)
      try check(graph, inputs: inputs, models: &models, exactPoints: round % 5 == 0 ? 3 : 0)
    }
  }

  @Test(arguments: 0..<40)
  func smoothNetworks(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 6271 &+ 2)
    for round in 0..<20 {
      let inputs = 1 + Int(models.generator.next() % 3)
      let graph = try models.network(
        inputs: inputs, operators: 3 + Int(models.generator.next() % 10), outputs: 2,
        magnitudes: Magnitudes.allCases[(seed + round) % 3], isSmooth: true)
      try check(graph, inputs: inputs, models: &models, exactPoints: 0)
    }
  }

  @Test(arguments: 0..<8)
  func networksAndSamplers(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 104_729 &+ 3)
    for round in 0..<20 {
      let inputs = 1 + Int(models.generator.next() % 4)
      let graph =
        round % 2 == 0
        ? try models.multilayer(inputs: inputs, widths: [9, 7, 6], outputs: 2)
        : try models.sampler(latent: inputs, width: 9, steps: 4, outputs: 2, gain: 0.7)
      try check(graph, inputs: inputs, models: &models, exactPoints: round % 10 < 2 ? 1 : 0)
    }
  }

  /// Samplers of which the latent has more error symbols between two steps than are kept.
  @Test(arguments: 0..<12)
  func samplersThatKeepSymbols(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 15_485_863 &+ 7)
    for round in 0..<4 {
      let inputs = 3 + (seed + round) % 3
      let graph = try models.sampler(latent: inputs, width: 30 + 8 * round, steps: 3, outputs: 2, gain: 0.9)
      try check(graph, inputs: inputs, models: &models, exactPoints: round == 0 ? 2 : 0)
    }
  }

  /// Sums of rectifiers with weights that are not negative attain their bound where all operands are one, whichever error
  /// symbols are kept and whichever are boxed on the way, so that a symbol which is lost or too small shows.
  @Test(arguments: 1..<6, [10, 30, 48, 56])
  func reductionLosesNothing(rows: Int, inputs: Int) throws {
    var models = RandomModels(seed: UInt64(100 * rows + inputs))
    let weights = (0..<rows * inputs).map { _ in models.generator.uniform(0, 1) }
    func linear(_ values: [Double], _ columns: Int) throws -> TensorGraph.Operation {
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([values.count / columns, columns]), values: values),
          bias: Tensor(
            shape: Shape([values.count / columns]),
            values: [Double](repeating: 0, count: values.count / columns))))
    }
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([inputs]))
    let positive = try builder.apply(.relu, [x])
    let latent = try builder.apply(linear(weights, inputs), [positive])
    // Each element alone, and all together.
    let identity = (0..<(rows + 1) * rows).map { $0 / rows == rows || $0 / rows == $0 % rows ? 1.0 : 0 }
    let result = try builder.apply(linear(identity, rows), [latent])
    let graph = try builder.build(outputs: [result])
    let evaluator = CellEvaluator(try CompiledCase(ZonotopeSoundnessTests.elementCase(graph)))
    let cell = Cell(
      lower: [Double](repeating: -1, count: inputs), upper: [Double](repeating: 1, count: inputs))
    let greatest = try graph.evaluate([[Double](repeating: 1, count: inputs)])[0]
    let bounds = evaluator.bounds(on: cell, rule: .zonotope, decides: false)
    for (row, value) in greatest.enumerated() {
      #expect(bounds[row].range.upper >= value)
      #expect(bounds[row].range.upper <= value * (1 + 1e-9), "row \(row): \(bounds[row].range), \(value)")
    }
  }

  @Test(arguments: 2..<10)
  func vanishingSums(inputs: Int) throws {
    var models = RandomModels(seed: UInt64(inputs))
    for depth in 0..<4 {
      for isSparse in [false, true] {
        let graph = try models.vanishing(inputs: inputs, depth: depth, isSparse: isSparse)
        for _ in 0..<3 { try check(graph, inputs: inputs, models: &models, exactPoints: 3) }
      }
    }
  }

  /// Products whose factors share what they depend on, in every way.
  @Test(arguments: 0..<30)
  func products(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 7451 &+ 5)
    for round in 0..<20 {
      let inputs = 1 + Int(models.generator.next() % 3)
      let magnitudes = Magnitudes.allCases[(seed + round) % 3]
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([inputs]))
      var values: [Int] = []
      for _ in 0..<3 {
        let affine = try builder.apply(
          .linear(models.linear(4, inputs, magnitudes: magnitudes)), [x])
        values.append(round % 2 == 0 ? affine : try builder.apply(.relu, [affine]))
      }
      for step in 0..<4 {
        let other = values[Int(models.generator.next() % UInt64(values.count))]
        let product = try builder.apply(.multiply, [values[values.count - 1], other])
        values.append(
          step % 2 == 0 ? product : try builder.apply(.add, [product, other]))
      }
      let graph = try builder.build(outputs: [values[values.count - 1]])
      try check(graph, inputs: inputs, models: &models, exactPoints: 3)
    }
  }

  @Test(arguments: 1..<7)
  func vanishingProducts(inputs: Int) throws {
    var models = RandomModels(seed: UInt64(inputs) &+ 40)
    for round in 0..<40 {
      let graph = try models.vanishingProduct(inputs: inputs, depth: round % 3)
      try check(graph, inputs: inputs, models: &models, exactPoints: 3)
    }
  }

  private func check(_ graph: Graph, inputs: Int, models: inout RandomModels, exactPoints: Int) throws {
    // A coordinate without a symbol of its own may be one of any width.
    let fixed: Set<Int> = inputs > 1 && models.generator.next() % 3 == 0 ? [0] : []
    let evaluator = CellEvaluator(
      try CompiledCase(ZonotopeSoundnessTests.elementCase(graph), fixed: fixed))
    let anchor = (0..<graph.outputShapes[0].count).map { _ in models.generator.uniform(-1, 1) }
    for cellIndex in 0..<3 {
      let box = models.mixedCell(dimension: inputs)
      let cell = Cell(lower: box.lower, upper: box.upper)
      // Points first: bounds must not depend on what the buffers held before.
      let rules = LeafRule.allCases.filter { $0 != .open }
      let bounds = rules.map { evaluator.bounds(on: cell, rule: $0, wantsAffine: true, attributes: true) }
      for pointIndex in 0..<5 {
        let point = models.point(in: box.lower, box.upper)
        let values: [(Interval, Rational?)]
        if pointIndex < exactPoints && cellIndex == 0 {
          let exact = try graph.evaluate([point.map { Rational(dyadic: $0) }])[0]
          values = exact.map { ($0.enclosure, $0) }
        } else if let results = try ZonotopeSoundnessTests.elementCase(graph).enclosure(at: point) {
          values = results[0].map { ($0, nil) }
        } else {
          // Where the graph has no value, nothing is known of it.
          values = []
          for (rule, all) in zip(rules, bounds) {
            #expect(all.allSatisfy { $0.range == .entire }, "\(rule) \(cell)")
          }
        }
        for (rule, all) in zip(rules, bounds) {
          for (index, value) in values.enumerated() {
            let range = all[index].range
            #expect(range.lower <= value.0.upper && value.0.lower <= range.upper, "\(rule) \(cell)")
            if let exact = value.1 { #expect(range.contains(exact), "\(rule) \(cell)") }
            guard let affine = all[index].affine else { continue }
            let low = ZonotopeSoundnessTests.value(affine.lower, at: point, in: cell)
            let high = ZonotopeSoundnessTests.value(affine.upper, at: point, in: cell)
            #expect(low.lower <= value.0.upper && value.0.lower <= high.upper, "\(rule) \(cell)")
          }
        }
      }
      for norm in [Norm.l1, .l2, .linf] {
        let quantity = Quantity.distance(start: 0, point: anchor, norm: norm)
        let distance = try HardCornerTests.evaluator(graph, quantity)
        let point = models.point(in: box.lower, box.upper)
        guard let results = try ZonotopeSoundnessTests.elementCase(graph).enclosure(at: point) else {
          continue
        }
        let value = quantity.value(of: results[0])
        for rule in rules {
          let range = distance.bounds(on: cell, rule: rule)[0].range
          #expect(range.lower <= value.upper && value.lower <= range.upper, "\(rule) \(norm) \(cell)")
        }
      }
    }
  }
}
