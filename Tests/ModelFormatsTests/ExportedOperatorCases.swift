import ModelFormats
import Testing

private let piece = ONNXPiece.self

/// What exporters write around a network's own operators.
///
/// These are parts, shapes and repetitions, and activations that the specification makes of others. The expected values are
/// those of the ONNX project's reference evaluator in double precision, and onnxruntime's agree with them to its precision.
let exportedCases: [OperatorCase] = [
  composite(
    "Split of given lengths, joined in another order",
    [
      piece.node("Split", ["x", "l"], outputs: ["a", "b", "c"], [piece.int("axis", -1)]),
      piece.node("Concat", ["c", "a", "b"], "y", [piece.int("axis", 1)]),
    ], [2, 6], [2, 6], [piece.integers("l", [3], [1, 2, 3])], operatorSet: 13,
    expected: [-1.0, 0.75, -0.25, -0.75, 1.0, 0.0, 1.25, 0.25, -0.75, -1.25, 0.5, -0.5]),
  composite(
    "Split by an attribute",
    [
      piece.node("Split", ["x"], outputs: ["a", "b"], [piece.int("axis", 0), piece.ints("split", [1, 2])]),
      piece.node("Concat", ["b", "a"], "y", [piece.int("axis", 0)]),
    ], [3, 2], [3, 2], [], operatorSet: 11, expected: [0.0, -1.0, 0.75, -0.25, -0.75, 1.0]),
  composite(
    "Split into equal parts, one of which nothing takes",
    [
      piece.node("Split", ["x"], outputs: ["a", "b", "c"], [piece.int("axis", 1)]),
      piece.node("Add", ["a", "c"], "y"),
    ], [2, 6], [2, 2], [], operatorSet: 13, expected: [0.0, 0.75, -1.0, -0.25]),
  composite(
    "Split whose last part is shorter",
    [
      piece.node("Split", ["x"], outputs: ["a", "b"], [piece.int("axis", 1), piece.int("num_outputs", 2)]),
      piece.node("Concat", ["b", "a"], "y", [piece.int("axis", 1)]),
    ], [2, 5], [2, 5], [], operatorSet: 18,
    expected: [-1.0, 0.75, -0.75, 1.0, 0.0, -0.5, 1.25, -0.25, -1.25, 0.5]),
  composite(
    "Split as a gate",
    [
      piece.node("Split", ["x"], outputs: ["a", "b"], [piece.int("axis", 1), piece.int("num_outputs", 2)]),
      piece.node("Sigmoid", ["b"], "g"), piece.node("Mul", ["a", "g"], "y"),
    ], [2, 4], [2, 2], [], operatorSet: 18,
    expected: [-0.375, 0.2689414213699951, 0.16702510411898164, -0.15561483280046365]),
  composite(
    "Dropout with a mask", [piece.node("Dropout", ["x", "r"], outputs: ["y", "m"])], [2, 3], [2, 3],
    [piece.floats("r", [], [0.5])], operatorSet: 13, expected: [-0.75, 1.0, 0.0, -1.0, 0.75, -0.25]),
  composite(
    "Shape, Gather, Concat and Reshape",
    [
      piece.node("Shape", ["x"], "s"), piece.node("Gather", ["s", "i"], "b"),
      piece.node("Concat", ["b", "r"], "t", [piece.int("axis", 0)]), piece.node("Reshape", ["x", "t"], "f"),
      piece.node("Transpose", ["f"], "y", [piece.ints("perm", [1, 0])]),
    ], [2, 3, 2], [6, 2], [piece.integers("i", [1], [0]), piece.integers("r", [1], [-1])], operatorSet: 17,
    expected: [-0.75, -1.25, 1.0, 0.5, 0.0, -0.5, -1.0, 1.25, 0.75, 0.25, -0.25, -0.75]),
  composite(
    "Shape of some axes, Slice, Div and Reshape",
    [
      piece.node("Shape", ["x"], "s", [piece.int("start", 1)]), piece.node("Slice", ["s", "z", "o"], "n"),
      piece.node("Div", ["n", "d"], "h"), piece.node("Concat", ["h", "m"], "t", [piece.int("axis", 0)]),
      piece.node("Reshape", ["x", "t"], "y"),
    ], [2, 6, 2], [3, 8],
    [
      piece.integers("z", [1], [0]), piece.integers("o", [1], [1]), piece.integers("d", [], [2]),
      piece.integers("m", [1], [-1]),
    ], operatorSet: 17,
    expected: [
      -0.75, 1.0, 0.0, -1.0, 0.75, -0.25, -1.25, 0.5, -0.5, 1.25, 0.25, -0.75, 1.0, 0.0, -1.0, 0.75, -0.25,
      -1.25, 0.5, -0.5, 1.25, 0.25, -0.75, 1.0,
    ]),
  composite(
    "Size, Range and Gather",
    [
      piece.node("Size", ["x"], "n"), piece.node("Range", ["z", "n", "d"], "i"),
      piece.node("Reshape", ["x", "m"], "f"), piece.node("Gather", ["f", "i"], "y"),
    ], [2, 3], [3],
    [piece.integers("z", [], [1]), piece.integers("d", [], [2]), piece.integers("m", [1], [-1])],
    operatorSet: 17, expected: [1.0, -1.0, -0.25]),
  composite(
    "Shape as a number",
    [
      piece.node("Shape", ["x"], "s"), piece.node("Cast", ["s"], "c", [piece.int("to", 1)]),
      piece.node("Mul", ["x", "c"], "y"),
    ], [3, 2], [3, 2], [], operatorSet: 17, expected: [-2.25, 2.0, 0.0, -2.0, 2.25, -0.5]),
  composite(
    "Tile", [piece.node("Tile", ["x", "r"], "y")], [2, 2], [4, 6], [piece.integers("r", [2], [2, 3])],
    operatorSet: 13,
    expected: [
      -0.75, 1.0, -0.75, 1.0, -0.75, 1.0, 0.0, -1.0, 0.0, -1.0, 0.0, -1.0, -0.75, 1.0, -0.75, 1.0, -0.75, 1.0,
      0.0, -1.0, 0.0, -1.0, 0.0, -1.0,
    ]),
  composite(
    "DepthToSpace", [piece.node("DepthToSpace", ["x"], "y", [piece.int("blocksize", 2)])], [1, 8, 1, 2],
    [1, 2, 2, 4], [], operatorSet: 13,
    expected: [-0.75, 0.75, 1.0, -0.25, -0.5, 1.0, 1.25, 0.0, 0.0, -1.25, -1.0, 0.5, 0.25, -1.0, -0.75, 0.75]),
  composite(
    "DepthToSpace, columns first",
    [piece.node("DepthToSpace", ["x"], "y", [piece.int("blocksize", 2), piece.text("mode", "CRD")])],
    [1, 8, 1, 2], [1, 2, 2, 4], [], operatorSet: 13,
    expected: [-0.75, 0.0, 1.0, -1.0, 0.75, -1.25, -0.25, 0.5, -0.5, 0.25, 1.25, -0.75, 1.0, -1.0, 0.0, 0.75]),
  composite(
    "SpaceToDepth", [piece.node("SpaceToDepth", ["x"], "y", [piece.int("blocksize", 2)])], [1, 2, 2, 4],
    [1, 8, 1, 2], [], operatorSet: 13,
    expected: [-0.75, 0.0, -0.5, 0.25, 1.0, -1.0, 1.25, -0.75, 0.75, -1.25, 1.0, -1.0, -0.25, 0.5, 0.0, 0.75]),
  composite(
    "SpaceToDepth, columns first",
    [piece.node("SpaceToDepth", ["x"], "y", [piece.int("blocksize", 2), piece.text("mode", "CRD")])],
    [1, 2, 2, 4], [1, 8, 1, 2], [], operatorSet: 28,
    expected: [-0.75, 0.0, 1.0, -1.0, 0.75, -1.25, -0.25, 0.5, -0.5, 0.25, 1.25, -0.75, 1.0, -1.0, 0.0, 0.75]),
  composite(
    "GlobalMaxPool", [piece.node("GlobalMaxPool", ["x"], "y")], [1, 2, 2, 3], [1, 2, 1, 1], [],
    operatorSet: 13, expected: [1.0, 1.25]),
  composite(
    "ReduceL1", [piece.node("ReduceL1", ["x"], "y", [piece.ints("axes", [0]), piece.int("keepdims", 0)])],
    [3, 2], [2], [], operatorSet: 13, expected: [1.5, 2.25]),
  composite(
    "Sum of three values", [piece.node("Sum", ["x", "c", "d"], "y")], [2, 3], [2, 3],
    [piece.floats("c", [3], [1, -2, 0.5]), piece.floats("d", [2, 1], [0.25, 4])], operatorSet: 13,
    expected: [0.5, -0.75, 0.75, 4.0, 2.75, 4.25]),
  composite(
    "Mean of three values",
    [
      piece.node("Neg", ["x"], "n"), piece.node("Exp", ["x"], "e"), piece.node("Mean", ["x", "e", "n"], "y"),
    ], [2, 3], [2, 3], [], operatorSet: 13,
    expected: [
      0.15745551758033824, 0.9060939428196817, 0.3333333333333333, 0.12262648039048078, 0.705666672204225,
      0.2596002610238016,
    ]),
  composite(
    "PRelu", [piece.node("PRelu", ["x", "s"], "y")], [1, 2, 3], [1, 2, 3],
    [piece.floats("s", [2, 1], [0.25, -2])], operatorSet: 13, expected: [-0.1875, 1.0, 0.0, 2.0, 0.75, 0.5]),
  composite(
    "Elu", [piece.node("Elu", ["x"], "y", [piece.real("alpha", 1.5)])], [6], [6], [], operatorSet: 13,
    expected: [-0.791450170888478, 1.0, 0.0, -0.9481808382428365, 0.75, -0.3317988253928927]),
  composite(
    "Selu", [piece.node("Selu", ["x"], "y")], [6], [6], [], operatorSet: 13,
    expected: [
      -0.9276320187347418, 1.0507010221481323, 0.0, -1.1113307412864784, 0.7880257666110992,
      -0.38889019869375324,
    ]),
  composite(
    "Celu", [piece.node("Celu", ["x"], "y", [piece.real("alpha", 2.0)])], [6], [6], [], operatorSet: 13,
    expected: [-0.6254214424180555, 1.0, 0.0, -0.7869386805747332, 0.75, -0.2350061948308092]),
  composite(
    "HardSigmoid",
    [piece.node("HardSigmoid", ["x"], "y", [piece.real("alpha", 0.5), piece.real("beta", 0.25)])], [6], [6],
    [], operatorSet: 13, expected: [0.0, 0.75, 0.25, 0.0, 0.625, 0.125]),
  composite(
    "HardSwish", [piece.node("Mul", ["x", "c"], "z"), piece.node("HardSwish", ["z"], "y")], [6], [6],
    [piece.floats("c", [], [4])], operatorSet: 14, expected: [-0.0, 4.0, 0.0, -0.0, 3.0, -0.3333333283662796]),
  composite(
    "Mish", [piece.node("Mish", ["x"], "y")], [6], [6], [], operatorSet: 18,
    expected: [
      -0.2764947145054652, 0.8650983882673103, 0.0, -0.30340146137410895, 0.6100183352182933,
      -0.129926963679141,
    ]),
  composite(
    "Swish", [piece.node("Swish", ["x"], "y", [piece.real("alpha", 1.5)])], [6], [6], [], operatorSet: 24,
    expected: [
      -0.18381375984927878, 0.8175744761936437, 0.0, -0.18242552380635635, 0.5661862401507212,
      -0.10183335001148257,
    ]),
  composite(
    "Swish that is SiLU", [piece.node("Swish", ["x"], "y")], [6], [6], [], operatorSet: 24,
    expected: [
      -0.24061597561845527, 0.7310585786300049, 0.0, -0.2689414213699951, 0.5093840243815447,
      -0.10945587477855048,
    ]),
]
