import ModelFormats
import TensorGraph
import Testing

/// A network of one input `x` with its value at a point, worked out by hand.
struct OperatorCase: Sendable, CustomTestStringConvertible {
  let name: String
  let model: Message
  let point: [Double]
  let expected: [Double]
  var shape: [Int]?
  /// Operators that the graph must have, in order, where that matters.
  var operators: [String]?

  var testDescription: String { name }
}

private let piece = ONNXPiece.self

private func single(
  _ nodes: [Message], _ inputExtents: [Int], _ outputExtents: [Int], weights: [Message] = [],
  operatorSet: Int = 13,
  inputType: Int = 1, format: Int = 7, extraInputs: [Message] = []
) -> Message {
  piece.model(
    nodes, inputs: [piece.info("x", inputExtents, type: inputType)] + extraInputs,
    outputs: [piece.info("y", outputExtents)], weights: weights, operatorSet: operatorSet, format: format)
}

private let matrix = piece.floats("W", [2, 3], [1, 2, 3, 4, 5, 6])
private let vector = piece.floats("c", [3], [1, -2, 0.5])

let operatorCases: [OperatorCase] = [
  OperatorCase(
    name: "Gemm without transposition",
    model: single([piece.node("Gemm", ["x", "W", "c"], "y")], [1, 2], [1, 3], weights: [matrix, vector]),
    point: [1, -1], expected: [-2, -5, -2.5], operators: ["Input", "Linear"]),
  OperatorCase(
    name: "Gemm with transB, explicit factors, a scalar bias and a dynamic batch",
    model: single(
      [
        piece.node(
          "Gemm", ["x", "W", "b"], "y",
          [piece.real("alpha", 1), piece.real("beta", 1), piece.int("transB", 1)])
      ],
      [-1, 3], [-1, 2], weights: [matrix, piece.floats("b", [], [10])]),
    point: [1, 0, -1], expected: [8, 8], shape: [1, 2]),
  OperatorCase(
    name: "Gemm without bias",
    model: single([piece.node("Gemm", ["x", "W"], "y")], [1, 2], [1, 3], weights: [matrix]),
    point: [1, 1], expected: [5, 7, 9]),
  OperatorCase(
    name: "MatMul and bias become one affine map",
    model: single(
      [piece.node("MatMul", ["x", "W"], "p"), piece.node("Add", ["c", "p"], "y")], [1, 2], [1, 3],
      weights: [matrix, vector]),
    point: [1, -1], expected: [-2, -5, -2.5], operators: ["Input", "Linear"]),
  OperatorCase(
    name: "MatMul of every row of a batch of tokens",
    model: single([piece.node("MatMul", ["x", "W"], "y")], [1, 2, 2], [1, 2, 3], weights: [matrix]),
    point: [1, -1, 2, 0.5], expected: [-3, -3, -3, 4, 6.5, 9], shape: [1, 2, 3],
    operators: ["Input", "Sparse"]),
  OperatorCase(
    name: "MatMul of several rows and a bias become one map, as of one row",
    model: single(
      [piece.node("MatMul", ["x", "W"], "p"), piece.node("Add", ["c", "p"], "y")], [2, 2], [2, 3],
      weights: [matrix, vector]),
    point: [1, -1, 2, 0.5], expected: [-2, -5, -2.5, 5, 4.5, 9.5], operators: ["Input", "Sparse"]),
  OperatorCase(
    name: "Gemm of several rows with a bias",
    model: single([piece.node("Gemm", ["x", "W", "c"], "y")], [2, 2], [2, 3], weights: [matrix, vector]),
    point: [1, -1, 2, 0.5], expected: [-2, -5, -2.5, 5, 4.5, 9.5], shape: [2, 3]),
  OperatorCase(
    name: "MatMul with the constant on the left of a vector",
    model: single([piece.node("MatMul", ["W", "x"], "y")], [3], [2], weights: [matrix]),
    point: [1, 0, 1], expected: [4, 10]),
  OperatorCase(
    name: "MatMul with the constant on the left of a column",
    model: single([piece.node("MatMul", ["W", "x"], "y")], [3, 1], [2, 1], weights: [matrix]),
    point: [1, 0, 1], expected: [4, 10], shape: [2, 1]),
  OperatorCase(
    name: "Sub of a constant, and a constant minus a value",
    model: single(
      [piece.node("Sub", ["x", "c"], "d"), piece.node("Sub", ["c", "d"], "y")], [1, 3], [1, 3],
      weights: [vector]),
    point: [1, 1, 1], expected: [1, -5, 0]),
  OperatorCase(
    name: "Add repeats a constant over rows and columns",
    model: single(
      [piece.node("Add", ["x", "r"], "s"), piece.node("Add", ["s", "k"], "y")], [2, 3], [2, 3],
      weights: [piece.floats("r", [2, 1], [10, 20]), piece.floats("k", [1, 3], [1, 2, 3])]),
    point: [0, 0, 0, 1, 1, 1], expected: [11, 12, 13, 22, 23, 24]),
  OperatorCase(
    name: "Mul by a constant of either side and higher rank, Neg",
    model: single(
      [piece.node("Mul", ["k", "x"], "m"), piece.node("Neg", ["m"], "y")], [3], [1, 3],
      weights: [piece.floats("k", [1, 1], [0.5])]),
    point: [1, 2, -4], expected: [-0.5, -1, 2], shape: [1, 3]),
  OperatorCase(
    name: "SiLU as the product with its own Sigmoid, of either side",
    model: single(
      [
        piece.node("Sigmoid", ["x"], "s"), piece.node("Mul", ["x", "s"], "h"),
        piece.node("Sigmoid", ["h"], "g"), piece.node("Mul", ["g", "h"], "y"),
      ], [2], [2]),
    point: [0, 0], expected: [0, 0]),
  OperatorCase(
    name: "Softplus", model: single([piece.node("Softplus", ["x"], "y")], [2], [2]), point: [0, -1],
    expected: [0.6931471805599453, 0.31326168751822286]),
  OperatorCase(
    name: "Tanh, Softplus, Exp, Sin and Cos",
    model: single(
      [
        piece.node("Tanh", ["x"], "t"), piece.node("Sin", ["t"], "s"), piece.node("Cos", ["s"], "c"),
        piece.node("Sub", ["c", "one"], "d"), piece.node("Exp", ["d"], "y"),
      ], [2], [2], weights: [piece.floats("one", [2], [1, 1])]),
    point: [0, 0], expected: [1, 1]),
  OperatorCase(
    name: "Clip by attributes at operator set 10",
    model: single(
      [piece.node("Clip", ["x"], "y", [piece.real("max", 6), piece.real("min", 0)])], [3], [3],
      operatorSet: 10),
    point: [-1, 3, 9], expected: [0, 3, 6]),
  OperatorCase(
    name: "Clip with the upper bound only",
    model: single(
      [piece.node("Clip", ["x", "", "u"], "y")], [3], [3], weights: [piece.floats("u", [], [1])]),
    point: [-1e30, 3, 1], expected: [-1e30, 1, 1]),
  OperatorCase(
    name: "Flatten, Unsqueeze and Squeeze by operands",
    model: single(
      [
        piece.node("Flatten", ["x"], "f", [piece.int("axis", -1)]),
        piece.node("Unsqueeze", ["f", "a"], "u"), piece.node("Squeeze", ["u", "a"], "s"),
        piece.node("Squeeze", ["s"], "q"), piece.node("Relu", ["q"], "y"),
      ], [1, 3, 1], [3], weights: [piece.integers("a", [2], [0, -1])]),
    point: [1, -2, 3], expected: [1, 0, 3], shape: [3]),
  OperatorCase(
    name: "Squeeze and Unsqueeze by attributes at operator set 11",
    model: single(
      [
        piece.node("Squeeze", ["x"], "s", [piece.ints("axes", [0])]),
        piece.node("Unsqueeze", ["s"], "y", [piece.ints("axes", [1])]),
      ], [1, 3], [3, 1], operatorSet: 11),
    point: [1, 2, 3], expected: [1, 2, 3], shape: [3, 1]),
  OperatorCase(
    name: "Reshape copies and infers extents",
    model: single(
      [piece.node("Reshape", ["x", "s"], "y")], [2, 3, 2], [2, 6],
      weights: [piece.integers("s", [2], [0, -1])]),
    point: Array(1...12).map(Double.init), expected: Array(1...12).map(Double.init), shape: [2, 6]),
  OperatorCase(
    name: "constants through Identity, Constant, Reshape and Cast",
    model: single(
      [
        piece.node("Identity", ["W"], "V"),
        piece.node("Constant", [], "s", [piece.ints("value_ints", [3, 2])]),
        piece.node("Reshape", ["V", "s"], "U"), piece.node("Cast", ["U"], "T", [piece.int("to", 1)]),
        piece.node("MatMul", ["x", "T"], "y"),
      ], [3], [2], weights: [matrix]),
    point: [1, 0, 1], expected: [6, 8], operators: ["Input", "Linear"]),
  OperatorCase(
    name: "Gather with a scalar index, Concat on a negative axis",
    model: piece.model(
      [
        piece.node("Gather", ["W", "i"], "g"), piece.node("Unsqueeze", ["g", "a"], "u"),
        piece.node("Concat", ["x", "u"], "y", [piece.int("axis", -1)]),
      ], inputs: [piece.info("x", [1, 1]), piece.info("i", [], type: 7)], outputs: [piece.info("y", [1, 4])],
      weights: [matrix, piece.integers("a", [1], [0])]),
    point: [9, 1], expected: [9, 4, 5, 6], shape: [1, 4],
    operators: ["Input", "Input", "Constant", "Gather", "Concat"]),
  OperatorCase(
    name: "Gather with a constant negative index",
    model: single(
      [piece.node("Gather", ["W", "i"], "g"), piece.node("Add", ["x", "g"], "y")], [3], [3],
      weights: [matrix, piece.integers("i", [], [-1])]),
    point: [0, 0, 0], expected: [4, 5, 6]),
  OperatorCase(
    name: "float_data, and an initialiser listed as input at format 3",
    model: single(
      [piece.node("Add", ["x", "c"], "y")], [2], [2],
      weights: [Message().int(1, 2).int(2, 1).text(8, "c").float(4, 1.5).float(4, -2)], format: 3,
      extraInputs: [piece.info("c", [2])]),
    point: [1, 1], expected: [2.5, -1]),
  OperatorCase(
    name: "float64 throughout",
    model: piece.model(
      [piece.node("Add", ["x", "c"], "y")], inputs: [piece.info("x", [2], type: 11)],
      outputs: [piece.info("y", [2], type: 11)], weights: [piece.doubles("c", [2], [0.1, 0.2])]),
    point: [0, 0], expected: [0.1, 0.2]),
  // The definitions at forty digits.
  OperatorCase(
    name: "Gelu",
    model: single([piece.node("Gelu", ["x"], "y")], [4], [4], operatorSet: 20, format: 9),
    point: [-0.75, 1, 0, -1.25],
    expected: [-0.16997051428265114, 0.8413447460685429, 0, -0.13206221708356908],
    operators: ["Input", "GELU"]),
  OperatorCase(
    name: "GELU by the error function of a quotient, doubled and halved",
    model: single(
      [
        piece.node("Div", ["x", "root"], "q"), piece.node("Erf", ["q"], "e"),
        piece.node("Add", ["e", "one"], "g"), piece.node("Mul", ["x", "g"], "t"),
        piece.node("Mul", ["t", "half"], "y"),
      ], [4], [4],
      weights: [
        piece.floats("root", [], [Float(2).squareRoot()]), piece.floats("one", [], [1]),
        piece.floats("half", [], [0.5]),
      ]),
    point: [-0.75, 1, 0, -1.25],
    expected: [-0.1699705113836681, 0.8413447502096956, 0.0, -0.132062212199341],
    operators: ["Input", "QuotientGELU"]),
  OperatorCase(
    name: "GELU by the error function of a product, from half of the operand, the gate first",
    model: single(
      [
        piece.node("Mul", ["x", "half"], "h"), piece.node("Mul", ["root", "x"], "q"),
        piece.node("Erf", ["q"], "e"), piece.node("Add", ["one", "e"], "g"),
        piece.node("Mul", ["g", "h"], "y"),
      ], [4], [4],
      weights: [
        piece.floats("root", [], [Float(0.5.squareRoot())]), piece.floats("one", [], [1]),
        piece.floats("half", [1], [0.5]),
      ]),
    point: [-0.75, 1, 0, -1.25],
    expected: [-0.1699705171816342, 0.8413447419273903, 0.0, -0.13206222196779718],
    operators: ["Input", "ProductGELU"]),
  OperatorCase(
    name: "a product with another gate stays one",
    model: single(
      [
        piece.node("Div", ["x", "root"], "q"), piece.node("Erf", ["q"], "e"),
        piece.node("Add", ["e", "one"], "g"), piece.node("Mul", ["x", "g"], "y"),
      ], [1], [1], weights: [piece.floats("root", [], [1.5]), piece.floats("one", [], [1])]),
    point: [0], expected: [0],
    operators: ["Input", "Divide", "Erf", "Constant", "Add", "Multiply"]),
  OperatorCase(
    name: "Gelu by a hyperbolic tangent",
    model: single(
      [piece.node("Gelu", ["x"], "y", [piece.text("approximate", "tanh")])], [7], [7], operatorSet: 20,
      format: 9),
    point: [-0.75, 1, 0, -1, 0.75, -0.25, -1.25],
    expected: [
      -0.1700394448343797, 0.8411919906082767, 0, -0.1588080093917233, 0.5799605551656203,
      -0.100324649298315, -0.1322857970302854,
    ], operators: ["Input", "TanhGELU"]),
  OperatorCase(
    name: "unknown fields are skipped",
    model: single([piece.node("Sigmoid", ["x"], "y").text(6, "doc").text(99, "new")], [1], [1])
      .text(6, "doc").message(14, Message().text(1, "author").text(2, "someone")),
    point: [0], expected: [0.5]),
]

@Suite("ONNX operators")
struct ONNXOperatorTests {
  @Test(
    "networks of other tools mean what the specification says",
    arguments: operatorCases + spatialCases + compositeCases + exportedCases)
  func meaning(of example: OperatorCase) throws {
    let graph = try ONNXReader.graph(from: example.model.bytes, file: "m.onnx")
    var rest = example.point[...]
    var arguments: [[Double]] = []
    for (_, shape) in graph.inputSignature {
      arguments.append(Array(rest.prefix(shape.count)))
      rest = rest.dropFirst(shape.count)
    }
    let values = try graph.evaluate(arguments)
    #expect(values.count == 1)
    for (value, expected) in zip(values[0], example.expected) {
      #expect(abs(value - expected) <= 1e-14 * max(1, abs(expected)))
    }
    #expect(values[0].count == example.expected.count)
    if let shape = example.shape { #expect(graph.outputShapes.map(\.extents) == [shape]) }
    if let operators = example.operators { #expect(graph.nodes.map(\.operation.name) == operators) }
  }

  @Test("folding is exact or left to the graph")
  func folding() throws {
    let third: Float = 1.0 / 3
    let model = piece.model(
      [
        piece.node("Mul", ["c", "k"], "p"), piece.node("Add", ["p", "t"], "s"),
        piece.node("Add", ["x", "s"], "y"),
      ], inputs: [piece.info("x", [1])], outputs: [piece.info("y", [1])],
      weights: [
        piece.floats("c", [1], [third]), piece.floats("k", [], [third]), piece.floats("t", [1], [0x1p60]),
      ])
    let graph = try ONNXReader.graph(from: model.bytes, file: "m")
    #expect(graph.nodes.map(\.operation.name) == ["Input", "Constant", "Constant", "Add", "Add"])
  }
}
