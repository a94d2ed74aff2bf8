import RigorousArithmetic
package import SeededDraws
package import TensorGraph

/// Random graphs with every operator that has terms; weights are eighths, so that kinks are hit exactly.
package struct RandomGraphs {
  package var generator: SeededGenerator

  package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  package mutating func linear(_ rows: Int, _ columns: Int) throws -> Operation {
    let weights = (0..<rows * columns).map { _ in Double(Int.random(in: -12...12, using: &generator)) / 8 }
    let bias = (0..<rows).map { _ in Double(Int.random(in: -6...6, using: &generator)) / 8 }
    return .linear(
      try Linear(
        weights: Tensor(shape: Shape([rows, columns]), values: weights),
        bias: Tensor(shape: Shape([rows]), values: bias)))
  }

  /// A residual block with ReLU and Clip, Scale, Reshape and Concat with a constant, and a final Linear.
  ///
  /// - Parameter isPlain: Whether all kinks are those of ReLU and Clip, and there is no jump.
  package mutating func graph(
    inputs: Int, width: Int, outputs: Int, isPlain: Bool = false
  ) throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("latent", shape: Shape([inputs]))
    let hidden = try builder.apply(.relu, [builder.apply(linear(width, inputs), [x])])
    let clip = Operation.clip(try Clip(lower: -0.5, upper: 0.75))
    let second = try builder.apply(clip, [builder.apply(linear(width, width), [hidden])])
    let sum = try builder.apply(.add, [hidden, builder.apply(.scale(-1.5), [second])])
    var stepped = sum
    if !isPlain {
      let signs = try builder.apply(.divide(Divisor(3)), [builder.apply(.sign, [second])])
      stepped = try builder.apply(.add, [sum, signs])
    }
    let constant = builder.constant(try Tensor(shape: Shape([1, 1]), values: [0.625]))
    let wide = try builder.apply(.reshape(Shape([1, width])), [stepped])
    let joined = try builder.apply(.concat(axis: 1), [wide, constant])
    let flat = try builder.apply(.reshape(Shape([width + 1])), [joined])
    guard !isPlain else {
      let plain = try builder.apply(linear(outputs, width + 1), [flat])
      return try builder.build(outputs: [plain])
    }
    let swapped = try builder.apply(
      .sparse(SparseMap(selecting: Array((0...width).reversed()), of: width + 1, shape: Shape([width + 1]))),
      [flat])
    let mixed = try builder.apply(
      .sparse(
        SparseMap(
          shape: Shape([width + 1]), inputCount: width + 1,
          rows: (0...width).map { [($0, 1)] + ($0 > 0 ? [($0 - 1, -0.5)] : []) },
          bias: (0...width).map { Double($0) * 0.125 })), [swapped])
    let pairs = try builder.apply(
      .sparse(
        SparseMap(
          selecting: (0...width).flatMap { [$0, ($0 + 1) % (width + 1), 0] }, of: width + 1,
          shape: Shape([width + 1, 3]))), [mixed])
    let greatest = try builder.apply(.maximum(Maximum(size: 3)), [pairs])
    let result = try builder.apply(linear(outputs, width + 1), [greatest])
    return try builder.build(outputs: [result])
  }
}
