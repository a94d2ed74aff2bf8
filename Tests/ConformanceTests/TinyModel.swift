import ModelFormats
import RigorousArithmetic
import TensorGraph
import Testing

/// A network of a handful of weights whose real function is known in closed form.
///
/// The function is stated twice: as a graph, which is what the files in `models` hold, and as plain arithmetic on
/// rationals, which knows nothing of graphs. A case among the arguments is its position.
struct TinyModel: Sendable, CustomTestStringConvertible {
  /// Name of the network in `models.dspec` and of its file.
  let name: String
  /// Numbers of elements of the real input and of positions of each index input that follows.
  let signature: (real: Int, indices: [Int])
  /// The graph that the file holds.
  let graph: @Sendable () throws -> Graph
  /// The same function on rationals: the real input, then the positions; the logistic function is left out.
  let function: @Sendable ([Rational], [Int]) -> [Rational]
  /// Whether the file ends in a logistic function, applied to what `function` yields.
  var isLogistic = false
  /// Whether a case is given to the file as a vector with a single one rather than by its position.
  var isOneHot = false

  var testDescription: String { name }

  /// The bytes of its file.
  func bytes() throws -> [UInt8] { try ONNXWriter().bytes(of: graph(), file: "\(name).onnx") }

  /// All of them.
  static let all: [TinyModel] = numbers + planes + choices + pipelines

  static func named(_ name: String) -> TinyModel? { all.first { $0.name == name } }

  // MARK: Functions of one number

  private static let numbers: [TinyModel] = [
    TinyModel(
      name: "same", signature: (1, []), graph: { try TinyGraph.graph(1) { try $0.linear([[1]], $1[0]) } },
      function: { x, _ in x }),
    // relu(x) - relu(-x) - x, which is 0 everywhere.
    TinyModel(
      name: "nothing", signature: (1, []),
      graph: {
        try TinyGraph.graph(1) {
          let parts = try $0.relu($0.linear([[1], [-1]], $1[0]))
          return try $0.add($0.linear([[1, -1]], parts), $0.linear([[-1]], $1[0]))
        }
      }, function: { _, _ in [Rational(0)] }),
    // relu(x) + relu(-x).
    TinyModel(
      name: "magnitude", signature: (1, []),
      graph: { try TinyGraph.graph(1) { try $0.linear([[1, 1]], $0.relu($0.linear([[1], [-1]], $1[0]))) } },
      function: { x, _ in [x[0] < Rational(0) ? -x[0] : x[0]] }),
    // 1 - |x|, greatest inside the box.
    TinyModel(
      name: "tent", signature: (1, []),
      graph: {
        try TinyGraph.graph(1) {
          try $0.linear([[-1, -1]], bias: [1], $0.relu($0.linear([[1], [-1]], $1[0])))
        }
      }, function: { x, _ in [Rational(1) - (x[0] < Rational(0) ? -x[0] : x[0])] }),
    TinyModel(
      name: "positive", signature: (1, []), graph: { try TinyGraph.graph(1) { try $0.relu($1[0]) } },
      function: { x, _ in [max(x[0], Rational(0))] }),
    TinyModel(
      name: "unit", signature: (1, []), graph: { try TinyGraph.graph(1) { try $0.clip($1[0]) } },
      function: { x, _ in [min(max(x[0], Rational(0)), Rational(1))] }),
    // clip(1000 x): almost a step.
    TinyModel(
      name: "ramp", signature: (1, []),
      graph: { try TinyGraph.graph(1) { try $0.clip($0.linear([[1000]], $1[0])) } },
      function: { x, _ in [min(max(Rational(1000) * x[0], Rational(0)), Rational(1))] }),
    // 1 / (1 + exp(-x)).
    TinyModel(
      name: "chance", signature: (1, []),
      graph: { try TinyGraph.graph(1) { try $0.sigmoid($0.linear([[1]], $1[0])) } }, function: { x, _ in x },
      isLogistic: true),
  ]

  // MARK: Functions of two numbers

  private static let planes: [TinyModel] = [
    TinyModel(
      name: "difference", signature: (2, []),
      graph: { try TinyGraph.graph(2) { try $0.linear([[1, -1]], $1[0]) } },
      function: { x, _ in [x[0] - x[1]] }),
    // x1 + relu(x0 - x1).
    TinyModel(
      name: "greater", signature: (2, []),
      graph: {
        try TinyGraph.graph(2) {
          try $0.add($0.linear([[0, 1]], $1[0]), $0.relu($0.linear([[1, -1]], $1[0])))
        }
      }, function: { x, _ in [max(x[0], x[1])] }),
    // (x0 + x1, x0 - x1).
    TinyModel(
      name: "turned", signature: (2, []),
      graph: { try TinyGraph.graph(2) { try $0.linear([[1, 1], [1, -1]], $1[0]) } },
      function: { x, _ in [x[0] + x[1], x[0] - x[1]] }),
  ]

  // MARK: Functions with cases

  private static let choices: [TinyModel] = [
    // Scores (x, -x): heads where x >= 0.
    TinyModel(
      name: "side", signature: (1, []),
      graph: { try TinyGraph.graph(1) { try $0.linear([[1], [-1]], $1[0]) } },
      function: { x, _ in [x[0], -x[0]] }),
    // The probability of tails: tails where x > 0.
    TinyModel(
      name: "odds", signature: (1, []),
      graph: { try TinyGraph.graph(1) { try $0.sigmoid($0.linear([[1]], $1[0])) } }, function: { x, _ in x },
      isLogistic: true),
    // Probabilities 1 / (1 + exp(-x)) and 1 / (1 + exp(x)): heads where x >= 0.
    TinyModel(
      name: "sides", signature: (1, []),
      graph: { try TinyGraph.graph(1) { try $0.sigmoid($0.linear([[1], [-1]], $1[0])) } },
      function: { x, _ in [x[0], -x[0]] }, isLogistic: true),
    // Scores (-x - 1, 0, x - 1): red to -1, green to 1, blue beyond.
    TinyModel(
      name: "hue", signature: (1, []),
      graph: { try TinyGraph.graph(1) { try $0.linear([[-1], [0], [1]], bias: [-1, 0, -1], $1[0]) } },
      function: { x, _ in [-x[0] - Rational(1), Rational(0), x[0] - Rational(1)] }),
    // x - 1 for heads, x + 1 for tails.
    TinyModel(
      name: "tilt", signature: (1, [2]),
      graph: {
        try TinyGraph.graph(1, [2]) { try $0.add($0.linear([[1]], $1[0]), $0.row([[-1], [1]], $1[1])) }
      },
      function: { x, cases in [x[0] + Rational(cases[0] == 0 ? -1 : 1)] }),
    // The same, for a case given as (1, 0) or (0, 1).
    TinyModel(
      name: "lean", signature: (1, [2]),
      graph: {
        try TinyGraph.graph(1, [2], oneHot: true) {
          try $0.add($0.linear([[1]], $1[0]), $0.linear([[-1, 1]], $1[1]))
        }
      }, function: { x, cases in [x[0] + Rational(cases[0] == 0 ? -1 : 1)] }, isOneHot: true),
    // x, x + 1, x + 2 for red, green, blue.
    TinyModel(
      name: "stairs", signature: (1, [3]),
      graph: {
        try TinyGraph.graph(1, [3]) { try $0.add($0.linear([[1]], $1[0]), $0.row([[0], [1], [2]], $1[1])) }
      },
      function: { x, cases in [x[0] + Rational(cases[0])] }),
    // Scores (1, 0): heads, whatever the input.
    TinyModel(
      name: "stuck", signature: (1, [2]),
      graph: {
        try TinyGraph.graph(1, [2]) {
          try $0.add($0.linear([[0], [0]], $1[0]), $0.row([[1, 0], [1, 0]], $1[1]))
        }
      }, function: { _, _ in [Rational(1), Rational(0)] }),
    // Scores 1 for the given side and 0 for the other.
    TinyModel(
      name: "echo", signature: (1, [2]),
      graph: {
        try TinyGraph.graph(1, [2]) {
          try $0.add($0.linear([[0], [0]], $1[0]), $0.row([[1, 0], [0, 1]], $1[1]))
        }
      },
      function: { _, cases in [Rational(cases[0] == 0 ? 1 : 0), Rational(cases[0] == 0 ? 0 : 1)] }),
    // Scores (0, x - 1) for heads and (0, x + 1) for tails: wrong for heads where x > 1, for tails where x <= -1.
    TinyModel(
      name: "noisy", signature: (1, [2]),
      graph: {
        try TinyGraph.graph(1, [2]) {
          try $0.add($0.linear([[0], [1]], $1[0]), $0.row([[0, -1], [0, 1]], $1[1]))
        }
      },
      function: { x, cases in [Rational(0), x[0] + Rational(cases[0] == 0 ? -1 : 1)] }),
  ]

  // MARK: Parts of samplers

  private static let pipelines: [TinyModel] = [
    // z + (1, 0) for heads, z - (1, 0) for tails, at either step.
    TinyModel(
      name: "pull", signature: (2, [2, 2]),
      graph: {
        try TinyGraph.graph(2, [2, 2]) {
          let base = try $0.add($0.linear([[1, 0], [0, 1]], $1[0]), $0.row([[0, 0], [0, 0]], $1[1]))
          return try $0.add(base, $0.row([[1, 0], [-1, 0]], $1[2]))
        }
      },
      function: { z, cases in [z[0] + Rational(cases[1] == 0 ? 1 : -1), z[1]] }),
    // clip(z / 4 + 1/2), two pixels.
    TinyModel(
      name: "picture", signature: (2, []),
      graph: {
        try TinyGraph.graph(2) { try $0.clip($0.linear([[0.25, 0], [0, 0.25]], bias: [0.5, 0.5], $1[0])) }
      },
      function: { z, _ in
        z.map { value in
          let quarter = Rational(dyadic: 0.25) * value + Rational(dyadic: 0.5)
          return min(max(quarter, Rational(0)), Rational(1))
        }
      }),
    // x0 - x1 of two pixels.
    TinyModel(
      name: "contrast", signature: (2, []),
      graph: { try TinyGraph.graph(2) { try $0.linear([[1, -1]], $1[0]) } },
      function: { x, _ in [x[0] - x[1]] }),
  ]
}

/// Builds the graphs of tiny models.
struct TinyGraph {
  private var builder = GraphBuilder()

  /// A graph of one real input, of an index or one-hot input for each count, and of the result of `body`, which gets
  /// the positions of the inputs.
  static func graph(
    _ count: Int, _ indices: [Int] = [], oneHot: Bool = false, _ body: (inout TinyGraph, [Int]) throws -> Int
  ) throws -> Graph {
    var graph = TinyGraph()
    var inputs = [try graph.builder.input("x", shape: Shape([1, count]))]
    for (position, count) in indices.enumerated() {
      inputs.append(
        try graph.builder.input(
          "i\(position)", shape: Shape(oneHot ? [1, count] : [1]), kind: oneHot ? .real : .index))
    }
    let output = try body(&graph, inputs)
    return try graph.builder.build(outputs: [output])
  }

  mutating func linear(_ rows: [[Double]], bias: [Double]? = nil, _ operand: Int) throws -> Int {
    let columns = rows.first?.count ?? 0
    return try builder.apply(
      .linear(
        Linear(
          weights: Tensor(shape: Shape([rows.count, columns]), values: rows.flatMap { $0 }),
          bias: Tensor(
            shape: Shape([rows.count]), values: bias ?? [Double](repeating: 0, count: rows.count)))),
      [operand])
  }

  mutating func relu(_ operand: Int) throws -> Int { try builder.apply(.relu, [operand]) }

  /// Clips to [0, 1].
  mutating func clip(_ operand: Int) throws -> Int {
    try builder.apply(.clip(Clip(lower: 0, upper: 1)), [operand])
  }

  mutating func sigmoid(_ operand: Int) throws -> Int { try builder.apply(.smooth(.sigmoid), [operand]) }

  mutating func add(_ left: Int, _ right: Int) throws -> Int { try builder.apply(.add, [left, right]) }

  /// The row of a table that an index input chooses.
  mutating func row(_ rows: [[Double]], _ index: Int) throws -> Int {
    let table = builder.constant(
      try Tensor(shape: Shape([rows.count, rows.first?.count ?? 0]), values: rows.flatMap { $0 }))
    return try builder.apply(.gather, [table, index])
  }
}
