import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Maxima: exact values, bounds that are those of the rectifiers they stand for, and no loss in single precision.
@Suite struct MaximumTests {
  /// The same by differences of rectifiers, as operators of the graph.
  private func steps(_ size: Int, rows: Int, _ value: Int, _ builder: inout GraphBuilder) throws -> Int {
    func column(_ index: Int) throws -> Int {
      try builder.apply(
        .sparse(
          SparseMap(
            selecting: (0..<rows).map { $0 * size + index }, of: rows * size, shape: Shape([rows]))), [value])
    }
    var parts = try (0..<size).map { try column($0) }
    while parts.count > 1 {
      let half = (parts.count + 1) / 2
      parts = try (0..<half).map { index in
        guard index + half < parts.count else { return parts[index] }
        let other = parts[index + half]
        let difference = try builder.apply(.add, [parts[index], builder.apply(.scale(-1), [other])])
        return try builder.apply(.add, [other, builder.apply(.relu, [difference])])
      }
    }
    return parts[0]
  }

  private func evaluators(
    _ models: inout RandomModels, size: Int, rows: Int, inputs: Int, arithmetic: Arithmetic
  ) throws -> (whole: CellEvaluator, parts: CellEvaluator, graph: Graph) {
    let layer = try models.linear(rows * size, inputs)
    var graphs: [Graph] = []
    for isWhole in [true, false] {
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([inputs]))
      let value = try builder.apply(.linear(layer), [x])
      let shaped = try builder.apply(.reshape(Shape([rows, size])), [value])
      let result =
        try isWhole
        ? builder.apply(.maximum(Maximum(size: size)), [shaped])
        : steps(size, rows: rows, shaped, &builder)
      graphs.append(try builder.build(outputs: [result]))
    }
    let evaluators = try graphs.map { graph in
      let real = ZonotopeSoundnessTests.elementCase(graph)
      return CellEvaluator(
        try CompiledCase(
          ObligationCase(
            label: "", weight: real.weight, graph: graph, predicate: real.predicate, arithmetic: arithmetic)))
    }
    return (evaluators[0], evaluators[1], graphs[0])
  }

  @Test(arguments: 0..<12)
  func boundsEncloseAndAreThoseOfTheSteps(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 5_501 &+ 4)
    for round in 0..<12 {
      let (size, rows, inputs) = ([1, 2, 3, 5, 9][(seed + round) % 5], 1 + round % 3, 1 + round % 3)
      let (whole, parts, graph) = try evaluators(
        &models, size: size, rows: rows, inputs: inputs, arithmetic: .real)
      let box = models.mixedCell(dimension: inputs)
      let cell = Cell(lower: box.lower, upper: box.upper)
      for rule in LeafRule.allCases where rule.bounds {
        let bounds = whole.bounds(on: cell, rule: rule)
        let others = parts.bounds(on: cell, rule: rule)
        for (bound, other) in zip(bounds, others) {
          #expect(bound.range.width <= other.range.width * (1 + 1e-9) + 1e-12, "\(rule) \(size) \(cell)")
        }
        for _ in 0..<5 {
          let point = models.point(in: box.lower, box.upper)
          let exact = try graph.evaluate([point.map { Rational(dyadic: $0) }])[0]
          for (value, bound) in zip(exact, bounds) {
            #expect(bound.range.contains(value), "\(rule) \(size) \(cell)")
          }
        }
      }
    }
  }

  /// The greatest of some numbers is one of them, in any arithmetic; a difference and a sum are rounded.
  @Test func nothingIsLostInSinglePrecision() throws {
    var models = RandomModels(seed: 17)
    for size in [2, 4, 9] {
      for rule in [LeafRule.zonotope, .linearBounds, .fullLinearBounds, .attained] {
        var (width, other) = (0.0, 0.0)
        for _ in 0..<8 {
          let (whole, parts, _) = try evaluators(
            &models, size: size, rows: 1, inputs: 2, arithmetic: .float32AnyOrder)
          let cell = Cell(lower: [0.375, -1.25], upper: [0.375, -1.25])
          width += whole.bounds(on: cell, rule: rule, decides: false)[0].range.width
          other += parts.bounds(on: cell, rule: rule, decides: false)[0].range.width
        }
        #expect(width < 0.95 * other, "\(rule) \(size) \(width) \(other)")
      }
    }
  }

  @Test func rowsThatDoNotFitAreErrors() throws {
    #expect(throws: GraphError.self) { try Maximum(size: 0) }
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([4]))
    #expect(throws: GraphError.self) { try builder.apply(.maximum(Maximum(size: 2)), [x]) }
    let constant = builder.constant(try Tensor(shape: Shape([2, 2]), values: [1, 3, -2, -5]))
    let greatest = try builder.apply(.maximum(Maximum(size: 2)), [constant])
    let graph = try builder.build(outputs: [greatest])
    #expect(graph.nodes.last?.operation == .constant(try Tensor(shape: Shape([2]), values: [3, -2])))
  }
}
