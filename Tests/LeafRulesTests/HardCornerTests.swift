import CellMasses
import Evidence
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Inputs chosen to lie where bounds are easily wrong: overflow, underflow, dead rows, laws far off their mean.
@Suite struct HardCornerTests {
  static func evaluator(_ graph: Graph, _ quantity: Quantity) throws -> CellEvaluator {
    let atom = Atom(quantity, .lessOrEqual, .rational(Rational(0)))
    return CellEvaluator(
      try CompiledCase(ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .atom(atom))))
  }

  static func linear(_ weights: [[Double]], _ bias: [Double]) throws -> Linear {
    try Linear(
      weights: Tensor(shape: Shape([weights.count, weights[0].count]), values: weights.flatMap { $0 }),
      bias: Tensor(shape: Shape([bias.count]), values: bias))
  }

  /// One pixel overflows to `inf - inf`; the other is near the point.
  @Test(arguments: [Norm.l1, .l2, .linf])
  func overflowedPixelsHaveNoDistance(norm: Norm) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    var y = try builder.apply(.linear(Self.linear([[1e200, 0], [0, 1e200], [1, 0]], [0, 0, 0])), [x])
    y = try builder.apply(
      .linear(Self.linear([[1e200, 0, 0], [0, -1e200, 0], [0, 0, 1]], [0, 0, 0])), [y])
    y = try builder.apply(.linear(Self.linear([[1, 1, 0], [0, 0, 1]], [0, 0])), [y])
    let graph = try builder.build(outputs: [y])
    let evaluator = try Self.evaluator(graph, .distance(start: 0, point: [0, 1], norm: norm))
    for rule in LeafRule.allCases {
      let range = evaluator.bounds(on: Cell(lower: [1, 1], upper: [1.5, 1.5]), rule: rule)[0].range
      #expect(range.upper == .infinity)
    }
  }

  /// A constant that stands before the input in the graph still counts.
  @Test func constantsBeforeTheInput() throws {
    var builder = GraphBuilder()
    let constant = builder.constant(try Tensor(shape: Shape([1]), values: [100]))
    let x = try builder.input("x", shape: Shape([1]))
    let dropped = try builder.apply(.relu, [x])
    let y = try builder.apply(.add, [dropped, constant])
    let evaluator = try Self.evaluator(builder.build(outputs: [y]), .element(0))
    for rule in LeafRule.allCases {
      let bounds = evaluator.bounds(on: Cell(lower: [-1], upper: [1]), rule: rule, wantsAffine: true)[0]
      #expect(bounds.range.lower <= 100 && 101 <= bounds.range.upper)
      if let affine = bounds.affine {
        #expect(affine.lower.constant <= 100 && 100 <= affine.upper.constant)
        #expect(affine.lower.constant >= 99)
      }
    }
  }

  /// The sum of the point's coordinates in doubles lies above the real sum, and all pixels are certainly zero.
  @Test func deadPixelsKeepTheRoundingOfTheirSum() throws {
    for count in [2, 7, 40, 150, 300] {
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([1]))
      var y = try builder.apply(
        .linear(Self.linear([[Double]](repeating: [1], count: count), [Double](repeating: -8, count: count))),
        [x])
      y = try builder.apply(.relu, [y])
      let graph = try builder.build(outputs: [y])
      let point = (0..<count).map { 0.1 * Double($0 % 7 + 1) }
      for norm in [Norm.l1, .l2] {
        let evaluator = try Self.evaluator(graph, .distance(start: 0, point: point, norm: norm))
        let exact = point.reduce(Rational(0)) {
          let value = Rational(dyadic: $1)
          return $0 + (norm == .l1 ? value : value * value)
        }
        for rule in LeafRule.allCases {
          let range = evaluator.bounds(on: Cell(lower: [-1], upper: [1]), rule: rule)[0].range
          guard range.isFinite else { continue }
          let (low, high) = (Rational(dyadic: range.lower), Rational(dyadic: range.upper))
          #expect((norm == .l1 ? low : low * low) <= exact)
          #expect((norm == .l1 ? high : high * high) >= exact)
        }
      }
    }
  }

  /// Squares that underflow.
  @Test(arguments: [1e-170, 1.6e-162, 3e-162, 1e-155, 1e-320])
  func tinyDistances(offset: Double) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let y = try builder.apply(.scale(1), [x])
    let graph = try builder.build(outputs: [y])
    for norm in [Norm.l1, .l2, .linf] {
      let evaluator = try Self.evaluator(graph, .distance(start: 0, point: [0], norm: norm))
      for rule in LeafRule.allCases {
        let range = evaluator.bounds(on: Cell(lower: [offset], upper: [offset]), rule: rule)[0].range
        #expect(range.lower <= offset && offset <= range.upper)
      }
    }
  }

  /// The rounding error of a row vanishes in underflow and returns under a huge weight.
  @Test func errorsThatUnderflowReturn() throws {
    var models = RandomModels(seed: 77)
    for round in 0..<50 {
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([40]))
      let weights = (0..<40).map { _ in models.generator.uniform(-1e290, 1e290) }
      let sparse = try SparseMap(
        shape: Shape([1]), inputCount: 40, rows: [weights.enumerated().map { ($0.offset, $0.element) }])
      let map =
        try round % 2 == 0 ? TensorGraph.Operation.sparse(sparse) : .linear(Self.linear([weights], [0]))
      let y = try builder.apply(map, [x])
      let graph = try builder.build(outputs: [y])
      let evaluator = try Self.evaluator(graph, .element(0))
      let point = (0..<40).map { _ in 2 * models.generator.uniform(-0x1p-1030, 0x1p-1030) }
      let exact = try graph.evaluate([point.map { Rational(dyadic: $0) }])[0][0]
      for rule in LeafRule.allCases {
        #expect(evaluator.bounds(on: Cell(lower: point, upper: point), rule: rule)[0].range.contains(exact))
      }
    }
  }

  /// Coefficients overflow on their way back where values are moderate; a line of slope zero must not hide it.
  ///
  /// Few objectives are substituted one after the other, many in blocks.
  @Test(arguments: [(-2.0, 1.0), (-2, -1), (1, 2), (-1, 2), (-1, 1)], [1, 12])
  func overflowedCoefficientsAreNoZero(ends: (low: Double, high: Double), count: Int) throws {
    let (low, high) = ends
    let operations: [TensorGraph.Operation] = try [
      .relu, .sign, .clip(Clip(lower: -0x1p-664, upper: 0x1p-664)), .smooth(.tanh), .smooth(.silu),
    ]
    for operation in operations {
      for isNegated in [false, true] {
        var builder = GraphBuilder()
        let x = try builder.input("x", shape: Shape([1]))
        var y = try builder.apply(.linear(Self.linear([[0x1p-664]], [0])), [x])
        y = try builder.apply(operation, [y])
        if case .sign = operation { y = try builder.apply(.linear(Self.linear([[0x1p-664]], [0])), [y]) }
        y = try builder.apply(.linear(Self.linear([[0x1p664], [0x1p664]], [1, 0])), [y])
        // The second of them is not on the way to what is asked.
        let last = [[Double]](repeating: [isNegated ? -0x1p664 : 0x1p664, 0], count: count)
        y = try builder.apply(.linear(Self.linear(last, [Double](repeating: 0, count: count))), [y])
        // What follows is refined from its operand on, by rows of that map.
        let beside = try builder.apply(.relu, [y])
        y = try builder.apply(.add, [y, beside])
        let graph = try builder.build(outputs: [y])
        let evaluator = try Self.evaluator(graph, .element(count - 1))
        for rule in LeafRule.allCases {
          let range = evaluator.bounds(on: Cell(lower: [low], upper: [high]), rule: rule, decides: false)[0]
            .range
          for step in 0...8 {
            let point = low + (high - low) * Double(step) / 8
            let value = try graph.evaluate([[point]])[0][0]
            #expect(range.lower <= value && value <= range.upper, "\(operation) \(rule) at \(point)")
          }
        }
      }
    }
  }
}
