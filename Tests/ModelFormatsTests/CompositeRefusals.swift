import ModelFormats
import Testing

private let piece = ONNXPiece.self

private func refusal(
  _ name: String, _ code: ModelFormatError.Code, _ words: [String], _ operation: String, _ input: [Int],
  inputs: [String] = ["x"], outputs: [String] = ["y"], _ attributes: [Message] = [],
  _ weights: [Message] = [],
  operatorSet: Int = 17
) -> RefusalCase {
  RefusalCase(
    name: name,
    model: piece.model(
      [piece.node(operation, inputs, outputs: outputs, attributes)], inputs: [piece.info("x", input)],
      outputs: [piece.info("y", [1])], weights: weights, operatorSet: operatorSet),
    code: code, words: words)
}

private let pair = [piece.floats("s", [2], [1, 1]), piece.floats("b", [2], [0, 0])]

/// Products, quotients and normalisations that must be refused, without taking memory for what they promise.
let compositeRefusals: [RefusalCase] = [
  refusal(
    "a division by zero", .nonFinite, ["zero"], "Div", [2], inputs: ["x", "c"], [],
    [piece.floats("c", [2], [1, 0])]),
  refusal(
    "a power of one and a half", .unsupportedFeature, ["1.5"], "Pow", [2], inputs: ["x", "c"], [],
    [piece.floats("c", [], [1.5])]),
  refusal("a computed exponent", .unsupportedFeature, ["exponent"], "Pow", [2], inputs: ["x", "x"]),
  refusal(
    "exponents that differ", .unsupportedFeature, ["exponent"], "Pow", [2], inputs: ["x", "c"], [],
    [piece.floats("c", [2], [1, 2])]),
  refusal("a softmax along no axis", .shape, ["axis 3"], "Softmax", [1, 2], [piece.int("axis", 3)]),
  refusal("a softmax of endless pairs", .tooLarge, ["`Softmax`"], "Softmax", [1, 1 << 20]),
  refusal(
    "a normalisation of too many elements", .tooLarge, ["16384"], "LayerNormalization", [1, 1 << 15],
    inputs: ["x", "s"], [], [piece.floats("s", [], [1])]),
  refusal(
    "a negative epsilon", .nonFinite, ["`epsilon`"], "LayerNormalization", [1, 2], inputs: ["x", "s"],
    [piece.real("epsilon", -1)], pair),
  refusal(
    "groups that do not divide the channels", .shape, ["`num_groups`"], "GroupNormalization", [1, 2, 2],
    inputs: ["x", "s", "b"], [piece.int("num_groups", 3)], pair, operatorSet: 18),
  refusal(
    "a normalisation with too few factors", .shape, ["`s`", "3 numbers"], "InstanceNormalization", [1, 3, 2],
    inputs: ["x", "s", "b"], [], pair),
  refusal(
    "statistics of the batch", .unsupportedFeature, ["statistics"], "BatchNormalization", [1, 2],
    inputs: ["x", "s", "b", "b", "s"], [piece.int("training_mode", 1)], pair),
  refusal(
    "a negative variance", .unsupportedFeature, ["variance"], "BatchNormalization", [1, 2],
    inputs: ["x", "s", "b", "b", "v"], [], pair + [piece.floats("v", [2], [1, -1])]),
  refusal(
    "matrices that do not fit", .shape, ["[2, 3]"], "MatMul", [2, 3], inputs: ["x", "x"]),
  refusal(
    "squares of no axes", .unsupportedFeature, ["noop_with_empty_axes"], "ReduceSumSquare", [2, 3],
    inputs: ["x"], [piece.int("noop_with_empty_axes", 1)], operatorSet: 18),
  refusal(
    "an axis that is kept twice", .ambiguous, ["`keepdims`"], "ReduceMean", [2, 3], inputs: ["x"],
    [piece.int("keepdims", 2), piece.ints("axes", [1])]),
  refusal(
    "a flag below zero", .ambiguous, ["`noop_with_empty_axes`"], "ReduceSum", [2, 3], inputs: ["x"],
    [piece.int("noop_with_empty_axes", -1)]),
  refusal(
    "no axes to remove", .ambiguous, ["axes"], "Squeeze", [1, 3], inputs: ["x", "a"], [],
    [piece.integers("a", [0], [])]),
  refusal(
    "endless extents beside a zero", .tooLarge, ["2^31"], "Add", [2], inputs: ["x", "c"], [],
    [piece.integers("c", [0, 1 << 62, 1 << 62], [])]),
  refusal(
    "endless products", .tooLarge, ["`MatMul`"], "MatMul", [1 << 10, 1 << 10], inputs: ["x", "x"]),
  refusal(
    "an interpolation", .unsupportedFeature, ["interpolates"], "Resize", [1, 1, 2, 2],
    inputs: ["x", "", "f"],
    [piece.text("mode", "linear")], [piece.floats("f", [4], [1, 1, 2, 2])]),
  refusal(
    "a factor of one and a half", .unsupportedFeature, ["1.5"], "Resize", [1, 1, 2, 2],
    inputs: ["x", "", "f"], [],
    [piece.floats("f", [4], [1, 1, 1.5, 1.5])]),
  refusal(
    "endless factors", .tooLarge, ["`Resize`"], "Resize", [1, 1, 2, 2], inputs: ["x", "", "f"], [],
    [piece.floats("f", [4], [1, 1, 1e4, 1e4])]),
  refusal(
    "a comparison of computed values", .unsupportedFeature, ["not known"], "Equal", [2], inputs: ["x", "x"]),
  refusal(
    "a choice between computed values", .unsupportedFeature, ["known"], "Where", [2], inputs: ["x", "x", "x"]),
  refusal(
    "an expansion to nothing", .shape, ["[0]"], "Expand", [2], inputs: ["x", "i"], [],
    [piece.integers("i", [1], [0])]),
  refusal(
    "an endless expansion", .tooLarge, ["`Expand`"], "Expand", [1], inputs: ["x", "i"], [],
    [piece.integers("i", [2], [1 << 13, 1 << 13])]),
  refusal(
    "an endless constant", .tooLarge, ["`ConstantOfShape`"], "ConstantOfShape", [1], inputs: ["i"], [],
    [piece.integers("i", [2], [1 << 20, 1 << 20])]),
  refusal(
    "a constant of two numbers", .malformed, ["`value`"], "ConstantOfShape", [1], inputs: ["i"],
    [piece.tensor("value", piece.floats("", [2], [1, 2]))], [piece.integers("i", [1], [2])]),
  refusal(
    "integers that overflow", .tooLarge, ["overflow"], "Mul", [1], inputs: ["i", "i"], [],
    [piece.integers("i", [1], [Int.max])]),
  refusal(
    "parts that do not make up the whole", .shape, ["[1, 2]"], "Split", [4], inputs: ["x", "l"],
    outputs: ["y", "z"], [], [piece.integers("l", [2], [1, 2])]),
  refusal(
    "equal parts of an odd extent", .shape, ["extent 5 into 2"], "Split", [5], outputs: ["y", "z"]),
  refusal(
    "more parts than elements", .shape, ["extent 5 into 4"], "Split", [5], outputs: ["y", "a", "b", "c"],
    [piece.int("num_outputs", 4)], operatorSet: 18),
  refusal(
    "another number of parts", .malformed, ["`num_outputs`"], "Split", [4], outputs: ["y", "z"],
    [piece.int("num_outputs", 3)], operatorSet: 18),
  refusal(
    "parts without names", .malformed, ["none of its values"], "Split", [4], outputs: ["", ""]),
  refusal(
    "an axis that is not there", .shape, ["axis 1"], "Split", [4], outputs: ["y", "z"], [piece.int("axis", 1)]
  ),
  refusal(
    "parts of nothing", .shape, ["extent 0"], "Split", [1], inputs: ["i", "l"], outputs: ["y", "z"], [],
    [piece.integers("i", [0], []), piece.integers("l", [2], [0, 0])]),
  refusal(
    "a list of integers that grows without end", .tooLarge, ["`Tile`"], "Tile", [1], inputs: ["i", "i"], [],
    [piece.integers("i", [1], [1 << 20])]),
  refusal(
    "elements that are dropped at random", .unsupportedFeature, ["random"], "Dropout", [2],
    inputs: ["x", "r", "t"], [],
    [piece.floats("r", [], [0.5]), piece.integers("t", [], [1])]),
  refusal(
    "a third value of a dropout", .malformed, ["3 values"], "Dropout", [2], outputs: ["y", "m", "z"]),
  refusal(
    "an integer that is no number of the type", .unsupportedFeature, ["2049", "float16"], "Cast", [1],
    inputs: ["i"], [piece.int("to", 10)], [piece.integers("i", [2], [2048, 2049])]),
  refusal(
    "an integer that single precision rounds", .unsupportedFeature, ["16777217"], "Cast", [1],
    inputs: ["i"], [piece.int("to", 1)], [piece.integers("i", [1], [(1 << 24) + 1])]),
  refusal("several values of one", .unsupportedFeature, ["2 values"], "Relu", [2], outputs: ["y", "z"]),
  refusal(
    "a quotient of integers by zero", .nonFinite, ["zero"], "Div", [1], inputs: ["i", "o"], [],
    [piece.integers("i", [1], [3]), piece.integers("o", [1], [0])]),
  refusal(
    "an endless range", .tooLarge, ["`Range`"], "Range", [1], inputs: ["a", "b", "c"], [],
    [piece.integers("a", [], [0]), piece.integers("b", [], [Int.max]), piece.integers("c", [], [1])]),
  refusal(
    "a range without steps", .malformed, ["by 0"], "Range", [1], inputs: ["a", "b", "a"], [],
    [piece.integers("a", [], [0]), piece.integers("b", [], [4])]),
  refusal(
    "an endless tiling", .tooLarge, ["`Tile`"], "Tile", [2], inputs: ["x", "i"], [],
    [piece.integers("i", [1], [Int.max])]),
  refusal(
    "channels that are no blocks", .shape, ["6 channels"], "DepthToSpace", [1, 6, 2, 2],
    [piece.int("blocksize", 2)]),
  refusal(
    "blocks that do not fit", .shape, ["blocks of 3"], "SpaceToDepth", [1, 1, 4, 6],
    [piece.int("blocksize", 3)]),
  refusal(
    "blocks of nothing", .malformed, ["`blocksize`"], "SpaceToDepth", [1, 1, 4, 6],
    [piece.int("blocksize", 0)]),
  refusal(
    "a computed slope", .unsupportedFeature, ["slope"], "PRelu", [2], inputs: ["x", "x"]),
  refusal(
    "a slope of more axes", .shape, ["[2, 2]"], "PRelu", [2], inputs: ["x", "s"], [],
    [piece.floats("s", [2, 2], [1, 1, 1, 1])]),
  refusal(
    "an exponential unit of no width", .nonFinite, ["`alpha`"], "Celu", [2], [piece.real("alpha", 0)]),
  refusal(
    "magnitudes of no axes", .unsupportedFeature, ["noop_with_empty_axes"], "ReduceL1", [2, 3],
    [piece.int("noop_with_empty_axes", 1)], operatorSet: 18),
]
