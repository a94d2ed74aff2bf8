/// Assembles a graph node by node; shapes are checked as nodes are added, and what is exactly computable from
/// constants is computed at once.
package struct GraphBuilder {
  /// What is computed at once from constants.
  package enum Folding: Hashable, Sendable {
    /// Whatever is exact in real numbers.
    case exact
    /// Only what moves elements, so that every operator that may round stays one; and a sum with a constant after a
    /// matrix product without one, which programs take as one sum or as two, becomes its bias.
    case moves
  }

  /// What is computed at once.
  package let folding: Folding
  private var nodes: [Graph.Node] = []
  private var inputs: [Int] = []

  /// An empty builder.
  package init(folding: Folding = .exact) { self.folding = folding }

  /// Adds an input and returns its position.
  ///
  /// - Throws: `GraphError.reference` when the name is taken.
  package mutating func input(_ name: String, shape: Shape, kind: Input.Kind = .real) throws(GraphError)
    -> Int
  {
    for position in inputs {
      if case .input(let input) = nodes[position].operation, input.name == name {
        throw GraphError.reference("input `\(name)` is declared twice")
      }
    }
    nodes.append(Graph.Node(operation: .input(Input(name: name, kind: kind)), operands: [], shape: shape))
    inputs.append(nodes.count - 1)
    return nodes.count - 1
  }

  /// Adds a constant and returns its position.
  package mutating func constant(_ tensor: Tensor) -> Int {
    nodes.append(Graph.Node(operation: .constant(tensor), operands: [], shape: tensor.shape))
    return nodes.count - 1
  }

  /// Adds an operator and returns the position of its value, which is a folded node where folding is exact.
  ///
  /// - Throws: `GraphError.shape` when the operands do not fit, `GraphError.reference` for an unknown operand.
  package mutating func apply(_ operation: Operation, _ operands: [Int]) throws(GraphError) -> Int {
    for operand in operands where !nodes.indices.contains(operand) {
      throw GraphError.reference("operand \(operand) of \(operation.name) is not a node")
    }
    let shape = try operation.outputShape(of: operands.map { nodes[$0].shape })
    if case .add = operation, let fused = biasFusion(operands) {
      let value = try apply(fused.operation, [fused.operand])
      return nodes[value].shape == shape ? value : try apply(.reshape(shape), [value])
    }
    if let folded = foldedNode(operation, operands, shape: shape) {
      nodes.append(folded)
    } else {
      nodes.append(Graph.Node(operation: operation, operands: operands, shape: shape))
    }
    return nodes.count - 1
  }

  /// The node at a position that was returned before.
  package func node(at position: Int) -> Graph.Node { nodes[position] }

  /// Shape of the value at a position.
  package func shape(at position: Int) -> Shape { nodes[position].shape }

  /// A value in a shape of as many elements, in row-major order; as it is where only leading axes of extent one differ,
  /// which `inline` adds.
  ///
  /// - Throws: `GraphError.shape` where the numbers of elements differ.
  package mutating func shaped(_ value: Int, to shape: Shape) throws(GraphError) -> Int {
    nodes[value].shape.squeezed == shape.squeezed ? value : try apply(.reshape(shape), [value])
  }

  /// Copies another graph into this one with its inputs replaced by existing values.
  ///
  /// - Parameter arguments: one position for each input of `graph`, in order; shapes must agree up to leading
  ///   axes of extent one.
  /// - Returns: the positions of its results.
  package mutating func inline(_ graph: Graph, arguments: [Int]) throws(GraphError) -> [Int] {
    guard arguments.count == graph.inputs.count else {
      throw GraphError.shape("graph takes \(graph.inputs.count) inputs, \(arguments.count) given")
    }
    var place = [Int](repeating: -1, count: graph.nodes.count)
    for (position, argument) in zip(graph.inputs, arguments) {
      let wanted = graph.nodes[position].shape
      guard nodes.indices.contains(argument) else {
        throw GraphError.reference("argument \(argument) is not a node")
      }
      let given = nodes[argument].shape
      guard wanted.squeezed == given.squeezed else {
        throw GraphError.shape("an input of shape \(wanted) cannot take a value of shape \(given)")
      }
      place[position] = given == wanted ? argument : try apply(.reshape(wanted), [argument])
    }
    for (position, node) in graph.nodes.enumerated() where place[position] < 0 {
      switch node.operation {
      case .input: throw GraphError.reference("input at \(position) is not listed")
      case .constant(let tensor): place[position] = constant(tensor)
      default: place[position] = try apply(node.operation, node.operands.map { place[$0] })
      }
    }
    return graph.outputs.map { place[$0] }
  }

  /// The finished graph, without the nodes that no result depends on; inputs are all kept.
  package func build(outputs: [Int]) throws(GraphError) -> Graph {
    for output in outputs where !nodes.indices.contains(output) {
      throw GraphError.reference("output \(output) is not a node")
    }
    var needed = [Bool](repeating: false, count: nodes.count)
    for position in inputs + outputs { needed[position] = true }
    for position in nodes.indices.reversed() where needed[position] {
      for operand in nodes[position].operands { needed[operand] = true }
    }
    var place = [Int](repeating: -1, count: nodes.count)
    var kept: [Graph.Node] = []
    for position in nodes.indices where needed[position] {
      let node = nodes[position]
      place[position] = kept.count
      kept.append(
        Graph.Node(operation: node.operation, operands: node.operands.map { place[$0] }, shape: node.shape))
    }
    return Graph(nodes: kept, inputs: inputs.map { place[$0] }, outputs: outputs.map { place[$0] })
  }

  /// The constant at a position; nil where another operator stands there.
  package func tensor(at position: Int) -> Tensor? {
    if case .constant(let tensor) = nodes[position].operation { return tensor }
    return nil
  }

  private func foldedNode(_ operation: Operation, _ operands: [Int], shape: Shape) -> Graph.Node? {
    if folding == .moves && !operation.isMove { return nil }
    let constants = operands.compactMap { tensor(at: $0) }
    guard constants.count == operands.count,
      let value = operation.exactValue(of: constants, shape: shape)
    else { return nil }
    return Graph.Node(operation: .constant(value), operands: [], shape: shape)
  }

  /// `(W x + b) + c` as `W x + (b + c)`, where the sum of the constants is exact, or `b` is zero where sums round.
  ///
  /// A program may add the bias of a product of matrices in any order with its terms, whatever the number of rows, and a
  /// reshape between the two moves nothing.
  private func biasFusion(_ operands: [Int]) -> (operation: Operation, operand: Int)? {
    for (first, second) in [(0, 1), (1, 0)] {
      guard let addend = tensor(at: operands[second]) else { continue }
      var place = operands[first]
      while case .reshape = nodes[place].operation { place = nodes[place].operands[0] }
      let node = nodes[place]
      switch node.operation {
      case .sparse(let map) where map.isProductOfMatrices && addend.values.count == map.bias.count:
        return (.sparse(map.with(bias: addend.values)), node.operands[0])
      case .linear(let linear):
        guard linear.bias.values.count == addend.values.count,
          folding == .exact || linear.bias.values.allSatisfy({ $0 == 0 }),
          let values = exactSum(linear.bias.values, addend.values),
          let bias = try? Tensor(shape: linear.bias.shape, values: values),
          let fused = try? Linear(weights: linear.weights, bias: bias)
        else { continue }
        return (.linear(fused), node.operands[0])
      default: continue
      }
    }
    return nil
  }
}
