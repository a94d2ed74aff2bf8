import ModelFormats
import Testing

private let piece = ONNXPiece.self
private let ramp = ONNXPiece.ramp

/// Quarters in a fixed disorder, above zero.
private func positive(_ count: Int, _ seed: Int) -> [Float] { ramp(count, seed).map { $0 + 1.5 } }

/// A network of one input, at quarters in a fixed disorder.
func composite(
  _ name: String, _ nodes: [Message], _ input: [Int], _ output: [Int], _ weights: [Message],
  operatorSet: Int, isPositive: Bool = false, expected: [Double]
) -> OperatorCase {
  OperatorCase(
    name: name,
    model: piece.model(
      nodes, inputs: [piece.info("x", input)], outputs: [piece.info("y", output)], weights: weights,
      operatorSet: operatorSet, format: 10),
    point: (isPositive ? positive : ramp)(input.reduce(1, *), 8).map(Double.init), expected: expected,
    shape: output)
}

/// Products, quotients, roots, and what is made of them; the expected values are those of the ONNX project's reference
/// evaluator in double precision, and onnxruntime's agree with them to its precision.
let compositeCases: [OperatorCase] = [
  composite(
    "Mul of two values",
    [piece.node("Neg", ["x"], "n"), piece.node("Exp", ["n"], "e"), piece.node("Mul", ["x", "e"], "y")],
    [2, 3], [2, 3], [], operatorSet: 17,
    expected: [
      -1.587750012459506, 0.36787944117144233, 0, -2.718281828459045, 0.354274914555761, -0.32100635417193535,
    ]),
  composite(
    "Mul by a row of constants", [piece.node("Mul", ["c", "x"], "y")], [2, 3], [2, 3],
    [piece.floats("c", [3], ramp(3, 1))], operatorSet: 17,
    expected: [0.375, 1.25, 0, 0.5, 0.9375, -0.0625]),
  composite(
    "Mul that repeats a value", [piece.node("Exp", ["x"], "e"), piece.node("Mul", ["c", "e"], "y")], [2, 1],
    [2, 3], [piece.floats("c", [2, 3], ramp(6, 1))], operatorSet: 17,
    expected: [
      -0.23618327637050734, 0.5904581909262684, 0.11809163818525367, -2.038711371344284, 2.718281828459045, 0,
    ]),
  composite(
    "Mul of a column and a row",
    [piece.node("Reshape", ["x", "s"], "r"), piece.node("Mul", ["x", "r"], "y")], [3, 1], [3, 3],
    [piece.integers("s", [2], [1, 3])], operatorSet: 17,
    expected: [0.5625, -0.75, 0, -0.75, 1, 0, 0, 0, 0]),
  composite(
    "Mul of a value with itself", [piece.node("Mul", ["x", "x"], "y")], [4], [4], [], operatorSet: 17,
    expected: [0.5625, 1, 0, 1]),
  composite(
    "Div by a constant", [piece.node("Div", ["x", "c"], "y")], [2, 3], [2, 3],
    [piece.floats("c", [], positive(1, 3))], operatorSet: 17,
    expected: [-0.3, 0.4, 0, -0.4, 0.3, -0.1]),
  composite(
    "Div by a row of constants", [piece.node("Div", ["x", "c"], "y")], [2, 3], [2, 3],
    [piece.floats("c", [3], positive(3, 3))], operatorSet: 17,
    expected: [-0.3, 0.6666666666666666, 0, -0.4, 0.5, -0.5]),
  composite(
    "Div of two values",
    [
      piece.node("Neg", ["x"], "n"), piece.node("Div", ["n", "x"], "q"), piece.node("Add", ["q", "x"], "y"),
    ], [4], [4], [], operatorSet: 17, isPositive: true,
    expected: [-0.25, 1.5, 0.5, -0.5]),
  composite(
    "Div of a constant", [piece.node("Div", ["c", "x"], "y")], [2, 3], [2, 3],
    [piece.floats("c", [3], ramp(3, 3))], operatorSet: 17, isPositive: true,
    expected: [1.3333333333333333, 0, -0.6666666666666666, 2, 0, -0.8]),
  composite(
    "Pow 1", [piece.node("Pow", ["x", "e"], "y")], [4], [4], [piece.floats("e", [], [1])], operatorSet: 17,
    isPositive: true,
    expected: [0.75, 2.5, 1.5, 0.5]),
  composite(
    "Pow 2", [piece.node("Pow", ["x", "e"], "y")], [4], [4], [piece.floats("e", [], [2])], operatorSet: 17,
    isPositive: true,
    expected: [0.5625, 6.25, 2.25, 0.25]),
  composite(
    "Pow 3", [piece.node("Pow", ["x", "e"], "y")], [4], [4], [piece.floats("e", [], [3])], operatorSet: 17,
    isPositive: true,
    expected: [0.421875, 15.625, 3.375, 0.125]),
  composite(
    "Pow 5", [piece.node("Pow", ["x", "e"], "y")], [4], [4], [piece.floats("e", [], [5])], operatorSet: 17,
    isPositive: true,
    expected: [0.2373046875, 97.65625, 7.59375, 0.03125]),
  composite(
    "Pow 0.5", [piece.node("Pow", ["x", "e"], "y")], [4], [4], [piece.floats("e", [], [0.5])],
    operatorSet: 17, isPositive: true,
    expected: [0.8660254037844386, 1.5811388300841898, 1.224744871391589, 0.7071067811865476]),
  composite(
    "Pow -1", [piece.node("Pow", ["x", "e"], "y")], [4], [4], [piece.floats("e", [], [-1])], operatorSet: 17,
    isPositive: true,
    expected: [1.3333333333333333, 0.4, 0.6666666666666666, 2]),
  composite(
    "Pow -2", [piece.node("Pow", ["x", "e"], "y")], [4], [4], [piece.floats("e", [], [-2])], operatorSet: 17,
    isPositive: true,
    expected: [1.7777777777777777, 0.16, 0.4444444444444444, 4]),
  composite(
    "Pow -0.5", [piece.node("Pow", ["x", "e"], "y")], [4], [4], [piece.floats("e", [], [-0.5])],
    operatorSet: 17, isPositive: true,
    expected: [1.1547005383792515, 0.6324555320336759, 0.816496580927726, 1.4142135623730951]),
  composite(
    "Pow 3 of negative numbers", [piece.node("Pow", ["x", "e"], "y")], [7], [7], [piece.floats("e", [], [3])],
    operatorSet: 17,
    expected: [-0.421875, 1, 0, -1, 0.421875, -0.015625, -1.953125]),
  composite(
    "Pow by an exponent of more axes, added to a column",
    [piece.node("Pow", ["x", "e"], "p"), piece.node("Add", ["p", "c"], "y")], [3], [2, 3],
    [piece.floats("e", [1, 1], [2]), piece.floats("c", [2, 1], [0, 1])], operatorSet: 17,
    expected: [0.5625, 1, 0, 1.5625, 2, 1]),
  composite(
    "Pow by an exponent of more axes, summed",
    [piece.node("Pow", ["x", "e"], "p"), piece.node("ReduceSum", ["p", "a"], "y")], [3], [1, 3],
    [piece.floats("e", [1, 1], [1]), piece.integers("a", [1], [0])], operatorSet: 17,
    expected: [-0.75, 1, 0]),
  composite(
    "Reciprocal", [piece.node("Reciprocal", ["x"], "y")], [4], [4], [], operatorSet: 17, isPositive: true,
    expected: [1.3333333333333333, 0.4, 0.6666666666666666, 2]),
  composite(
    "Sqrt", [piece.node("Sqrt", ["x"], "y")], [4], [4], [], operatorSet: 17, isPositive: true,
    expected: [0.8660254037844386, 1.5811388300841898, 1.224744871391589, 0.7071067811865476]),
  composite(
    "Log", [piece.node("Log", ["x"], "y")], [4], [4], [], operatorSet: 17, isPositive: true,
    expected: [-0.2876820724517809, 0.9162907318741551, 0.4054651081081644, -0.6931471805599453]),
  composite(
    "Sign", [piece.node("Sign", ["x"], "y")], [7], [7], [], operatorSet: 17,
    expected: [-1, 1, 0, -1, 1, -1, -1]),
  composite(
    "Erf", [piece.node("Erf", ["x"], "y")], [7], [7], [], operatorSet: 17,
    expected: [
      -0.7111556336535151, 0.8427007929497149, 0, -0.8427007929497149, 0.7111556336535151,
      -0.2763263901682369, -0.9229001282564582,
    ]),
  composite(
    "ReduceMean of three", [piece.node("ReduceMean", ["x"], "y", [piece.ints("axes", [1])])], [2, 3], [2, 1],
    [], operatorSet: 17,
    expected: [0.08333333333333333, -0.16666666666666666]),
  composite(
    "ReduceMax and ReduceMin",
    [
      piece.node("ReduceMax", ["x"], "m", [piece.ints("axes", [1]), piece.int("keepdims", 0)]),
      piece.node("ReduceMin", ["x"], "n", [piece.ints("axes", [-1]), piece.int("keepdims", 0)]),
      piece.node("Sub", ["m", "n"], "y"),
    ], [2, 3], [2], [], operatorSet: 17,
    expected: [1.75, 1.75]),
  composite(
    "ReduceMax of five along two axes", [piece.node("ReduceMax", ["x"], "y", [piece.ints("axes", [0, 2])])],
    [5, 2, 3], [1, 2, 1], [], operatorSet: 17,
    expected: [1.25, 1.25]),
  composite(
    "ReduceMin of everything", [piece.node("ReduceMin", ["x"], "y")], [7], [1], [], operatorSet: 17,
    expected: [-1.25]),
  composite(
    "ReduceL2", [piece.node("ReduceL2", ["x"], "y", [piece.ints("axes", [0])])], [3, 2], [1, 2], [],
    operatorSet: 17, isPositive: true,
    expected: [2.806243040080456, 2.839454172900137]),
  composite(
    "ReduceSumSquare", [piece.node("ReduceSumSquare", ["x"], "y")], [3, 2], [1, 1], [], operatorSet: 17,
    expected: [3.1875]),
  composite(
    "AveragePool of three", [piece.node("AveragePool", ["x"], "y", [piece.ints("kernel_shape", [3])])],
    [1, 2, 5], [1, 2, 3], [], operatorSet: 17,
    expected: [
      0.08333333333333333, 0, -0.08333333333333333, -0.3333333333333333, -0.4166666666666667,
      0.4166666666666667,
    ]),
  composite(
    "AveragePool of three, padding left out",
    [piece.node("AveragePool", ["x"], "y", [piece.ints("kernel_shape", [3]), piece.ints("pads", [1, 1])])],
    [1, 2, 5], [1, 2, 5], [], operatorSet: 17,
    expected: [
      0.125, 0.08333333333333333, 0, -0.08333333333333333, -0.125, -0.75, -0.3333333333333333,
      -0.4166666666666667, 0.4166666666666667, 0.375,
    ]),
  composite(
    "GlobalAveragePool of six", [piece.node("GlobalAveragePool", ["x"], "y")], [1, 2, 2, 3], [1, 2, 1, 1], [],
    operatorSet: 17,
    expected: [-0.041666666666666664, -0.08333333333333333]),
  composite(
    "Softmax", [piece.node("Softmax", ["x"], "y")], [2, 4], [2, 4], [], operatorSet: 17,
    expected: [
      0.1036226104451576, 0.5963069513624032, 0.21936906803384734, 0.08070137015859187, 0.4382091167752508,
      0.1612081249955106, 0.05930515493564446, 0.341277603293594,
    ]),
  composite(
    "Softmax along an inner axis", [piece.node("Softmax", ["x"], "y", [piece.int("axis", 1)])], [2, 3, 2],
    [2, 3, 2], [], operatorSet: 17,
    expected: [
      0.13160164714691436, 0.7033139760217739, 0.278600689196273, 0.095183196149175, 0.5897976636568126,
      0.20150282782905093, 0.13160164714691436, 0.2938147747114895, 0.278600689196273, 0.6220058829452726,
      0.5897976636568126, 0.08417934234323783,
    ]),
  composite(
    "Softmax of one", [piece.node("Softmax", ["x"], "y", [piece.int("axis", 1)])], [2, 1], [2, 1], [],
    operatorSet: 17,
    expected: [1, 1]),
  composite(
    "Softmax at operator set 11", [piece.node("Softmax", ["x"], "y")], [2, 2, 2], [2, 2, 2], [],
    operatorSet: 11,
    expected: [
      0.10362261044515758, 0.5963069513624032, 0.21936906803384734, 0.08070137015859187, 0.4382091167752508,
      0.16120812499551057, 0.05930515493564445, 0.341277603293594,
    ]),
  composite(
    "LogSoftmax", [piece.node("LogSoftmax", ["x"], "y")], [2, 4], [2, 4], [], operatorSet: 17,
    expected: [
      -2.266999725429153, -0.516999725429153, -1.516999725429153, -2.516999725429153, -0.8250590469818512,
      -1.825059046981851, -2.8250590469818513, -1.0750590469818513,
    ]),
  composite(
    "LogSoftmax along an inner axis", [piece.node("LogSoftmax", ["x"], "y", [piece.int("axis", 1)])],
    [2, 3, 2], [2, 3, 2], [], operatorSet: 17,
    expected: [
      -2.02797574385531, -0.3519518638028017, -1.2779757438553099, -2.351951863802802, -0.5279757438553098,
      -1.6019518638028016, -2.02797574385531, -1.2248057281763145, -1.2779757438553099, -0.4748057281763145,
      -0.5279757438553098, -2.4748057281763143,
    ]),
  composite(
    "LayerNormalization", [piece.node("LayerNormalization", ["x", "s", "b"], "y")], [2, 5], [2, 5],
    [piece.floats("s", [5], ramp(5, 2)), piece.floats("b", [5], ramp(5, 3))], operatorSet: 17,
    expected: [
      0.7628310728311516, -0.9486757086753934, -1, 0.75, -1.1986757086753934, 0.9416792123867119,
      1.0497741770391862, -0.35847133625383065, 0.75, -1.766340477945491,
    ]),
  composite(
    "LayerNormalization of two axes without bias",
    [
      piece.node("LayerNormalization", ["x", "s"], "y", [piece.int("axis", 1), piece.real("epsilon", 0.25)])
    ], [2, 2, 3], [2, 2, 3], [piece.floats("s", [2, 3], ramp(6, 2))], operatorSet: 17,
    expected: [
      -0.20056990072777872, -0.8848672090931415, 0.04719291781830087, 0, -0.8966654385477165,
      -0.17697344181862829, -0.2990251802008663, -0.4485377703012995, -0.4271788288583805, 0,
      -0.3417430630867043, -0.5126145946300564,
    ]),
  composite(
    "InstanceNormalization",
    [piece.node("InstanceNormalization", ["x", "s", "b"], "y", [piece.real("epsilon", 0.5)])], [1, 2, 3],
    [1, 2, 3], [piece.floats("s", [2], ramp(2, 2)), piece.floats("b", [2], ramp(2, 3))], operatorSet: 17,
    expected: [
      0.793098527849408, 1.227591619365651, 0.9793098527849408, 0.620704416451776, -0.6827748580969536,
      0.0620704416451776,
    ]),
  composite(
    "GroupNormalization",
    [piece.node("GroupNormalization", ["x", "s", "b"], "y", [piece.int("num_groups", 2)])], [1, 4, 3],
    [1, 4, 3], [piece.floats("s", [4], ramp(4, 2)), piece.floats("b", [4], ramp(4, 3))], operatorSet: 21,
    expected: [
      0.7566480057868248, 1.3578705797252577, 1.0143148231890102, 0.9877228000417113, -0.8159449217735875,
      0.21472234783515465, -2.3930421357322285, -0.30347893213388577, -1.4975150484757958, 0.75, 0.75, 0.75,
    ]),
  composite(
    "BatchNormalization", [piece.node("BatchNormalization", ["x", "s", "b", "m", "v"], "y")], [1, 3, 2],
    [1, 3, 2],
    [
      piece.floats("s", [3], ramp(3, 2)), piece.floats("b", [3], ramp(3, 3)),
      piece.floats("m", [3], ramp(3, 4)), piece.floats("v", [3], positive(3, 5)),
    ], operatorSet: 17,
    expected: [
      1.0559014758320442, 1.4472118066563542, 1.1249775006755458, 2.6249475015762735, -0.2928949865737316, -1,
    ]),
  composite(
    "MatMul of two values",
    [piece.node("Reshape", ["x", "s"], "r"), piece.node("MatMul", ["x", "r"], "y")], [2, 3], [2, 2],
    [piece.integers("s", [2], [3, 2])], operatorSet: 17,
    expected: [0.5625, -1.75, 0.5625, -1.6875]),
  composite(
    "MatMul of batches",
    [
      piece.node("Reshape", ["x", "s"], "r"), piece.node("Exp", ["r"], "e"),
      piece.node("MatMul", ["x", "e"], "y"),
    ], [2, 2, 3], [2, 2, 2, 2], [piece.integers("s", [4], [2, 1, 3, 2])], operatorSet: 17,
    expected: [
      0.645725085444239, -1.6708319301728416, -0.2516165568941834, -2.637072443348315, -1.148958199232606,
      -3.6033129565237876, -0.7472918215332377, 2.9057215585631133, 0.39165206206749087, 2.2538020044367455,
      -0.15261315624765037, 0.8509443092109992, -0.6968783745627916, -0.5519133860147472,
      -0.45325540151241006, 2.5792124131848597,
    ]),
  composite(
    "MatMul with a constant on the left", [piece.node("MatMul", ["W", "x"], "y")], [3, 2], [4, 2],
    [piece.floats("W", [4, 3], ramp(12, 1))], operatorSet: 17,
    expected: [0.5625, -1.8125, 0.5625, -1.75, 0.5625, -1.6875, 0.5625, -1.625]),
  composite(
    "MatMul with a constant on the left of batches", [piece.node("MatMul", ["W", "x"], "y")], [2, 3, 2],
    [2, 4, 2], [piece.floats("W", [4, 3], ramp(12, 1))], operatorSet: 17,
    expected: [
      0.5625, -1.8125, 0.5625, -1.75, 0.5625, -1.6875, 0.5625, -1.625, 0.0625, 1.125, 0.4375, 0.875, 0.8125,
      0.625, 1.1875, 0.375,
    ]),
  composite(
    "Resize",
    [
      piece.node(
        "Resize", ["x", "", "f"], "y",
        [
          piece.text("mode", "nearest"), piece.text("coordinate_transformation_mode", "asymmetric"),
          piece.text("nearest_mode", "floor"),
        ])
    ], [1, 1, 2, 3], [1, 1, 4, 9], [piece.floats("f", [4], [1, 1, 2, 3])], operatorSet: 17,
    expected: [
      -0.75, -0.75, -0.75, 1, 1, 1, 0, 0, 0, -0.75, -0.75, -0.75, 1, 1, 1, 0, 0, 0, -1, -1, -1, 0.75, 0.75,
      0.75, -0.25, -0.25, -0.25, -1, -1, -1, 0.75, 0.75, 0.75, -0.25, -0.25, -0.25,
    ]),
  composite(
    "Resize by half pixels", [piece.node("Resize", ["x", "", "f"], "y", [piece.text("mode", "nearest")])],
    [1, 1, 2, 3], [1, 1, 4, 9], [piece.floats("f", [4], [1, 1, 2, 3])], operatorSet: 17,
    expected: [
      -0.75, -0.75, -0.75, 1, 1, 1, 0, 0, 0, -0.75, -0.75, -0.75, 1, 1, 1, 0, 0, 0, -1, -1, -1, 0.75, 0.75,
      0.75, -0.25, -0.25, -0.25, -1, -1, -1, 0.75, 0.75, 0.75, -0.25, -0.25, -0.25,
    ]),
  composite(
    "Resize that rounds to sizes",
    [
      piece.node(
        "Resize", ["x", "", "", "z"], "y",
        [piece.text("mode", "nearest"), piece.text("coordinate_transformation_mode", "asymmetric")])
    ], [1, 1, 2, 3], [1, 1, 6, 12], [piece.integers("z", [4], [1, 1, 6, 12])], operatorSet: 17,
    expected: [
      -0.75, -0.75, -0.75, 1, 1, 1, 1, 0, 0, 0, 0, 0, -0.75, -0.75, -0.75, 1, 1, 1, 1, 0, 0, 0, 0, 0, -1, -1,
      -1, 0.75, 0.75, 0.75, 0.75, -0.25, -0.25, -0.25, -0.25, -0.25, -1, -1, -1, 0.75, 0.75, 0.75, 0.75,
      -0.25, -0.25, -0.25, -0.25, -0.25, -1, -1, -1, 0.75, 0.75, 0.75, 0.75, -0.25, -0.25, -0.25, -0.25,
      -0.25, -1, -1, -1, 0.75, 0.75, 0.75, 0.75, -0.25, -0.25, -0.25, -0.25, -0.25,
    ]),
  composite(
    "Upsample", [piece.node("Upsample", ["x", "f"], "y", [piece.text("mode", "nearest")])], [1, 1, 2, 2],
    [1, 1, 4, 2], [piece.floats("f", [4], [1, 1, 2, 1])], operatorSet: 9,
    expected: [-0.75, 1, -0.75, 1, 0, -1, 0, -1]),
  composite(
    "Expand by computed integers",
    [
      piece.node("ConstantOfShape", ["k"], "o", [piece.tensor("value", piece.integers("", [1], [1]))]),
      piece.node("Mul", ["o", "minus"], "m"), piece.node("Equal", ["z", "m"], "q"),
      piece.node("Where", ["q", "o", "z"], "w"), piece.node("Expand", ["x", "w"], "y"),
    ], [1, 3], [2, 3],
    [piece.integers("k", [1], [2]), piece.integers("minus", [], [-1]), piece.integers("z", [2], [2, -1])],
    operatorSet: 17,
    expected: [-0.75, 1, 0, -0.75, 1, 0]),
  composite(
    "ConstantOfShape of real numbers",
    [
      piece.node("ConstantOfShape", ["k"], "o", [piece.tensor("value", piece.floats("", [1], [2.5]))]),
      piece.node("Mul", ["x", "o"], "y"),
    ], [2, 3], [2, 3], [piece.integers("k", [1], [3])], operatorSet: 17,
    expected: [-1.875, 2.5, 0, -2.5, 1.875, -0.625]),
]
