/// An immutable directed acyclic graph of tensor operators.
///
/// A graph denotes a function on real tensors: constants are exact dyadic numbers and every operator is the
/// real function of its name. Rounding is a matter of whoever evaluates it.
///
/// INVARIANT: operands of a node stand before the node; shapes follow from `Operation.outputShape`.
package struct Graph: Hashable, Sendable {
  /// One operator with its operands and the shape of its value.
  package struct Node: Hashable, Sendable {
    /// What the node computes.
    package let operation: Operation
    /// Positions of the operands in `Graph.nodes`.
    package let operands: [Int]
    /// Shape of the value.
    package let shape: Shape
  }

  /// All nodes, operands first.
  package let nodes: [Node]
  /// Positions of the inputs, in the order in which values are passed.
  package let inputs: [Int]
  /// Positions of the results.
  package let outputs: [Int]

  init(nodes: [Node], inputs: [Int], outputs: [Int]) {
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Names and shapes of the inputs in order.
  package var inputSignature: [(input: Input, shape: Shape)] {
    inputs.compactMap { position in
      guard case .input(let input) = nodes[position].operation else { return nil }
      return (input, nodes[position].shape)
    }
  }

  /// Shapes of the results in order.
  package var outputShapes: [Shape] { outputs.map { nodes[$0].shape } }

  /// Number of elements over all real inputs.
  package var inputCount: Int { inputs.reduce(0) { $0 + nodes[$1].shape.count } }

  /// Whether every operator is piecewise linear, so that rational evaluation is exact.
  package var isPiecewiseLinear: Bool {
    nodes.allSatisfy {
      switch $0.operation {
      case .smooth, .softmax, .normalize: return false
      default: return true
      }
    }
  }
}
