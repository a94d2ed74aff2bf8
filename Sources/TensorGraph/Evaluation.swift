extension Graph {
  /// Values of the results at a point, in any number type.
  ///
  /// - Parameter arguments: one flat row-major array for each input, in order; an index input takes one number.
  /// - Throws: `GraphError.shape` when counts differ, `GraphError.unsupported` when the number type lacks an
  ///   operator, `GraphError.undefined` when an operator is applied outside its domain or, in intervals, may be,
  ///   `GraphError.reference` when an index lies outside its table.
  package func evaluate<Scalar: GraphScalar>(_ arguments: [[Scalar]]) throws(GraphError) -> [[Scalar]] {
    try evaluate(arguments) { _, _, value in value }
  }

  /// The same where something happens to every node's value before other nodes see it.
  ///
  /// - Parameter change: what becomes of the value of a node with the values of its operands; for an input the value is
  ///   the argument.
  package func evaluate<Scalar: GraphScalar>(
    _ arguments: [[Scalar]],
    changing change: (Node, _ operands: [[Scalar]], _ value: [Scalar]) throws(GraphError) -> [Scalar]
  ) throws(GraphError) -> [[Scalar]] {
    guard arguments.count == inputs.count else {
      throw GraphError.shape("graph takes \(inputs.count) inputs, \(arguments.count) given")
    }
    var values = [[Scalar]](repeating: [], count: nodes.count)
    for (position, argument) in zip(inputs, arguments) {
      guard argument.count == nodes[position].shape.count else {
        throw GraphError.shape("input of shape \(nodes[position].shape) got \(argument.count) numbers")
      }
      values[position] = try change(nodes[position], [], argument)
    }
    for (position, node) in nodes.enumerated() {
      if case .input = node.operation { continue }
      let operands = node.operands.map { values[$0] }
      values[position] = try change(
        node, operands,
        try node.operation.evaluate(
          operands, shapes: node.operands.map { nodes[$0].shape }, output: node.shape))
    }
    return outputs.map { values[$0] }
  }
}

extension Operation {
  /// Shape of the value for operands of the given shapes.
  package func outputShape(of operands: [Shape]) throws(GraphError) -> Shape {
    let arity: Int?
    switch self {
    case .input, .constant: arity = 0
    case .linear, .sparse, .scale, .divide, .relu, .maximum, .sign, .clip, .smooth, .softmax,
      .normalize, .reshape:
      arity = 1
    case .add, .multiply, .gather: arity = 2
    case .concat: arity = nil
    }
    if let arity, operands.count != arity {
      throw GraphError.shape("\(name) takes \(arity) operands, \(operands.count) given")
    }
    switch self {
    case .input: throw GraphError.unsupported("an input is not applied to operands")
    case .constant(let tensor): return tensor.shape
    case .linear(let linear): return try linear.outputShape(of: operands[0])
    case .sparse(let map): return try map.outputShape(of: operands[0])
    case .add, .multiply: return try commonShape(operands[0], operands[1], name)
    case .scale, .divide, .relu, .sign, .clip, .smooth: return operands[0]
    case .maximum(let maximum): return try maximum.outputShape(of: operands[0])
    case .softmax(let softmax): return try softmax.outputShape(of: operands[0])
    case .normalize(let normalization): return try normalization.outputShape(of: operands[0])
    case .gather: return try gatherShape(table: operands[0], index: operands[1])
    case .reshape(let shape): return try reshapeShape(operands[0], to: shape)
    case .concat(let axis): return try concatShape(operands, axis: axis)
    }
  }

  /// Value for given operand values.
  func evaluate<Scalar: GraphScalar>(
    _ operands: [[Scalar]], shapes: [Shape], output: Shape
  ) throws(GraphError) -> [Scalar] {
    switch self {
    case .input: throw GraphError.unsupported("an input has no value of its own")
    case .constant(let tensor): return tensor.values.map { Scalar(dyadic: $0) }
    case .linear(let linear): return linear.evaluate(operands[0])
    case .sparse(let map): return map.evaluate(operands[0])
    case .add: return addValues(operands[0], operands[1])
    case .multiply: return multiplyValues(operands[0], operands[1])
    case .scale(let factor): return scaleValues(operands[0], by: factor)
    case .divide(let divisor): return divisor.evaluate(operands[0])
    case .relu: return reluValues(operands[0])
    case .maximum(let maximum): return maximum.evaluate(operands[0])
    case .sign: return signValues(operands[0])
    case .clip(let clip): return clip.evaluate(operands[0])
    case .smooth(let function): return try function.evaluate(operands[0])
    case .softmax(let softmax): return try softmax.evaluate(operands[0])
    case .normalize(let normalization): return try normalization.evaluate(operands[0])
    case .gather: return try gatherValues(operands, shapes: shapes)
    case .reshape: return operands[0]
    case .concat(let axis): return concatValues(operands, shapes: shapes, axis: axis)
    }
  }
}
