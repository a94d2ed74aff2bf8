import RigorousArithmetic
import TensorGraph
import VerificationProblem

// Theorem: the steps compute the graph's real function. A maximum is a tournament of max(a, b) = b + max(a - b, 0). A softmax
// is 1 / (1 + sum exp(x_j - x_i)) over the others of its group, or minus the logarithm of that divisor. With n elements in a
// group and d = n x - sum x a normalization is d / sqrt(sum d^2 / n + n^2 epsilon). Limits that these functions cannot pass
// change nothing.

/// A nonlinear function of each element.
enum Bent: Sendable {
  /// The greater of the element and a constant.
  case atLeast(Double)
  case sign
  /// Between the first and the second number, which is not below it.
  case clip(Double, Double)
  case smooth(SmoothFunction)
}

/// A graph of one real input and one output as steps of few kinds, each on the elements of its operands one after the other.
struct ExactProgram: Sendable {
  enum Kind: Sendable {
    case input
    case constant([Double])
    case affine(ExactMap)
    case bend(Bent)
    /// Elementwise, of two operands of the same number of elements.
    case product
  }

  struct Step: Sendable {
    let kind: Kind
    let operands: [Int]
    /// Number of elements.
    let count: Int
  }

  /// An operator of the graph that a pipeline computes in single precision.
  struct Deployed: Sendable {
    let operation: TensorGraph.Operation
    /// Steps of its operands.
    let operands: [Int]
  }

  private(set) var steps: [Step] = []
  /// Operators that round, by the step of their value; none in real arithmetic.
  private(set) var deployed: [Int: Deployed] = [:]
  private(set) var output = 0

  /// Largest number of weights of all maps, and of elements of a value, beyond which nothing is followed.
  private static let largest = 4_000_000
  private var entries = 0

  /// Counts weights before they are written down.
  private mutating func claim(_ rows: Int, of size: Int) throws(ExactFailure) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: size)
    guard !overflow, count <= Self.largest - entries else {
      throw ExactFailure("the graph has too many weights")
    }
    entries += count
  }

  /// - Throws: Where an operator or the size of the graph is not followed.
  init(_ graph: Graph, _ arithmetic: Arithmetic) throws(ExactFailure) {
    guard graph.inputs.count == 1, graph.outputs.count == 1 else {
      throw ExactFailure("the graph has not one input and one output")
    }
    var place: [Int] = []
    for node in graph.nodes {
      let operands = node.operands.map { place[$0] }
      let shapes = node.operands.map { graph.nodes[$0].shape }
      let value = try add(node, operands, shapes)
      // A reshaped value is its operand.
      if arithmetic == .float32AnyOrder, !operands.contains(value) {
        deployed[value] = Deployed(operation: node.operation, operands: operands)
      }
      place.append(value)
    }
    output = place[graph.outputs[0]]
  }

  private mutating func append(_ kind: Kind, _ operands: [Int], _ count: Int) -> Int {
    steps.append(Step(kind: kind, operands: operands, count: count))
    return steps.count - 1
  }

  private mutating func affine(
    _ operands: [Int], _ rows: [[(column: Int, weight: Double)]], bias: [Double]? = nil
  ) throws(ExactFailure) -> Int {
    let exact = rows.map { row in
      row.compactMap { entry in Factor(entry.weight).map { (column: entry.column, weight: $0) } }
    }
    let offsets = rows.indices.compactMap { Factor(bias?[$0] ?? 0) }
    guard offsets.count == rows.count, zip(exact, rows).allSatisfy({ $0.count == $1.count }) else {
      throw ExactFailure("a weight is not finite")
    }
    let map = ExactMap(
      inputCount: operands.reduce(0) { $0 + steps[$1].count }, rows: exact, bias: offsets)
    return append(.affine(map), operands, rows.count)
  }

  private mutating func divide(_ operands: [Int], by divisor: Double) throws(ExactFailure) -> Int {
    guard let weight = Factor(divisor)?.reciprocal, let zero = Factor(0) else {
      throw ExactFailure("a divisor is zero or not finite")
    }
    let count = steps[operands[0]].count
    let map = ExactMap(
      inputCount: count, rows: (0..<count).map { [($0, weight)] },
      bias: [Factor](repeating: zero, count: count))
    return append(.affine(map), operands, count)
  }

  private mutating func smooth(_ function: SmoothFunction, _ operand: Int) -> Int {
    append(.bend(.smooth(function)), [operand], steps[operand].count)
  }

  private mutating func add(
    _ node: Graph.Node, _ operands: [Int], _ shapes: [Shape]
  ) throws(ExactFailure) -> Int {
    let count = node.shape.count
    guard count <= Self.largest, shapes.reduce(0, { $0 + $1.count }) <= Self.largest else {
      throw ExactFailure("a value has too many elements")
    }
    switch node.operation {
    case .input: return append(.input, [], count)
    case .constant(let tensor): return append(.constant(tensor.values), [], count)
    case .linear(let linear):
      let width = linear.inputCount
      try claim(linear.outputCount, of: width)
      let rows = (0..<linear.outputCount).map { row in
        (0..<width).map { (column: $0, weight: linear.weights.values[row * width + $0]) }
      }
      return try affine(operands, rows, bias: linear.bias.values)
    case .sparse(let map):
      try claim(map.weights.count, of: 1)
      let rows = map.bias.indices.map { row in
        map.entries(row).map { (column: Int(map.columns[$0]), weight: map.weights[$0]) }
      }
      return try affine(operands, rows, bias: map.bias)
    case .add:
      try claim(count, of: 2)
      return try affine(operands, (0..<count).map { [($0, 1), (count + $0, 1)] })
    case .multiply: return append(.product, operands, count)
    case .scale(let factor):
      try claim(count, of: 1)
      return try affine(operands, (0..<count).map { [($0, factor)] })
    case .divide(let divisor): return try divide(operands, by: divisor.value)
    case .relu: return append(.bend(.atLeast(0)), operands, count)
    case .maximum(let maximum):
      try claim(count, of: 4 * maximum.size)
      return try maximize(operands[0], rows: count, size: maximum.size)
    case .sign: return append(.bend(.sign), operands, count)
    case .clip(let clip): return append(.bend(.clip(clip.lower, clip.upper)), operands, count)
    case .smooth(let function): return smooth(function, operands[0])
    case .softmax(let softmax): return try spread(softmax, operands[0], count)
    case .normalize(let normalization): return try normalize(normalization, operands[0], count)
    case .gather: throw ExactFailure("Gather is not followed")
    case .reshape: return operands[0]
    case .concat(let axis):
      try claim(count, of: 1)
      return try join(operands, shapes, axis: axis)
    }
  }

  private mutating func join(
    _ operands: [Int], _ shapes: [Shape], axis: Int
  ) throws(ExactFailure) -> Int {
    guard let first = shapes.first, first.extents.indices.contains(axis) else {
      throw ExactFailure("Concat along no axis is not followed")
    }
    let outer = first.extents[..<axis].reduce(1, *)
    var rows: [[(column: Int, weight: Double)]] = []
    for block in 0..<outer {
      var start = 0
      for shape in shapes {
        let width = shape.count / outer
        rows += (0..<width).map { [(start + block * width + $0, 1)] }
        start += shape.count
      }
    }
    return try affine(operands, rows)
  }

  private mutating func maximize(_ operand: Int, rows: Int, size: Int) throws(ExactFailure) -> Int {
    var (value, size) = (operand, size)
    while size > 1 {
      let half = (size + 1) / 2
      let pairs = (0..<rows * half).map { place in
        let first = place / half * size + place % half
        return (first: first, second: place % half + half < size ? first + half : first)
      }
      let difference = try affine(
        [value], pairs.map { $0.first == $0.second ? [] : [($0.first, 1), ($0.second, -1)] })
      let rest = append(.bend(.atLeast(0)), [difference], pairs.count)
      value = try affine(
        [rest, value], pairs.indices.map { [($0, 1), (pairs.count + pairs[$0].second, 1)] })
      size = half
    }
    return value
  }

  private mutating func spread(
    _ softmax: Softmax, _ operand: Int, _ count: Int
  ) throws(ExactFailure) -> Int {
    let size = softmax.size
    guard size <= 64 else { throw ExactFailure("a softmax of more than 64 elements is not followed") }
    try claim(count, of: 3 * size)
    var differences: [[(column: Int, weight: Double)]] = []
    for element in 0..<count {
      let start = element / size * size
      for other in start..<start + size where other != element {
        differences.append([(other, 1), (element, -1)])
      }
    }
    let ones = [Double](repeating: 1, count: count)
    var divisor: Int
    if size > 1 {
      let powers = smooth(.exp, try affine([operand], differences))
      divisor = try affine(
        [powers],
        (0..<count).map { element in
          (element * (size - 1)..<(element + 1) * (size - 1)).map { ($0, 1) }
        }, bias: ones)
    } else {
      divisor = append(.constant(ones), [], count)
    }
    // The divisor is at least one.
    divisor = append(.bend(.atLeast(1)), [divisor], count)
    guard softmax.isLogarithm else { return smooth(.reciprocal, divisor) }
    return try affine([smooth(.log, divisor)], (0..<count).map { [($0, -1)] })
  }

  private mutating func normalize(
    _ normalization: Normalization, _ operand: Int, _ count: Int
  ) throws(ExactFailure) -> Int {
    let size = normalization.size
    guard size <= 256 else { throw ExactFailure("a normalization of more than 256 elements is not followed") }
    try claim(count, of: 2 * size + 2)
    let deviations = try affine(
      [operand],
      (0..<count).map { element in
        let start = element / size * size
        return (start..<start + size).map { ($0, $0 == element ? Double(size - 1) : -1) }
      })
    let squares = smooth(.square, deviations)
    let groups = count / size
    let sums = try affine(
      [squares], (0..<groups).map { group in (group * size..<(group + 1) * size).map { ($0, 1) } })
    let means = try divide([sums], by: Double(size))
    let variances = try affine(
      [means], (0..<groups).map { [($0, 1)] },
      bias: [Double](repeating: normalization.moved, count: groups))
    let least = append(.bend(.atLeast(normalization.moved)), [variances], groups)
    let inverses = smooth(.reciprocal, smooth(.sqrt, least))
    let repeated = try affine([inverses], (0..<count).map { [($0 / size, 1)] })
    let product = append(.product, [deviations, repeated], count)
    return append(.bend(.clip(-normalization.limit, normalization.limit)), [product], count)
  }
}
