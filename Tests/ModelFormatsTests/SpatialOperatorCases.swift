import ModelFormats
import Testing

private let piece = ONNXPiece.self

/// Small integers in a fixed disorder.
private func ramp(_ count: Int, _ seed: Int) -> [Float] {
  (0..<count).map { Float(($0 * 7 + seed * 3) % 11 - 5) }
}

private func spatial(
  _ name: String, _ operation: String, _ inputs: [String], _ input: [Int], _ output: [Int],
  _ attributes: [Message],
  _ weights: [Message], operatorSet: Int, expected: [Double]
) -> OperatorCase {
  OperatorCase(
    name: name,
    model: piece.model(
      [piece.node(operation, inputs, "y", attributes)], inputs: [piece.info("x", input)],
      outputs: [piece.info("y", output)], weights: weights, operatorSet: operatorSet),
    point: ramp(input.reduce(1, *), 8).map(Double.init), expected: expected, shape: output)
}

/// Operators that move, select and add up elements; the expected values are those of the ONNX project's reference
/// evaluator and of onnxruntime.
let spatialCases: [OperatorCase] = [
  spatial(
    "Conv with pads, strides and bias", "Conv", ["x", "W", "b"], [1, 2, 5, 4], [1, 3, 3, 4],
    [piece.ints("pads", [1, 0, 2, 1]), piece.ints("strides", [2, 1])],
    [piece.floats("W", [3, 2, 3, 2], ramp(36, 1)), piece.floats("b", [3], ramp(3, 2))], operatorSet: 13,
    expected: [
      -4, 1, -16, -1, -20, -1, -15, 5, -17, -4, 42, -2, -17, 17, -15, -9, 53, -11, -31, -12, 32, -14, -27, 43,
      -19, 0, 30, -17, -6, 12, 30, -7, 4, -13, 3, -11,
    ]),
  spatial(
    "Conv in groups with dilations", "Conv", ["x", "W"], [1, 4, 6, 5], [1, 2, 4, 3],
    [piece.int("group", 2), piece.ints("dilations", [2, 1]), piece.ints("kernel_shape", [2, 3])],
    [piece.floats("W", [2, 2, 2, 3], ramp(24, 3))], operatorSet: 13,
    expected: [
      -7, -1, 38, 34, -15, -53, 31, -7, -1, -5, 34, -15, -11, 22, 22, 22, 22, -11, -11, -11, 22, -33, 22, 22,
    ]),
  spatial(
    "Conv of one axis, SAME_UPPER", "Conv", ["x", "W"], [1, 2, 7], [1, 2, 4],
    [piece.text("auto_pad", "SAME_UPPER"), piece.ints("strides", [2])],
    [piece.floats("W", [2, 2, 4], ramp(16, 4))], operatorSet: 13,
    expected: [-22, -39, 79, -3, 6, -46, 30, -5]),
  spatial(
    "Conv of one axis, SAME_LOWER", "Conv", ["x", "W"], [1, 1, 6], [1, 1, 6],
    [piece.text("auto_pad", "SAME_LOWER")], [piece.floats("W", [1, 1, 4], ramp(4, 5))], operatorSet: 13,
    expected: [-14, 23, -9, -18, 28, -13]),
  spatial(
    "ConvTranspose with strides, pads and output padding", "ConvTranspose", ["x", "W", "b"], [1, 2, 3, 2],
    [1, 3, 7, 6],
    [
      piece.ints("strides", [2, 3]), piece.ints("pads", [1, 0, 0, 1]), piece.ints("output_padding", [1, 2]),
    ], [piece.floats("W", [2, 3, 3, 2], ramp(36, 6)), piece.floats("b", [3], ramp(3, 1))], operatorSet: 13,
    expected: [
      -12, 20, -2, 16, -8, -2, 5, -10, -2, -38, 33, -2, 0, 8, -2, -27, -31, -2, -4, -1, -2, 30, -35, -2, 12,
      -4, -2, -4, 12, -2, -9, 8, -2, -5, 0, -2, -2, -2, -2, -2, -2, -2, 11, -12, 5, 11, 9, 5, 10, 17, 5, 10,
      26, 5, 11, -3, 5, -22, 29, 5, 10, 2, 5, 10, -22, 5, 11, 6, 5, 11, -6, 5, -10, 7, 5, 10, 15, 5, 5, 5, 5,
      5, 5, 5, 23, 0, 1, -5, -7, 1, -7, -22, 1, 36, -14, 1, 11, -3, 1, -28, 23, 1, 2, 5, 1, -32, 24, 1, -1,
      -6, 1, 15, -2, 1, 11, 6, 1, 3, -14, 1, 1, 1, 1, 1, 1, 1,
    ]),
  spatial(
    "ConvTranspose in groups with dilations", "ConvTranspose", ["x", "W"], [1, 4, 3], [1, 4, 9],
    [piece.int("group", 2), piece.ints("dilations", [2]), piece.ints("strides", [2])],
    [piece.floats("W", [4, 2, 3], ramp(24, 7))], operatorSet: 13,
    expected: [
      -27, 0, 30, 0, 27, 0, -26, 0, 5, -20, 0, 30, 0, -16, 0, 1, 0, -5, -10, 0, -9, 0, -20, 0, 31, 0, -14,
      -10, 0, 43, 0, -7, 0, 0, 0, -9,
    ]),
  spatial(
    "MaxPool with pads", "MaxPool", ["x"], [1, 2, 5, 4], [1, 2, 3, 4],
    [piece.ints("kernel_shape", [3, 2]), piece.ints("pads", [1, 0, 1, 1]), piece.ints("strides", [2, 1])], [],
    operatorSet: 13,
    expected: [4, 4, 2, 2, 5, 5, 3, 3, 4, 2, 3, 3, 5, 3, 4, 4, 2, 4, 5, 5, 3, 4, 4, 0]),
  spatial(
    "MaxPool with dilations", "MaxPool", ["x"], [1, 1, 7], [1, 1, 3],
    [piece.ints("kernel_shape", [3]), piece.ints("dilations", [2])], [], operatorSet: 13,
    expected: [3, 4, 3]),
  spatial(
    "AveragePool of four", "AveragePool", ["x"], [1, 2, 4, 4], [1, 2, 2, 2],
    [piece.ints("kernel_shape", [2, 2]), piece.ints("strides", [2, 2])], [], operatorSet: 13,
    expected: [0.75, -1.75, 1.75, -0.75, 0, 0.25, -1.75, 1.25]),
  spatial(
    "AveragePool, padding left out of the mean", "AveragePool", ["x"], [1, 1, 3, 4], [1, 1, 3, 4],
    [piece.ints("kernel_shape", [2, 2]), piece.ints("pads", [1, 1, 0, 0])], [], operatorSet: 13,
    expected: [-3, 0.5, 2, -2, 0, 0.75, -0.5, -1.75, 0.5, 1.25, 0, -1.25]),
  spatial(
    "AveragePool, padding counted", "AveragePool", ["x"], [1, 1, 3], [1, 1, 4],
    [piece.ints("kernel_shape", [4]), piece.ints("pads", [2, 2]), piece.int("count_include_pad", 1)], [],
    operatorSet: 13,
    expected: [0.25, 0.25, 0.25, 1]),
  spatial(
    "GlobalAveragePool", "GlobalAveragePool", ["x"], [1, 3, 2, 4], [1, 3, 1, 1],
    [], [], operatorSet: 13,
    expected: [-0.5, 0.5, 0.125]),
  spatial(
    "Transpose", "Transpose", ["x"], [2, 3, 4], [4, 2, 3],
    [piece.ints("perm", [2, 0, 1])], [], operatorSet: 13,
    expected: [-3, 3, -2, 4, -1, 5, 4, -1, 5, 0, -5, 1, 0, -5, 1, -4, 2, -3, -4, 2, -3, 3, -2, 4]),
  spatial(
    "Transpose without a permutation", "Transpose", ["x"], [2, 3, 1], [1, 3, 2],
    [], [], operatorSet: 13,
    expected: [-3, -4, 4, 3, 0, -1]),
  spatial(
    "Slice with negative ends and steps", "Slice", ["x", "s", "e", "a", "t"], [3, 5, 4], [2, 1, 2],
    [],
    [
      piece.integers("s", [3], [-1, 1, 100]), piece.integers("e", [3], [-100, -1, -100]),
      piece.integers("a", [3], [0, 1, -1]), piece.integers("t", [3], [-2, 3, -3]),
    ], operatorSet: 13,
    expected: [-4, -3, 2, 3]),
  spatial(
    "Slice at operator set 9", "Slice", ["x"], [3, 4], [2, 2],
    [piece.ints("starts", [1, -3]), piece.ints("ends", [9, -1]), piece.ints("axes", [0, 1])], [],
    operatorSet: 9,
    expected: [-1, -5, 5, 1]),
  spatial(
    "Slice to the largest integer", "Slice", ["x", "s", "e", "a"], [2, 4], [2, 2],
    [],
    [
      piece.integers("s", [1], [2]), piece.integers("e", [1], [9223372036854775807]),
      piece.integers("a", [1], [1]),
    ], operatorSet: 13,
    expected: [0, -4, -5, 2]),
  spatial(
    "Slice backwards to the least integer", "Slice", ["x", "s", "e", "a", "t"], [4], [4],
    [],
    [
      piece.integers("s", [1], [9223372036854775807]), piece.integers("e", [1], [-9223372036854775808]),
      piece.integers("a", [1], [0]), piece.integers("t", [1], [-1]),
    ], operatorSet: 13,
    expected: [-4, 0, 4, -3]),
  spatial(
    "Gather of a value along an inner axis", "Gather", ["x", "i"], [2, 3, 2], [2, 2, 2, 2],
    [piece.int("axis", 1)], [piece.integers("i", [2, 2], [0, -1, 2, 0])], operatorSet: 13,
    expected: [-3, 4, 3, -1, 3, -1, -3, 4, -5, 2, 1, -3, 1, -3, -5, 2]),
  spatial(
    "Gather of a value by a scalar", "Gather", ["x", "i"], [3, 2], [3],
    [piece.int("axis", -1)], [piece.integers("i", [], [1])], operatorSet: 13,
    expected: [4, -4, -1]),
  spatial(
    "Pad by operands with a number", "Pad", ["x", "p", "v"], [2, 3], [3, 5],
    [], [piece.floats("v", [], ramp(1, 1)), piece.integers("p", [4], [1, 0, 0, 2])], operatorSet: 13,
    expected: [-2, -2, -2, -2, -2, -3, 4, 0, -2, -2, -4, 3, -1, -2, -2]),
  spatial(
    "ReduceSum along axes", "ReduceSum", ["x", "a"], [2, 3, 2], [3],
    [piece.int("keepdims", 0)], [piece.integers("a", [2], [0, -1])], operatorSet: 13,
    expected: [-2, -1, 0]),
  spatial(
    "ReduceSum of everything", "ReduceSum", ["x"], [2, 3], [1, 1],
    [], [], operatorSet: 13,
    expected: [-1]),
  spatial(
    "ReduceMean of four", "ReduceMean", ["x"], [2, 2, 3], [1, 1, 3],
    [piece.ints("axes", [0, 1])], [], operatorSet: 13,
    expected: [-1.75, 2.5, -1.5]),
  spatial(
    "Max with a constant and Min", "Max", ["x", "c"], [2, 3], [2, 3],
    [], [piece.floats("c", [3], ramp(3, 1))], operatorSet: 13,
    expected: [-2, 5, 1, -2, 5, 1]),
  spatial(
    "Min of two", "Min", ["x", "c"], [2, 3], [2, 3],
    [], [piece.floats("c", [2, 1], ramp(2, 2))], operatorSet: 13,
    expected: [-3, 1, 0, -4, -3, -3]),
  spatial(
    "Abs", "Abs", ["x"], [4], [4],
    [], [], operatorSet: 13,
    expected: [3, 4, 0, 4]),
  spatial(
    "LeakyRelu", "LeakyRelu", ["x"], [5], [5],
    [piece.real("alpha", 0.25)], [], operatorSet: 13,
    expected: [-0.75, 4, 0, -1, 3]),
  spatial(
    "LeakyRelu by default", "LeakyRelu", ["x"], [5], [5],
    [], [], operatorSet: 13,
    expected: [-0.029999999329447746, 4, 0, -0.03999999910593033, 3]),
  spatial(
    "Concat along an inner axis, a constant in the middle", "Concat", ["x", "c", "x"], [2, 3], [2, 8],
    [piece.int("axis", 1)], [piece.floats("c", [2, 2], ramp(4, 3))], operatorSet: 13,
    expected: [-3, 4, 0, 4, 0, -3, 4, 0, -4, 3, -1, -4, 3, -4, 3, -1]),
  spatial(
    "Concat along the axis between", "Concat", ["c", "x"], [2, 1, 2], [2, 3, 2],
    [piece.int("axis", -2)], [piece.floats("c", [2, 2, 2], ramp(8, 4))], operatorSet: 13,
    expected: [-4, 3, -1, -5, -3, 4, 2, -2, 5, 1, 0, -4]),
  spatial(
    "Max of three", "Max", ["x", "c", "d"], [2, 3], [2, 3],
    [], [piece.floats("c", [3], ramp(3, 1)), piece.floats("d", [2, 1], ramp(2, 4))], operatorSet: 13,
    expected: [-2, 5, 1, 3, 5, 3]),
  spatial(
    "Min of three", "Min", ["x", "c", "d"], [4], [4],
    [], [piece.floats("c", [4], ramp(4, 1)), piece.floats("d", [], ramp(1, 6))], operatorSet: 13,
    expected: [-3, 2, 0, -4]),
]

private func refusal(
  _ name: String, _ code: ModelFormatError.Code, _ words: [String], _ operation: String, _ input: [Int],
  inputs: [String] = ["x"], _ attributes: [Message] = [], _ weights: [Message] = []
) -> RefusalCase {
  RefusalCase(
    name: name,
    model: piece.model(
      [piece.node(operation, inputs, "y", attributes)], inputs: [piece.info("x", input)],
      outputs: [piece.info("y", [1])], weights: weights),
    code: code, words: words)
}

private let huge = 1 << 24

/// Spatial operators that must be refused, by name and without taking memory for what their attributes promise.
let spatialRefusals: [RefusalCase] = [
  refusal(
    "a convolution in endless padding", .tooLarge, ["`Conv`"], "Conv", [1, 1, 2, 2, 2], inputs: ["x", "W"],
    [piece.ints("pads", [Int](repeating: huge, count: 6))], [piece.floats("W", [1, 1, 1, 1, 1], [1])]),
  refusal(
    "a transposed convolution with endless strides", .tooLarge, ["`ConvTranspose`"], "ConvTranspose",
    [1, 1, 2, 2, 2], inputs: ["x", "W"], [piece.ints("strides", [Int](repeating: huge - 1, count: 3))],
    [piece.floats("W", [1, 1, 1, 1, 1], [1])]),
  refusal(
    "a pool in endless padding", .tooLarge, ["`MaxPool`"], "MaxPool", [1, 1, 2, 2, 2],
    [piece.ints("kernel_shape", [1, 1, 1]), piece.ints("pads", [Int](repeating: huge, count: 6))]),
  refusal(
    "endless padding", .tooLarge, ["`Pad`"], "Pad", [1, 2, 2], inputs: ["x", "p"], [],
    [piece.integers("p", [6], [Int](repeating: huge, count: 6))]),
  refusal(
    "an endless row", .tooLarge, ["`Concat`"], "Concat", [2, huge / 2],
    inputs: [String](repeating: "x", count: 100), [piece.int("axis", 1)]),
  refusal(
    "a convolution of computed weights", .unsupportedFeature, ["`x`", "constant"], "Conv", [1, 1, 2],
    inputs: ["x", "x"]),
  refusal(
    "a convolution whose channels do not fit", .shape, ["[1, 2, 1]", "[1, 1, 4]"], "Conv", [1, 1, 4],
    inputs: ["x", "W"], [], [piece.floats("W", [1, 2, 1], [1, 1])]),
  refusal(
    "a convolution in no groups", .malformed, ["`group`"], "Conv", [1, 1, 4], inputs: ["x", "W"],
    [piece.int("group", 0)], [piece.floats("W", [1, 1, 1], [1])]),
  refusal(
    "a kernel wider than its input", .shape, ["axis 0"], "Conv", [1, 1, 2], inputs: ["x", "W"], [],
    [piece.floats("W", [1, 1, 3], [1, 1, 1])]),
  refusal(
    "a stride of zero", .malformed, ["`strides`"], "Conv", [1, 1, 2], inputs: ["x", "W"],
    [piece.ints("strides", [0])], [piece.floats("W", [1, 1, 1], [1])]),
  refusal(
    "ceil_mode", .unsupportedFeature, ["`ceil_mode`"], "MaxPool", [1, 1, 3],
    [piece.ints("kernel_shape", [2]), piece.int("ceil_mode", 1)]),
  refusal(
    "a window in the padding", .shape, ["padding"], "MaxPool", [1, 1, 3],
    [piece.ints("kernel_shape", [2]), piece.ints("pads", [2, 0])]),
  refusal(
    "an empty slice", .shape, ["nothing is left"], "Slice", [2, 2], inputs: ["x", "s", "s"], [],
    [piece.integers("s", [1], [1])]),
  refusal(
    "a step of zero", .malformed, ["step"], "Slice", [2, 2], inputs: ["x", "s", "e", "a", "t"], [],
    [
      piece.integers("s", [1], [0]), piece.integers("e", [1], [1]), piece.integers("a", [1], [0]),
      piece.integers("t", [1], [0]),
    ]),
  refusal(
    "reflected padding", .unsupportedFeature, ["`reflect`"], "Pad", [2], inputs: ["x", "p"],
    [piece.text("mode", "reflect")], [piece.integers("p", [2], [1, 1])]),
  refusal(
    "a permutation that repeats an axis", .shape, ["`perm`"], "Transpose", [2, 2],
    [piece.ints("perm", [0, 0])]),
  refusal(
    "an infinite slope", .nonFinite, ["`alpha`"], "LeakyRelu", [2], [piece.real("alpha", .infinity)]),
  refusal(
    "a position outside its axis", .shape, ["index 2"], "Gather", [2, 2], inputs: ["x", "i"], [],
    [piece.integers("i", [], [2])]),
]
