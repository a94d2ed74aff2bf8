import RigorousArithmetic
import SeededDraws
import TensorGraph

/// Graphs that use every operator in every shape that the format tells apart.
enum FixtureGraphs {
  static func graph(named name: String) throws -> Graph {
    var generator = SeededGenerator(seed: 7)
    var builder = GraphBuilder()
    func linear(_ outputs: Int, _ inputs: Int) throws -> TensorGraph.Operation {
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([outputs, inputs]), values: generator.singles(outputs * inputs)),
          bias: Tensor(shape: Shape([outputs]), values: generator.singles(outputs))))
    }
    switch name {
    case "mlp":
      let x = try builder.input("x", shape: Shape([1, 3]))
      let hidden = try builder.apply(.relu, [try builder.apply(try linear(5, 3), [x])])
      let y = try builder.apply(.smooth(.sigmoid), [try builder.apply(try linear(2, 5), [hidden])])
      return try builder.build(outputs: [y])
    case "vector":
      let x = try builder.input("x", shape: Shape([4]))
      let y = try builder.apply(try linear(3, 4), [x])
      let result = try builder.apply(.clip(try Clip(lower: -1, upper: 0.5)), [y])
      return try builder.build(outputs: [result])
    case "smooth":
      var x = try builder.input("x", shape: Shape([1, 4]))
      for function in SmoothFunction.allCases
      where function != .gelu && function != .tanhGELU && function.isDefined(on: .entire) {
        // Small arguments, so that an evaluation in single precision stays near.
        let moved = try builder.apply(try linear(4, 4), [x])
        x = try builder.apply(.smooth(function), [try builder.apply(.scale(0.125), [moved])])
      }
      return try builder.build(outputs: [x])
    case "quotients":
      let x = try builder.input("x", shape: Shape([1, 4]))
      let y = try builder.apply(.multiply, [x, try builder.apply(try linear(4, 4), [x])])
      var z = try builder.apply(.smooth(.exp), [try builder.apply(.divide(Divisor(-3)), [y])])
      for function in [SmoothFunction.reciprocal, .sqrt, .log] {
        z = try builder.apply(.smooth(function), [z])
      }
      let steps = try builder.apply(.sign, [z])
      return try builder.build(outputs: [z, steps])
    case "maxima":
      let x = try builder.input("x", shape: Shape([2, 3]))
      let y = try builder.apply(.maximum(Maximum(size: 3)), [x])
      let z = try builder.apply(.maximum(Maximum(size: 2)), [y])
      return try builder.build(outputs: [y, z])
    case "maxima and gelu":
      let x = try builder.input("x", shape: Shape([2, 3]))
      let y = try builder.apply(.maximum(Maximum(size: 3)), [builder.apply(.smooth(.gelu), [x])])
      return try builder.build(outputs: [y])
    case "gelu":
      let x = try builder.input("x", shape: Shape([1, 4]))
      let y = try builder.apply(.smooth(.gelu), [x])
      let z = try builder.apply(.smooth(.tanhGELU), [y])
      return try builder.build(outputs: [y, z])
    case "softmax":
      let x = try builder.input("x", shape: Shape([2, 3]))
      let y = try builder.apply(.softmax(Softmax(size: 3)), [x])
      let flat = try builder.apply(.reshape(Shape([6])), [y])
      let z = try builder.apply(.softmax(Softmax(size: 6, isLogarithm: true)), [flat])
      return try builder.build(outputs: [y, z])
    case "normalize":
      let x = try builder.input("x", shape: Shape([2, 3]))
      let y = try builder.apply(.normalize(Normalization(size: 3, epsilon: 0.25)), [x])
      let flat = try builder.apply(.reshape(Shape([6])), [y])
      let z = try builder.apply(.normalize(Normalization(size: 6, epsilon: 0x1p-10)), [flat])
      return try builder.build(outputs: [y, z])
    case "rank three":
      let x = try builder.input("x", shape: Shape([1, 1, 4]))
      let result = try builder.apply(try linear(3, 4), [x])
      return try builder.build(outputs: [result])
    case "denoiser":
      let z = try builder.input("z", shape: Shape([1, 2]))
      let t = try builder.input("t", shape: Shape([1]), kind: .index)
      let a = try builder.input("a", shape: Shape([1]), kind: .index)
      let times = builder.constant(try Tensor(shape: Shape([10, 3]), values: generator.singles(30)))
      let classes = builder.constant(try Tensor(shape: Shape([2, 3]), values: generator.singles(6)))
      let rows = [try builder.apply(.gather, [times, t]), try builder.apply(.gather, [classes, a])]
      let joined = try builder.apply(.concat(axis: 1), [z] + rows)
      let hidden = try builder.apply(.relu, [try builder.apply(try linear(6, 8), [joined])])
      let skip = try builder.apply(.scale(-0.5), [z])
      let y = try builder.apply(.add, [try builder.apply(try linear(2, 6), [hidden]), skip])
      return try builder.build(outputs: [y])
    case "index shapes":
      let i = try builder.input("i", shape: Shape([]), kind: .index)
      let j = try builder.input("j", shape: Shape([1, 1]), kind: .index)
      let table = builder.constant(try Tensor(shape: Shape([3, 2]), values: generator.singles(6)))
      let flat = try builder.apply(.reshape(Shape([1])), [j])
      let rows = [
        try builder.apply(.gather, [table, i]), try builder.apply(.gather, [table, j]),
        try builder.apply(.gather, [table, flat]),
      ]
      let result = try builder.apply(.concat(axis: 0), rows)
      return try builder.build(outputs: [result])
    case "constants":
      let x = try builder.input("x", shape: Shape([1, 2]))
      let c = builder.constant(try Tensor(shape: Shape([1, 2]), values: [-0.0, 0.0]))
      let d = builder.constant(try Tensor(shape: Shape([2]), values: [0.0, 0.0]))
      let sum = try builder.apply(.add, [try builder.apply(.add, [x, c]), d])
      return try builder.build(outputs: [sum, x, c, sum])
    case "reshapes":
      let x = try builder.input("v1", shape: Shape([2, 2, 1]))
      let same = try builder.apply(.reshape(Shape([2, 2, 1])), [x])
      let flat = try builder.apply(.reshape(Shape([4])), [same])
      let row = try builder.apply(.reshape(Shape([1, 4])), [flat])
      let y = try builder.apply(.add, [row, flat])
      let result = try builder.apply(.scale(0.25), [y])
      return try builder.build(outputs: [result])
    case "unrolled":
      let z = try builder.input("output", shape: Shape([1, 2]))
      let layer = try linear(2, 2)
      var value = z
      for _ in 0..<4 { value = try builder.apply(.relu, [try builder.apply(layer, [value])]) }
      return try builder.build(outputs: [value])
    default: throw GraphError.unsupported("no fixture of the name `\(name)`")
    }
  }

  static let names = [
    "mlp", "smooth", "quotients", "gelu", "maxima", "maxima and gelu", "softmax", "normalize", "vector",
    "rank three", "denoiser",
    "index shapes", "constants",
    "reshapes",
    "unrolled",
  ]

  /// Arguments at a seeded point; indices are valid for every table of the fixtures.
  static func arguments(for graph: Graph, seed: UInt64) -> [[Double]] {
    var generator = SeededGenerator(seed: seed)
    return graph.inputSignature.map { input, shape in
      input.kind == .index
        ? [Double(Int.random(in: 0..<2, using: &generator))] : generator.singles(shape.count)
    }
  }
}
