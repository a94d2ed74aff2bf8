import TensorGraph

/// Small random graphs that together use every operator, from a seed.
struct RandomGraphs {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  /// A number of `[-1, 1)`.
  mutating func number() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(Int64(bitPattern: state) >> 11) * 0x1p-52
  }

  mutating func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in number() } }

  mutating func tensor(_ extents: [Int]) throws(GraphError) -> Tensor {
    let shape = try Shape(extents)
    return try Tensor(shape: shape, values: numbers(shape.count))
  }

  mutating func linear(_ outputs: Int, _ inputs: Int) throws(GraphError) -> Linear {
    try Linear(weights: tensor([outputs, inputs]), bias: tensor([outputs]))
  }

  /// Inputs `x` (3), `y` (2) and the index `t` (4 rows); outputs of 5 and 1 numbers.
  mutating func graph() throws(GraphError) -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1, 3]))
    let y = try builder.input("y", shape: Shape([2]))
    let t = try builder.input("t", shape: Shape([1]), kind: .index)
    let table = builder.constant(try tensor([4, 6]))
    let row = try builder.apply(.gather, [table, t])
    let first = try builder.apply(.linear(linear(6, 3)), [x])
    let sum = try builder.apply(.add, [first, row])
    let hidden = try builder.apply(.relu, [sum])
    let other = try builder.apply(.reshape(Shape([1, 2])), [y])
    let scaled = try builder.apply(.scale(-1.5), [other])
    let joined = try builder.apply(.concat(axis: 1), [hidden, scaled, other])
    let mixed = try builder.apply(
      .sparse(
        SparseMap(
          shape: Shape([1, 10]), inputCount: 10,
          rows: (0..<10).map { [($0, 1), (($0 * 3 + 1) % 10, -0.75)] },
          bias: tensor([10]).values)), [joined])
    let second = try builder.apply(.linear(linear(5, 10)), [mixed])
    let signs = try builder.apply(.sign, [builder.apply(.smooth(.erf), [second])])
    let stepped = try builder.apply(.add, [second, builder.apply(.scale(0.125), [signs])])
    let clipped = try builder.apply(.clip(Clip(lower: -0.6, upper: 0.7)), [stepped])
    let quotients = try builder.apply(.softmax(Softmax(size: 5)), [clipped])
    let logarithms = try builder.apply(.softmax(Softmax(size: 5, isLogarithm: true)), [quotients])
    let normal = try builder.apply(
      .normalize(Normalization(size: 5, epsilon: 0.5)), [builder.apply(.add, [quotients, logarithms])])
    let gelu = try builder.apply(.smooth(.tanhGELU), [normal])
    let pairs = try builder.apply(
      .sparse(SparseMap(selecting: [0, 1, 1, 2, 2, 3, 3, 4, 4, 0], of: 5, shape: Shape([5, 2]))), [second])
    let greater = try builder.apply(
      .reshape(Shape([1, 5])), [builder.apply(.maximum(Maximum(size: 2)), [pairs])])
    let summed = try builder.apply(.add, [builder.apply(.add, [clipped, greater]), gelu])
    let logits = try builder.apply(.linear(linear(1, 5)), [summed])
    let product = try builder.apply(.multiply, [logits, builder.apply(.divide(Divisor(-3)), [logits])])
    let squares = try builder.apply(.smooth(.square), [product])
    let positive = try builder.apply(
      .add, [squares, builder.constant(Tensor(shape: Shape([1, 1]), values: [0.5 + abs(number())]))])
    let roots = try builder.apply(.smooth(.reciprocal), [builder.apply(.smooth(.sqrt), [positive])])
    let moved = try builder.apply(.add, [roots, builder.apply(.smooth(.log), [positive])])
    let probability = try builder.apply(
      .smooth(.sigmoid), [builder.apply(.add, [logits, moved])])
    return try builder.build(outputs: [second, probability])
  }

  /// A batch of items for `graph()`: three numbers, two numbers, an index.
  mutating func batch(_ count: Int) -> [Double] {
    (0..<count).flatMap { _ in numbers(5) + [((number() + 1) * 2).rounded(.down)] }
  }
}
