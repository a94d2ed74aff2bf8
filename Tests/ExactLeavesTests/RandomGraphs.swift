import RigorousArithmetic
import SeededDraws
import TensorGraph
import VerificationProblem

/// Operators that stand in the middle of a random graph, one of each kind that the graph knows.
enum Middle: Hashable, CaseIterable, CustomStringConvertible {
  static var allCases: [Middle] {
    SmoothFunction.allCases.map { .smooth($0) } + [
      .linear, .sparse, .add, .multiply, .scale, .divide, .relu, .maximum, .sign, .clip, .softmax,
      .logSoftmax,
      .normalize, .concat, .reshape,
    ]
  }

  case smooth(SmoothFunction)
  case linear, sparse, add, multiply, scale, divide, relu, maximum, sign, clip, softmax, logSoftmax, normalize
  case concat, reshape

  var description: String {
    if case .smooth(let function) = self { return function.name }
    return switch self {
    case .linear: "linear"
    case .sparse: "sparse"
    case .add: "add"
    case .multiply: "multiply"
    case .scale: "scale"
    case .divide: "divide"
    case .relu: "relu"
    case .maximum: "maximum"
    case .sign: "sign"
    case .clip: "clip"
    case .softmax: "softmax"
    case .logSoftmax: "logSoftmax"
    case .normalize: "normalize"
    case .concat: "concat"
    case .reshape: "reshape"
    case .smooth(let function): function.name
    }
  }
}

/// Seeded graphs and cells.
struct RandomGraphs {
  var generator: SeededGenerator

  init(seed: Int) { generator = SeededGenerator(seed: UInt64(seed) &* 7_919 &+ 11) }

  mutating func linear(_ rows: Int, _ columns: Int, gain: Double = 1) throws -> TensorGraph.Operation {
    let scale = gain * 1.7 / Double(columns).squareRoot()
    return .linear(
      try Linear(
        weights: Tensor(
          shape: Shape([rows, columns]),
          values: (0..<rows * columns).map { _ in Double(Float(generator.uniform(-scale, scale))) }),
        bias: Tensor(shape: Shape([rows]), values: (0..<rows).map { _ in generator.uniform(-0.4, 0.4) })))
  }

  /// An affine map, the operator on six elements, and an affine map.
  mutating func graph(around middle: Middle, inputs: Int, outputs: Int = 2) throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([inputs]))
    let v = try builder.apply(linear(6, inputs), [x])
    let result = try builder.apply(linear(outputs, 6), [apply(middle, v, &builder)])
    return try builder.build(outputs: [result])
  }

  /// Several operators one after the other, with skips.
  mutating func deep(inputs: Int, operators: Int, outputs: Int = 2, of kinds: [Middle]) throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([inputs]))
    var value = try builder.apply(linear(6, inputs), [x])
    for _ in 0..<operators {
      let next = try apply(kinds[generator.below(kinds.count)], value, &builder)
      let mixed = try builder.apply(linear(6, 6), [next])
      value = generator.below(3) == 0 ? try builder.apply(.add, [mixed, value]) : mixed
    }
    let result = try builder.apply(linear(outputs, 6), [value])
    return try builder.build(outputs: [result])
  }

  /// The operator on six elements, and what brings its results to six again.
  private mutating func apply(_ middle: Middle, _ v: Int, _ builder: inout GraphBuilder) throws -> Int {
    switch middle {
    case .smooth(let function):
      var operand = v
      if !function.isDefined(on: .entire) {
        operand = try builder.apply(.clip(Clip(lower: 0.25, upper: 3)), [v])
      }
      return try builder.apply(.smooth(function), [operand])
    case .linear: return try builder.apply(linear(6, 6), [v])
    case .sparse:
      let rows = (0..<6).map { row in
        (0..<6).filter { _ in generator.below(3) == 0 }.map {
          ($0, row == $0 ? 1.0 : generator.uniform(-1, 1))
        }
      }
      let map = try SparseMap(
        shape: Shape([6]), inputCount: 6, rows: rows, bias: (0..<6).map { _ in generator.uniform(-1, 1) })
      return try builder.apply(.sparse(map), [v])
    case .add: return try builder.apply(.add, [v, builder.apply(linear(6, 6), [v])])
    case .multiply:
      let other = generator.below(2) == 0 ? v : try builder.apply(linear(6, 6), [v])
      return try builder.apply(.multiply, [v, other])
    case .scale: return try builder.apply(.scale([0, -1, 0.3, 2e-9, 1e7][generator.below(5)]), [v])
    case .divide: return try builder.apply(.divide(Divisor([3, -7, 0.3, 1e5][generator.below(4)])), [v])
    case .relu: return try builder.apply(.relu, [v])
    case .maximum:
      let size = [2, 3][generator.below(2)]
      let rows = try builder.apply(.reshape(Shape([6 / size, size])), [v])
      let greatest = try builder.apply(.maximum(Maximum(size: size)), [rows])
      return try builder.apply(linear(6, 6 / size), [greatest])
    case .sign: return try builder.apply(.sign, [v])
    case .clip:
      let (lower, upper) = [(-0.5, 0.5), (0, 1), (0.1, 0.3), (-1e-30, 0.7), (0.5, 0.5)][generator.below(5)]
      return try builder.apply(.clip(Clip(lower: lower, upper: upper)), [v])
    case .softmax, .logSoftmax:
      let softmax = try Softmax(size: [1, 2, 3, 6][generator.below(4)], isLogarithm: middle == .logSoftmax)
      return try builder.apply(.softmax(softmax), [v])
    case .normalize:
      let normalization = try Normalization(
        size: [2, 3, 6][generator.below(3)], epsilon: Double(Float([1e-3, 0.5][generator.below(2)])))
      return try builder.apply(.normalize(normalization), [v])
    case .concat:
      let (first, second) = (try builder.apply(linear(2, 6), [v]), try builder.apply(linear(4, 6), [v]))
      return try builder.apply(.concat(axis: 0), [first, second])
    case .reshape:
      return try builder.apply(.reshape(Shape([6])), [builder.apply(.reshape(Shape([2, 3])), [v])])
    }
  }

  /// A box whose sides are points, tiny, ordinary or wide, each by its own.
  mutating func cell(_ dimension: Int) -> (lower: [Double], upper: [Double]) {
    let sizes = [0, 1e-12, 1e-3, 0.1, 0.5, 2]
    let lower = (0..<dimension).map { _ in generator.uniform(-1.5, 1.5) }
    return (lower, lower.map { $0 + sizes[generator.below(6)] * generator.uniform(0.2, 1) })
  }

  /// A point of a box, now and then a corner.
  mutating func point(in lower: [Double], _ upper: [Double]) -> [Double] {
    let isCorner = generator.below(4) == 0
    return zip(lower, upper).map { low, high in
      if isCorner { return generator.below(2) == 0 ? low : high }
      return min(high, max(low, generator.uniform(low, high)))
    }
  }

  /// A case that compares every element with zero.
  static func elements(_ graph: Graph) -> ObligationCase {
    let atoms = (0..<graph.outputShapes[0].count).map {
      Predicate.atom(Atom(.element($0), .lessOrEqual, .rational(.zero)))
    }
    return ObligationCase(label: "", weight: .one, graph: graph, predicate: .all(atoms))
  }
}
