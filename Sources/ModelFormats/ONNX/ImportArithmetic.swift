import TensorGraph

/// What the import rules of operators are made of.
extension NetworkImport {
  /// An operand of a node.
  func operand(_ position: Int, of node: ImportedNode) throws(ModelFormatError) -> ImportedOperand {
    guard let name = node.operandName(position) else {
      throw node.error(.malformed, "operand \(position) is missing")
    }
    if let value = values[name] { return ImportedOperand(name: name, value: value) }
    guard !unusable.contains(name) else {
      throw node.error(
        .ambiguous,
        "operand \(quoted(name)) is the mask of a dropout, of which programs make different things",
        fix: "export for inference")
    }
    guard definitions[name] == nil else {
      throw node.error(
        .unsortedNodes, "operand \(quoted(name)) is computed by this node or a later one",
        fix: "sort the nodes; a network has no cycles")
    }
    throw node.error(
      .missingValue, "operand \(quoted(name)) is neither an input nor an initialiser nor computed",
      fix: "export the model with its weights")
  }

  /// An optional operand of a node.
  func optionalOperand(_ position: Int, of node: ImportedNode) throws(ModelFormatError) -> ImportedOperand? {
    node.operandName(position) == nil ? nil : try operand(position, of: node)
  }

  /// An operand that holds real numbers.
  func realOperand(_ position: Int, of node: ImportedNode) throws(ModelFormatError) -> ImportedOperand {
    let operand = try operand(position, of: node)
    switch operand.value {
    case .real, .constant: return operand
    case .index, .integers:
      throw node.error(.elementType, "operand \(quoted(operand.name)) holds integers, not real numbers")
    }
  }

  /// All operands of a node, which hold real numbers of one element type.
  func realOperands(of node: ImportedNode) throws(ModelFormatError) -> [ImportedOperand] {
    try node.expect(operands: 1...Int.max)
    var operands: [ImportedOperand] = []
    for position in node.wire.input.indices { operands.append(try realOperand(position, of: node)) }
    _ = try elementType(of: operands, in: node)
    return operands
  }

  /// An operand that holds real numbers, or integers known at import.
  func knownOrReal(_ position: Int, of node: ImportedNode) throws(ModelFormatError) -> ImportedOperand {
    let operand = try operand(position, of: node)
    guard case .index = operand.value else { return operand }
    throw node.error(.elementType, "operand \(quoted(operand.name)) is an index that is not known at import")
  }

  /// A number that import derives.
  func constant(
    _ value: Double, type: ONNXElementType, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedOperand {
    do {
      return ImportedOperand(derived: .constant(try Tensor(shape: Shape([]), values: [value]), type: type))
    } catch {
      throw node.error(.nonFinite, "\(error)")
    }
  }

  /// The one element type of several operands.
  func elementType(
    of operands: [ImportedOperand], in node: ImportedNode
  ) throws(ModelFormatError) -> ONNXElementType {
    let types = operands.map(\.value.type)
    guard let first = types.first, types.allSatisfy({ $0 == first }) else {
      throw node.error(
        .elementType, "mixes element types \(types.map(\.name).joined(separator: " and "))",
        fix: "use one element type")
    }
    return first
  }

  /// Applies an operator to real operands.
  ///
  /// Constants are folded where the folded value is exact; else the operator stays in the graph.
  ///
  /// - Parameter shape: the shape that the file gives the result, where it has more leading axes of extent one.
  mutating func apply(
    _ operation: Operation, _ operands: [ImportedOperand], as shape: Shape? = nil, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let type = try elementType(of: operands, in: node)
    do {
      let result = try operation.outputShape(of: operands.map { try Shape($0.value.extents) })
      try checkSize(result, in: node)
      let tensors = operands.compactMap(\.value.tensor)
      if tensors.count == operands.count {
        try charge(result.count, in: node)
        if let folded = try folded(operation, tensors) {
          // Numbers of the format whose exact result is one too have no other when a program computes it.
          let numbers = operation.numbers + tensors.flatMap(\.values) + folded.values
          if !operation.isMove, !numbers.allSatisfy({ Double(Float($0)) == $0 }) { noteRewriting(of: node) }
          return .constant(try Tensor(shape: shape ?? folded.shape, values: folded.values), type: type)
        }
      }
      var arguments: [Int] = []
      for operand in operands { arguments.append(try position(of: operand)) }
      return .real(position: try builder.apply(operation, arguments), shape: shape ?? result, type: type)
    } catch let error as GraphError {
      throw node.error(.shape, error.description)
    } catch let error as ModelFormatError {
      throw error
    } catch {
      throw node.error(.shape, "\(error)")
    }
  }

  /// The row of a constant table that an index input selects, under the shape that the file gives it.
  mutating func gather(
    table: ImportedOperand, index: (position: Int, shape: Shape), in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    do {
      let position = try builder.apply(.gather, [try self.position(of: table), index.position])
      let shape = try Shape(index.shape.extents + table.value.extents.suffix(1))
      return .real(position: position, shape: shape, type: table.value.type)
    } catch {
      throw node.error(.shape, "\(error)")
    }
  }

  /// The same elements under another shape.
  ///
  /// - Parameter keepsNode: whether a reshape that changes nothing stays in the graph.
  mutating func reshape(
    _ operand: ImportedOperand, to extents: [Int], keepsNode: Bool, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    if case .integers(let constant) = operand.value {
      return .integers(IntegerConstant(extents: extents, values: constant.values))
    }
    do {
      let shape = try Shape(extents)
      guard shape.extents.count <= ONNXLimits.rank else {
        throw GraphError.shape("shape \(shape) has more than \(ONNXLimits.rank) axes")
      }
      switch operand.value {
      case .constant(let tensor, let type):
        return .constant(try Tensor(shape: shape, values: tensor.values), type: type)
      case .real(let position, let visible, let type):
        if builder.shape(at: position) == shape, visible != shape || !keepsNode {
          return .real(position: position, shape: shape, type: type)
        }
        return .real(position: try builder.apply(.reshape(shape), [position]), shape: shape, type: type)
      case .index(let position, let visible):
        if visible == shape, !keepsNode { return operand.value }
        return .index(position: try builder.apply(.reshape(shape), [position]), shape: shape)
      case .integers: return operand.value
      }
    } catch {
      throw node.error(.shape, "\(error)")
    }
  }

  /// Refuses values that no data bears out.
  func checkSize(_ shape: Shape, in node: ImportedNode) throws(ModelFormatError) {
    guard shape.count <= ONNXLimits.elements else {
      throw node.error(.tooLarge, "a value of shape \(shape) has more than \(ONNXLimits.elements) elements")
    }
  }

  /// A product of counts, refused where it passes every limit.
  func product(_ factors: [Int], in node: ImportedNode) throws(ModelFormatError) -> Int {
    var product = 1
    // Parts of a shape are multiplied elsewhere, so that a zero must not hide an overflow.
    for factor in factors where factor != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow else { throw node.error(.tooLarge, "the result has too many elements") }
      product = next
    }
    return factors.contains(0) ? 0 : product
  }

  /// Counts elements of a constant that import derives from others.
  mutating func charge(_ count: Int, in node: ImportedNode) throws(ModelFormatError) {
    guard count <= ONNXLimits.elements, derivedElements + count <= ONNXLimits.derivedElements else {
      throw node.error(
        .tooLarge, "constants derived from the weights have more than \(ONNXLimits.derivedElements) elements",
        fix: "simplify the model before export")
    }
    derivedElements += count
  }

  /// Counts integers that import derives from others, which shapes and lists of indices need few of.
  mutating func charge(integers count: Int, in node: ImportedNode) throws(ModelFormatError) {
    guard count <= ONNXLimits.derivedIntegers - derivedIntegers else {
      throw node.error(
        .tooLarge,
        "lists of integers derived from others have more than \(ONNXLimits.derivedIntegers) elements",
        fix: "simplify the model before export")
    }
    derivedIntegers += count
  }

  /// Rows and columns of a constant matrix exchanged.
  mutating func transpose(
    _ matrix: Tensor, named name: String, in node: ImportedNode
  ) throws(ModelFormatError) -> Tensor {
    if let known = transposed[name] { return known }
    try charge(matrix.values.count, in: node)
    let (rows, columns) = (matrix.shape.extents[0], matrix.shape.extents[1])
    var values: [Double] = []
    values.reserveCapacity(rows * columns)
    for column in 0..<columns {
      for row in 0..<rows { values.append(matrix.values[row * columns + column]) }
    }
    do {
      let result = try Tensor(shape: Shape([columns, rows]), values: values)
      transposed[name] = result
      return result
    } catch {
      throw node.error(.shape, "\(error)")
    }
  }

  /// The exact value of an operator on constants, nil when it is not a double.
  private func folded(_ operation: Operation, _ tensors: [Tensor]) throws(GraphError) -> Tensor? {
    var scratch = GraphBuilder()
    let result = try scratch.apply(operation, tensors.map { scratch.constant($0) })
    let graph = try scratch.build(outputs: [result])
    guard case .constant(let tensor) = graph.nodes[graph.outputs[0]].operation else { return nil }
    return tensor
  }
}

extension TensorGraph.Operation {
  /// The numbers of an operator that folds constants.
  fileprivate var numbers: [Double] {
    switch self {
    case .scale(let factor): return [factor]
    case .divide(let divisor): return [divisor.value]
    case .clip(let clip): return [clip.lower, clip.upper]
    case .normalize(let normalization): return [normalization.epsilon]
    case .input, .constant, .linear, .sparse, .add, .multiply, .relu, .maximum, .sign, .smooth, .softmax,
      .gather, .reshape, .concat:
      return []
    }
  }
}
