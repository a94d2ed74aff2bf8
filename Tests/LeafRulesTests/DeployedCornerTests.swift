import CellMasses
import Evidence
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// One operator at a time, pushed as far as its roundings allow: among ordinary numbers, and where they underflow.
@Suite struct DeployedCornerTests {
  /// Graphs by what they hold; each takes two numbers and is meant for a box of positive ones about one.
  private static let kinds = [
    "add", "multiply", "scale", "scale exactly", "divide", "divide exactly", "linear", "linear bias",
    "sparse",
    "sparse bias", "padding", "constant", "clip", "square", "reciprocal", "sqrt", "exp", "log", "sigmoid",
    "tanh",
    "silu", "gelu", "quotientGELU", "productGELU", "softplus", "sin", "cos", "erf", "shared", "selected",
    "concat",
  ]

  private func row(_ weights: [Double], bias: Double = 0) throws -> TensorGraph.Operation {
    .linear(
      try Linear(
        weights: Tensor(shape: Shape([1, weights.count]), values: weights),
        bias: Tensor(shape: Shape([1]), values: [bias])))
  }

  private func sparse(_ rows: [[(column: Int, weight: Double)]], of count: Int, bias: [Double]? = nil) throws
    -> TensorGraph.Operation
  {
    .sparse(try SparseMap(shape: Shape([rows.count]), inputCount: count, rows: rows, bias: bias))
  }

  /// A program may begin a sum of products with its bias, to which terms that are small beside it then add nothing: for one
  /// row as for several, and with a reshape between.
  @Test(arguments: [1, 2], [false, true])
  func biasesAreSummedInAnyOrder(rows: Int, reshapes: Bool) throws {
    let inner = 1_000
    var builder = GraphBuilder(folding: .moves)
    let x = try builder.input("x", shape: Shape([1, rows * inner]))
    let product =
      rows == 1
      ? try builder.apply(row([Double](repeating: 0x1p-25, count: inner)), [x])
      : try builder.apply(
        sparse((0..<rows).map { row in (0..<inner).map { (row * inner + $0, 0x1p-25) } }, of: rows * inner),
        [x])
    let shape = try reshapes ? Shape([rows, 1, 1]) : builder.shape(at: product)
    let value = reshapes ? try builder.apply(.reshape(shape), [product]) : product
    let ones = builder.constant(try Tensor(shape: shape, values: [Double](repeating: 1, count: rows)))
    let sum = try builder.apply(.add, [ones, value])
    let item = ObligationCase(
      label: "", weight: .one, graph: try builder.build(outputs: [sum]),
      predicate: .atom(Atom(.element(0), .greater, .rational(.one))), arithmetic: .float32AnyOrder)
    let evaluator = CellEvaluator(try CompiledCase(item))
    let point = [Double](repeating: 1, count: rows * inner)
    for rule in LeafRule.allCases where rule.bounds {
      let range = evaluator.bounds(on: Cell(lower: point, upper: point), rule: rule, decides: false)[0].range
      #expect(range.lower <= 1 && range.upper >= 1 + 1_000 * 0x1p-25, "\(rule)")
    }
  }

  /// - Parameter unit: Size of the numbers that the operator meets; the result is brought back to about one.
  private func graph(_ kind: String, unit: Double) throws -> Graph {
    var builder = GraphBuilder()
    let input = try builder.input("x", shape: Shape([2]))
    // Powers of two in steps that the format holds.
    func scaled(_ value: Int, by factor: Double) throws -> Int {
      var (value, rest) = (value, factor)
      while rest != 1 {
        let step = max(0x1p-90, min(0x1p90, rest))
        value = try builder.apply(.scale(step), [value])
        rest /= step
      }
      return value
    }
    let small = try scaled(input, by: unit)
    let x = try builder.apply(sparse([[(0, 1)]], of: 2), [small])
    let y = try builder.apply(sparse([[(1, 1)]], of: 2), [small])
    func constant(_ value: Double) throws -> Int {
      builder.constant(try Tensor(shape: Shape([1]), values: [value]))
    }
    var power = 1.0
    let value: Int
    switch kind {
    case "add": value = try builder.apply(.add, [x, y])
    case "multiply":
      // The product is of the size that a single number is of elsewhere.
      let plain = try builder.apply(sparse([[(1, 1)]], of: 2), [input])
      value = try builder.apply(.multiply, [x, plain])
    case "scale": value = try builder.apply(.scale(0.3), [x])
    case "scale exactly": value = try builder.apply(.scale(0.3125), [x])
    case "divide": value = try builder.apply(.divide(Divisor(0.7)), [x])
    case "divide exactly": value = try builder.apply(.divide(Divisor(3)), [x])
    case "linear": value = try builder.apply(row([0.3, 0.7]), [small])
    case "linear bias": value = try builder.apply(row([0, 0.3], bias: 0.7 * unit), [small])
    case "sparse": value = try builder.apply(sparse([[(0, 0.3), (1, 0.7)]], of: 2), [small])
    case "sparse bias":
      value = try builder.apply(sparse([[(0, 0.3)]], of: 2, bias: [0.7 * unit]), [small])
    case "padding": value = try builder.apply(sparse([[]], of: 2, bias: [0.7 * unit]), [small])
    case "constant": value = try constant(0.7 * unit)
    case "clip":
      value = try builder.apply(.clip(Clip(lower: 0, upper: 0.3 * unit)), [x])
    case "square":
      // Its operand is the root of what others meet.
      let root = try scaled(builder.apply(sparse([[(0, 1)]], of: 2), [input]), by: unit.squareRoot())
      value = try builder.apply(.smooth(.square), [root])
    case "reciprocal":
      let large = try scaled(builder.apply(sparse([[(0, 1)]], of: 2), [input]), by: min(0x1p90, 1 / unit))
      (value, power) = (try builder.apply(.smooth(.reciprocal), [large]), unit / max(0x1p-90, unit))
    case "shared":
      // One value three times, joined by differences that cancel.
      let halved = try builder.apply(.scale(0.3), [x])
      let sum = try builder.apply(.add, [halved, y])
      value = try builder.apply(
        .add, [sum, builder.apply(.add, [halved, builder.apply(.scale(-1), [halved])])])
    case "selected":
      let three = try builder.apply(sparse([[(0, 1)], [(0, -1)], [(0, 1)]], of: 1), [x])
      value = try builder.apply(row([0.3, 0.1, 0.7]), [three])
    case "concat":
      let both = try builder.apply(.concat(axis: 0), [x, builder.apply(.scale(0.3), [y])])
      value = try builder.apply(sparse([[(1, 1)]], of: 2), [both])
    default:
      let function = try #require(SmoothFunction.allCases.first { "\($0)" == kind })
      // Their values do not scale with their operands.
      let plain = try builder.apply(sparse([[(0, 1)]], of: 2), [input])
      let result = try builder.apply(.smooth(function), [plain])
      return try builder.build(outputs: [result])
    }
    let result = try scaled(value, by: power / unit)
    return try builder.build(outputs: [result])
  }

  @Test(arguments: kinds, [1, 0x1p-130, 0x1p-146])
  func noRoundingLeadsBeyondTheBounds(kind: String, unit: Double) throws {
    let graph = try graph(kind, unit: unit)
    let evaluator = CellEvaluator(try CompiledCase(item(graph)))
    let rules = LeafRule.allCases.filter(\.bounds)
    for (lower, upper) in [
      ([1.3, 1.1], [1.3, 1.1]), ([0.9, 1.2], [1.1, 1.2]), ([0.6, 0.6], [1.7, 1.9]),
    ] {
      let cell = Cell(lower: lower, upper: upper)
      let bounds = rules.map { evaluator.bounds(on: cell, rule: $0, wantsAffine: true)[0] }
      for corner in 0..<4 {
        let point = [corner & 1 == 0 ? lower[0] : upper[0], corner & 2 == 0 ? lower[1] : upper[1]]
        let enclosure = try #require(try item(graph).enclosure(at: point))[0][0]
        for mode in DeployedRun.Mode.allCases {
          var run = DeployedRun(mode: mode, generator: SeededGenerator(seed: UInt64(corner) &+ 5))
          run.directions = DeployedRun.directions(of: graph, at: point, output: 0)
          // Units of rounding upwards and downwards say nothing of underflow.
          if unit != 1, [.outwards, .inwards, .either].contains(mode) { continue }
          let value = run.outputs(of: graph, at: point)[0]
          #expect(enclosure.lower <= value && value <= enclosure.upper, "attained at \(point) \(mode)")
          for (rule, bound) in zip(rules, bounds) {
            #expect(bound.range.isFinite)
            #expect(
              bound.range.lower <= value && value <= bound.range.upper,
              "\(rule) \(mode) at \(point): \(value) outside of \(bound.range)")
            guard let affine = bound.affine else { continue }
            let low = ZonotopeSoundnessTests.value(affine.lower, at: point, in: cell)
            let high = ZonotopeSoundnessTests.value(affine.upper, at: point, in: cell)
            #expect(low.lower <= value && value <= high.upper, "lines of \(rule) \(mode) at \(point)")
          }
        }
      }
    }
  }

  /// SiLU is read from a logistic function and a product, which lose seventeen units together.
  @Test func aLogisticFunctionAndAProductAreASiLU() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let y = try builder.apply(.smooth(.silu), [x])
    let graph = try builder.build(outputs: [y])
    let evaluator = CellEvaluator(try CompiledCase(item(graph)))
    let unit = SingleRounding.unit
    let gate = (20.0).applying(.sigmoid)
    let highest = 20 * (1 + unit) * (gate + 7.999 * unit * (1 + gate)) * (1 + unit)
    for rule in LeafRule.allCases where rule.bounds {
      let range = evaluator.bounds(on: Cell(lower: [20], upper: [20]), rule: rule)[0].range
      #expect(range.upper >= highest, "\(rule)")
    }
  }

  @Test func limitsBeyondWhatIsFollowedAreRoundedToo() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let lifted = try builder.apply(.clip(Clip(lower: 1.1e38, upper: 3e38)), [x])
    let graph = try builder.build(outputs: [lifted])
    let computed = Double(Float(1.1e38))
    #expect(computed != 1.1e38)
    let evaluator = CellEvaluator(try CompiledCase(item(graph)))
    for rule in LeafRule.allCases where rule.bounds {
      let range = evaluator.bounds(on: Cell(lower: [0], upper: [1]), rule: rule)[0].range
      #expect(range.lower <= computed && computed <= range.upper, "\(rule) \(range)")
    }
    // A limit that nothing reaches costs nothing, whatever its size.
    var free = GraphBuilder()
    let y = try free.input("x", shape: Shape([1]))
    let limited = try free.apply(.clip(Clip(lower: 0, upper: 1.1e38)), [y])
    let open = CellEvaluator(try CompiledCase(item(free.build(outputs: [limited]))))
    let range = open.bounds(on: Cell(lower: [0.5], upper: [1]), rule: .attained)[0].range
    #expect(range.lower > 0.4999 && range.upper < 1.0001)
  }

  private func item(_ graph: Graph) -> ObligationCase {
    ObligationCase(
      label: "", weight: Rational(1), graph: graph,
      predicate: ZonotopeSoundnessTests.elementCase(graph).predicate, arithmetic: .float32AnyOrder)
  }
}
