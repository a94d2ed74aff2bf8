import RigorousArithmetic
import TensorGraph

/// The nodes of a graph as the leaf rules take them: normalizations and maxima in steps, all others as they are.
///
/// A maximum is a tournament of `max(a, b) = b + max(a - b, 0)`, so that the phases of its rectifiers can be split. A deployed
/// program takes it exactly, and its steps lose nothing.
///
/// With `n` elements in a group and `d = n x - sum x` a normalization is `d / sqrt(sum d^2 / n + n^2 epsilon)`, cut off at a limit
/// that it cannot pass (see `Normalization`), in exact real numbers. Sum, product and limit are operators of their own; what
/// is left, the inverse root of a group's squares, is what `normalize` means here.
///
/// What a deployed program loses in all these steps is lost at the last one.
struct LoweredGraph {
  /// What part of a node of the graph a step is.
  enum Part: Hashable, Sendable {
    /// All of it.
    case whole
    /// A step before the last one.
    case inner
    /// The last step.
    case last(Normalization)
  }

  struct Node {
    let operation: Operation
    let operands: [Int]
    let shape: Shape
    /// The node of the graph.
    let source: Int
    var part = Part.whole
  }

  private(set) var nodes: [Node] = []
  private(set) var inputs: [Int] = []
  private(set) var outputs: [Int] = []

  /// - Throws: `GraphError.shape` where a step would have too many entries.
  init(_ graph: Graph) throws(GraphError) {
    var place: [Int] = []
    for (position, node) in graph.nodes.enumerated() {
      let operands = node.operands.map { place[$0] }
      switch node.operation {
      case .normalize(let normalization):
        place.append(try normalize(normalization, operands[0], node.shape, source: position))
      case .maximum(let maximum):
        place.append(try maximize(maximum, operands[0], rows: node.shape.count, source: position))
      default:
        nodes.append(Node(operation: node.operation, operands: operands, shape: node.shape, source: position))
        place.append(nodes.count - 1)
      }
    }
    inputs = graph.inputs.map { place[$0] }
    outputs = graph.outputs.map { place[$0] }
  }

  /// One half of each row against the other; of an odd number the one in the middle meets itself.
  private mutating func maximize(
    _ maximum: Maximum, _ operand: Int, rows: Int, source: Int
  ) throws(GraphError) -> Int {
    var (value, size) = (operand, maximum.size)
    while size > 1 {
      let half = (size + 1) / 2
      let shape = try Shape([rows * half])
      let pairs = (0..<shape.count).map { place in
        let first = place / half * size + place % half
        return (first: first, second: place % half + half < size ? first + half : first)
      }
      let difference = try SparseMap(
        shape: shape, inputCount: rows * size,
        rows: pairs.map { $0.first == $0.second ? [] : [($0.first, 1), ($0.second, -1)] })
      let second = try SparseMap(selecting: pairs.map(\.second), of: rows * size, shape: shape)
      let steps: [(Operation, [Int])] = [
        (.sparse(difference), [value]), (.relu, [nodes.count]), (.sparse(second), [value]),
        (.add, [nodes.count + 1, nodes.count + 2]),
      ]
      for (operation, operands) in steps {
        nodes.append(
          Node(operation: operation, operands: operands, shape: shape, source: source, part: .inner))
      }
      (value, size) = (nodes.count - 1, half)
    }
    return value
  }

  private mutating func normalize(
    _ normalization: Normalization, _ operand: Int, _ shape: Shape, source: Int
  ) throws(GraphError) -> Int {
    let size = normalization.size
    let groups = try Shape([shape.count / size])
    func step(_ operation: Operation, _ operands: [Int], _ shape: Shape, _ part: Part = .inner) -> Int {
      nodes.append(Node(operation: operation, operands: operands, shape: shape, source: source, part: part))
      return nodes.count - 1
    }
    let sums = try SparseMap(
      shape: groups, inputCount: shape.count,
      rows: (0..<groups.count).map { group in (group * size..<(group + 1) * size).map { ($0, 1) } })
    let spread = { (sign: Double) throws(GraphError) in
      try SparseMap(
        shape: shape, inputCount: groups.count, rows: (0..<shape.count).map { [($0 / size, sign)] })
    }
    let scaled = step(.scale(Double(size)), [operand], shape)
    let negated = step(.sparse(try spread(-1)), [step(.sparse(sums), [operand], groups)], shape)
    let deviations = step(.add, [scaled, negated], shape)
    let inverse = step(.normalize(normalization), [deviations], groups)
    let repeated = step(.sparse(try spread(1)), [inverse], shape)
    let product = step(.multiply, [deviations, repeated], shape)
    let limit = try Clip(lower: -normalization.limit, upper: normalization.limit)
    // The operand is named once more, so that its bounds are there when the program's errors are counted.
    return step(.clip(limit), [product, operand], shape, .last(normalization))
  }
}
