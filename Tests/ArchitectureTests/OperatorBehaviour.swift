import Evidence
import Inference
import LeafRules
import ModelFormats
import RigorousArithmetic
import SMT
import TensorGraph
import VerificationProblem

/// What becomes of an operator in every semantics, found out by using it.
struct OperatorBehaviour {
  /// What a semantics makes of an operator.
  enum Answer: String {
    /// It has a rule, and what the rule says holds at the points tried.
    case rule = "yes"
    /// It answers with an error that names the operator.
    case refusal = "error"
    /// Anything else: a wrong value, a bound that does not hold, an error that names nothing.
    case failure = "wrong"
  }

  /// An operator applied to one operand.
  struct Sample {
    let name: String
    let graph: Graph
    /// Ends of the range that each number of the input is drawn from; the operator is defined on all of it.
    let range: (Double, Double)
    /// Operand shapes that the operator must refuse.
    let misfit: [Shape]
    let operation: TensorGraph.Operation
    /// What is written to ONNX instead, and its arguments, where the format wants other operands.
    var written: (graph: Graph, arguments: [[Double]])?
  }

  /// Headings of the columns in order, with the target that answers.
  static let columns = [
    ("shape", "TensorGraph"), ("value", "TensorGraph"), ("gradient", "Inference"), ("interval", "LeafRules"),
    ("zonotope", "LeafRules"), ("backward", "LeafRules"), ("checker", "LeafRules"), ("SMT term", "SMT"),
    ("ONNX", "ModelFormats"),
  ]

  /// A sample of every operator, named as `Operation.name` names it.
  static func samples() throws -> [Sample] {
    let linear = try Linear(
      weights: Tensor(shape: Shape([2, 4]), values: [1, -0.5, 0.25, 0, 0.75, 1, -1, 0.5]),
      bias: Tensor(shape: Shape([2]), values: [0.25, -1]))
    let sparse = try SparseMap(
      shape: Shape([3]), inputCount: 4, rows: [[(0, 1), (3, -0.5)], [(1, 2)], [(2, 0.25)]], bias: [0, 0.5, 1])
    var samples: [Sample] = []
    func add(
      _ operation: TensorGraph.Operation, from range: (Double, Double) = (0.25, 1.5), misfit: [Shape] = [],
      _ operands: (inout GraphBuilder, Int) throws -> [Int] = { [$1] }
    ) throws {
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([4]))
      let y = try builder.apply(operation, operands(&builder, x))
      let graph = try builder.build(outputs: [y])
      samples.append(
        Sample(name: operation.name, graph: graph, range: range, misfit: misfit, operation: operation))
    }
    let (three, five) = (Shape(vector: 3), Shape(vector: 5))
    try add(.linear(linear), misfit: [three])
    try add(.sparse(sparse), misfit: [three])
    try add(.add, misfit: [three, five]) { [$1, try $0.apply(.scale(-2), [$1])] }
    try add(.multiply, misfit: [three, five]) { [$1, try $0.apply(.scale(-2), [$1])] }
    try add(.scale(-1.5), misfit: [three, five])
    try add(.divide(Divisor(3)), misfit: [three, five])
    try add(.relu, from: (-0.75, 1.25), misfit: [three, five])
    try add(.sign, from: (0.5, 1.5), misfit: [three, five])
    try add(.clip(Clip(lower: 0.5, upper: 1)), misfit: [three, five])
    for function in SmoothFunction.allCases { try add(.smooth(function), misfit: [three, five]) }
    try add(.maximum(Maximum(size: 2)), misfit: [three, five]) {
      [try $0.apply(.reshape(Shape([2, 2])), [$1])]
    }
    try add(.softmax(Softmax(size: 2)), misfit: [three])
    try add(.normalize(Normalization(size: 2, epsilon: 0.25)), misfit: [three])
    try add(.reshape(Shape([2, 2])), misfit: [three])
    try add(.concat(axis: 0), misfit: [Shape([2, 2]), three]) { [$1, try $0.apply(.scale(2), [$1])] }
    var builder = GraphBuilder()
    let table = try builder.input("x", shape: Shape([2, 2]))
    let index = builder.constant(try Tensor(shape: Shape([1]), values: [1]))
    let row = try builder.apply(.gather, [table, index])
    // In a file the table is constant, and the index is an input.
    var other = GraphBuilder()
    let rows = other.constant(try Tensor(shape: Shape([2, 2]), values: [1, 2, 3, 4]))
    let choice = try other.input("i", shape: Shape([1]), kind: .index)
    let chosen = try other.apply(.gather, [rows, choice])
    samples.append(
      Sample(
        name: "Gather", graph: try builder.build(outputs: [row]), range: (0.25, 1.5), misfit: [three, five],
        operation: .gather, written: (try other.build(outputs: [chosen]), [[1]])))
    return samples
  }

  private let sample: Sample
  private let points: [[Double]]
  private let values: [[Interval]]

  /// Evaluates the sample at a few points, which every answer is compared with.
  init(_ sample: Sample) throws {
    self.sample = sample
    // Odd sixteenths, away from kinks and ends.
    points = (0..<8).map { round in
      (0..<4).map { index in
        let part = Double((round * 5 + index * 7) % 16) / 16 + 1.0 / 32
        return sample.range.0 + (sample.range.1 - sample.range.0) * part
      }
    }
    let graph = sample.graph
    values = try points.map { point in
      // A table's row is chosen by a number, not by an interval.
      if case .gather = sample.operation { return try graph.evaluate([point])[0].map { Interval($0) } }
      return try graph.evaluate([point.map { Interval($0) }])[0]
    }
  }

  /// The answers in the order of `columns`.
  var answers: [Answer] {
    [
      answer { try shape() }, answer { try value() }, answer { try gradient() },
      answer { try bound(by: [.interval, .attained]) }, answer { try bound(by: [.zonotope]) },
      answer { try bound(by: [.linearBounds, .fullLinearBounds]) }, answer { try decision() },
      answer { try term() }, answer { try file() },
    ]
  }

  private func answer(_ body: () throws -> Bool) -> Answer {
    do {
      return try body() ? .rule : .failure
    } catch {
      return "\(error)".contains(sample.name) ? .refusal : .failure
    }
  }

  private func isNear(_ value: Double, _ other: Double, _ tolerance: Double) -> Bool {
    abs(value - other) <= tolerance * max(1, abs(other))
  }

  /// The shape counts the elements of the value, and misfits are refused by name.
  private func shape() throws -> Bool {
    let graph = sample.graph
    guard values.allSatisfy({ $0.count == graph.outputShapes[0].count }) else { return false }
    // Elementwise operators take every shape, but not two that differ.
    for misfit in sample.misfit {
      let isElementwise: Bool
      switch sample.operation {
      case .scale, .divide, .relu, .sign, .clip, .smooth: isElementwise = true
      default: isElementwise = false
      }
      if isElementwise {
        guard try sample.operation.outputShape(of: [misfit]) == misfit else { return false }
        continue
      }
      let arity = graph.nodes[graph.outputs[0]].operands.count
      let shapes = arity == 1 ? [misfit] : [try Shape([4]), misfit]
      do {
        let found = try sample.operation.outputShape(of: shapes)
        // A sum along the joined axis is the only shape that a vector beside another gives.
        guard case .concat = sample.operation, found.extents == [4 + misfit.count] else { return false }
      } catch {
        guard "\(error)".contains(sample.name) else { return false }
      }
    }
    return true
  }

  /// Values in double precision lie beside the enclosures.
  private func value() throws -> Bool {
    for (point, enclosure) in zip(points, values) {
      for (value, range) in zip(try sample.graph.evaluate([point])[0], enclosure) {
        guard isNear(value, range.midpoint, 1e-12) else { return false }
      }
    }
    return true
  }

  /// Fast values are those, and their gradients the difference quotients.
  private func gradient() throws -> Bool {
    var program = BatchProgram(sample.graph)
    let count = sample.graph.outputShapes[0].count
    let upstream = (0..<count).map { 1 - 0.375 * Double($0) }
    func weighted(_ point: [Double]) throws -> Double {
      zip(upstream, try program.values(inputs: point, batch: 1)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for (point, enclosure) in zip(points, values) {
      let (found, gradient) = try program.gradient(inputs: point, batch: 1, upstream: upstream)
      guard zip(found, enclosure).allSatisfy({ isNear($0, $1.midpoint, 1e-12) }) else { return false }
      for index in point.indices {
        let step = 0x1p-18
        var (left, right) = (point, point)
        left[index] -= step
        right[index] += step
        let quotient = (try weighted(right) - weighted(left)) / (2 * step)
        guard isNear(gradient[index], quotient, 1e-7) else { return false }
      }
    }
    return true
  }

  private func item(_ atom: (Int) -> Atom) -> ObligationCase {
    ObligationCase(
      label: "", weight: Rational(1), graph: sample.graph,
      predicate: .all(values[0].indices.map { .atom(atom($0)) }))
  }

  private var cell: Cell {
    Cell(
      lower: [Double](repeating: sample.range.0, count: 4),
      upper: [Double](repeating: sample.range.1, count: 4))
  }

  /// Bounds are finite and enclose the values.
  private func bound(by rules: [LeafRule]) throws -> Bool {
    let evaluator = CellEvaluator(
      try CompiledCase(item { Atom(.element($0), .lessOrEqual, .rational(Rational(0))) }))
    return rules.allSatisfy { rule in
      let bounds = evaluator.bounds(on: cell, rule: rule, decides: false)
      return values.allSatisfy { row in
        zip(row, bounds).allSatisfy { value, bound in
          bound.range.isFinite && bound.range.lower <= value.upper && value.lower <= bound.range.upper
        }
      }
    }
  }

  /// The rules by which the checker closes a leaf prove a true claim and leave a false one open.
  private func decision() throws -> Bool {
    let greatest = values.reduce(-Double.infinity) { $1.reduce($0) { max($0, $1.lower) } }
    func truth(_ limit: Double) throws -> [Bool?] {
      let evaluator = CellEvaluator(
        try CompiledCase(item { Atom(.element($0), .lessOrEqual, .rational(Rational(dyadic: limit))) }))
      return LeafRule.allCases.filter(\.bounds).map { evaluator.truth(on: cell, rule: $0) }
    }
    return try truth(10 * abs(greatest) + 10).allSatisfy { $0 == true }
      && truth(greatest - 0x1p-10).allSatisfy { $0 != true }
  }

  /// Terms have the values of exact arithmetic.
  private func term() throws -> Bool {
    var store = TermStore()
    let encoding = try GraphEncoding(sample.graph, in: &store)
    for (point, enclosure) in zip(points, values) {
      let exact = point.map { Rational(dyadic: $0) }
      let found = try Evaluation(
        encoding.outputs[0], in: store, under: Assignment(encoding.inputs[0], at: exact))
      let expected: [Rational]
      if case .gather = sample.operation {
        expected = enclosure.map { Rational(dyadic: $0.lower) }
      } else {
        expected = try sample.graph.evaluate([exact])[0]
      }
      guard encoding.outputs[0].map({ found[$0] }) == expected else { return false }
    }
    return true
  }

  /// What is written and read again has the same values.
  private func file() throws -> Bool {
    let graph = sample.written?.graph ?? sample.graph
    let bytes = try ONNXWriter(elementType: .float64).bytes(of: graph, file: "sample.onnx")
    let read = try ONNXReader.graph(from: bytes, file: "sample.onnx")
    if let written = sample.written {
      return try read.evaluate(written.arguments) == graph.evaluate(written.arguments)
    }
    for (point, enclosure) in zip(points, values) {
      for (value, range) in zip(try read.evaluate([point])[0], enclosure) {
        guard isNear(value, range.midpoint, 1e-12) else { return false }
      }
    }
    return true
  }
}
