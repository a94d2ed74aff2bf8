import ModelFormats
import TensorGraph
import Testing

private let piece = ONNXPiece.self

/// Networks that a graph does not hold as a program computes them, and the first node to blame.
@Suite struct RewrittenOperatorTests {
  private static let pair = [piece.floats("s", [2], [1, 1]), piece.floats("b", [2], [0.5, 0])]

  @Test func operatorsOfManyRoundingsAreNamed() throws {
    let cases: [(nodes: [Message], weights: [Message], blamed: String?)] = [
      ([piece.node("Relu", ["x"], "y")], [], nil),
      ([piece.node("Add", ["x", "s"], "y")], Self.pair, nil),
      ([piece.node("Relu", ["x"], "r"), piece.node("Softmax", ["r"], "y")], [], nil),
      ([piece.node("LogSoftmax", ["x"], "y", [piece.int("axis", 0)])], [], nil),
      ([piece.node("LayerNormalization", ["x", "s"], "y")], Self.pair, nil),
      ([piece.node("Pow", ["x", "two"], "y")], [piece.floats("two", [], [2])], nil),
      // One half and one: exact in single precision.
      ([piece.node("Add", ["s", "b"], "c"), piece.node("Add", ["x", "c"], "y")], Self.pair, nil),
      // One tenth and 2^-40 have a sum that is no single.
      (
        [piece.node("Add", ["s", "t"], "c"), piece.node("Add", ["x", "c"], "y")],
        [piece.floats("s", [2], [0.1, 1]), piece.floats("t", [2], [0x1p-40, 1])], "Add"
      ),
      (
        [piece.node("Relu", ["s"], "c"), piece.node("Add", ["x", "c"], "y")],
        [piece.floats("s", [2], [0.1, -1])], nil
      ),
    ]
    for item in cases {
      let bytes = piece.model(
        item.nodes, inputs: [piece.info("x", [1, 2])], outputs: [piece.info("y", [1, 2])],
        weights: item.weights,
        operatorSet: 17)
      let network = try ONNXReader.network(from: bytes.bytes, file: "n.onnx", folding: .moves)
      if let blamed = item.blamed {
        #expect(network.rewritten?.contains(blamed) == true, "\(network.rewritten ?? "none")")
      } else {
        #expect(network.rewritten == nil)
      }
    }
  }

  /// Doubles that are rounded first: their sum is a single, but not the one that a program computes.
  @Test func foldedDoublesAreNamed() throws {
    let values = [1 + 0x1p-30, -1.0]
    #expect(Double(Float(Float(values[0]) + Float(values[1]))) != values[0] + values[1])
    let model = piece.model(
      [piece.node("Add", ["s", "t"], "c"), piece.node("Add", ["x", "c"], "y")],
      inputs: [piece.info("x", [1, 1], type: 11)], outputs: [piece.info("y", [1, 1], type: 11)],
      weights: [piece.doubles("s", [1], [values[0]]), piece.doubles("t", [1], [values[1]])], operatorSet: 17)
    let network = try ONNXReader.network(from: model.bytes, file: "n.onnx", folding: .moves)
    #expect(network.rewritten?.contains("Add") == true)
  }

  /// A bias added to a matrix product is one of its terms, which programs may start with.
  @Test func aBiasAfterAProductIsPartOfTheSum() throws {
    let model = piece.model(
      [piece.node("MatMul", ["x", "w"], "p"), piece.node("Add", ["p", "b"], "y")],
      inputs: [piece.info("x", [1, 2])], outputs: [piece.info("y", [1, 2])],
      weights: [piece.floats("w", [2, 2], [1, 2, 3, 4]), piece.floats("b", [2], [1e4, 0.1])], operatorSet: 17)
    let graph = try ONNXReader.network(from: model.bytes, file: "n.onnx", folding: .moves).graph
    let biases = graph.nodes.compactMap { node -> [Double]? in
      guard case .linear(let linear) = node.operation else { return nil }
      return linear.bias.values
    }
    #expect(biases == [[1e4, Double(Float(0.1))]])
    #expect(!graph.nodes.contains { $0.operation == .add })
  }

  @Test func everyKindOfConstantIsRounded() throws {
    let third = Float(1) / 3
    let half = try #require(WeightFormat.half(Double(third)))
    #expect(half != Double(third))
    let nodes: [[Message]] = [
      [piece.node("Constant", [], "c", [piece.tensor("value", piece.floats("", [1], [third]))])],
      [piece.node("Constant", [], "c", [piece.real("value_float", third)])],
      [
        piece.node(
          "ConstantOfShape", ["n"], "c", [piece.tensor("value", piece.floats("", [1], [third]))])
      ],
    ]
    for first in nodes {
      let model = piece.model(
        first + [piece.node("Add", ["x", "c"], "y")], inputs: [piece.info("x", [1, 1])],
        outputs: [piece.info("y", [1, 1])], weights: [piece.integers("n", [1], [1])], operatorSet: 17)
      let graph = try ONNXReader.network(from: model.bytes, file: "n.onnx", weights: .binary16).graph
      let constants = graph.nodes.compactMap { node -> Double? in
        guard case .constant(let tensor) = node.operation else { return nil }
        return tensor.values[0]
      }
      #expect(constants == [half], "\(first)")
    }
  }

  @Test func weightsOfTheFileAreRoundedAndNothingElse() throws {
    // A mean of three has weights of its own, which no file holds.
    let nodes = [
      piece.node("Add", ["x", "s"], "a"), piece.node("ReduceMean", ["a"], "y", [piece.ints("axes", [1])]),
    ]
    let model = piece.model(
      nodes, inputs: [piece.info("x", [1, 3])], outputs: [piece.info("y", [1, 1])],
      weights: [piece.floats("s", [3], [0.1, 3, 65504])], operatorSet: 17)
    let stored = try ONNXReader.graph(from: model.bytes, file: "n.onnx")
    let half = try ONNXReader.network(from: model.bytes, file: "n.onnx", weights: .binary16).graph
    var changed = 0
    for (first, second) in zip(stored.nodes, half.nodes) {
      guard case .constant(let a) = first.operation, case .constant(let b) = second.operation else {
        #expect(first == second)
        continue
      }
      #expect(b.values == a.values.map { WeightFormat.half($0) })
      changed += a == b ? 0 : 1
    }
    #expect(changed == 1)

    let large = piece.model(
      [piece.node("Add", ["x", "s"], "y")], inputs: [piece.info("x", [1, 1])],
      outputs: [piece.info("y", [1, 1])],
      weights: [piece.floats("s", [1], [65520])], operatorSet: 17)
    let error = #expect(throws: ModelFormatError.self) {
      try ONNXReader.network(from: large.bytes, file: "n.onnx", weights: .binary16)
    }
    #expect(error?.description.contains("half precision") == true)
  }
}
