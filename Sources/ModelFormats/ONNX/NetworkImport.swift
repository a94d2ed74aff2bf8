import TensorGraph

/// Builds the graph of one network, node by node.
///
/// INVARIANT: every name in `values` was defined before the node at hand, so a name is resolved or an error.
struct NetworkImport {
  let operatorSet: Int
  let format: Int
  let file: String
  private var builder = GraphBuilder()
  private var values: [String: ImportedValue] = [:]
  private var positions: [String: Int] = [:]
  private var transposed: [String: Tensor] = [:]
  private var derivedElements = 0
  /// Position in the file of the node that defines a name.
  private let definitions: [String: Int]

  init(
    _ network: WireNetwork, operatorSet: Int, format: Int, file: String
  ) throws(ModelFormatError) {
    self.operatorSet = operatorSet
    self.format = format
    self.file = file
    var definitions: [String: Int] = [:]
    for (index, node) in network.node.enumerated() {
      for name in node.output where !name.isEmpty {
        guard definitions.updateValue(index, forKey: name) == nil else {
          throw ModelFormatError(
            .duplicateName, file: file, place: "node \(index)", problem: "\(quoted(name)) is computed twice",
            fix: "give every value one name")
        }
      }
    }
    self.definitions = definitions
  }

  /// Imports everything and returns the finished graph.
  mutating func run(_ network: WireNetwork) throws(ModelFormatError) -> Graph {
    try addInitializers(network)
    try addInputs(network)
    for (index, wire) in network.node.enumerated() {
      let node = try ImportedNode(wire, index: index, operatorSet: operatorSet, file: file)
      guard let rule = OperatorTable.rules[wire.opType] else {
        throw node.error(
          .unsupportedOperator, "the operator is not supported",
          fix: "supported are \(OperatorTable.names.joined(separator: ", "))")
      }
      guard wire.output.count == 1, !wire.output[0].isEmpty else {
        throw node.error(.unsupportedFeature, "defines \(wire.output.count) values instead of one")
      }
      let value = try rule(&self, node)
      values[wire.output[0]] = value
      // A constant that the file places among its nodes keeps its place in the graph.
      if wire.opType == "Constant", case .constant(let tensor, _) = value {
        positions[wire.output[0]] = builder.constant(tensor)
      }
    }
    return try finish(network)
  }

  // MARK: Inputs, initialisers, outputs

  private mutating func addInitializers(_ network: WireNetwork) throws(ModelFormatError) {
    for (index, weights) in network.initializer.enumerated() {
      let place = "initialiser " + (weights.name.isEmpty ? "\(index)" : quoted(weights.name))
      guard !weights.name.isEmpty else {
        throw ModelFormatError(.malformed, file: file, place: place, problem: "has no name")
      }
      let value: ImportedValue
      do {
        switch try ONNXConstant(weights) {
        case .real(let tensor, let type): value = .constant(tensor, type: type)
        case .integers(let constant): value = .integers(constant)
        }
      } catch {
        throw error.located(file: file, place: place)
      }
      try define(weights.name, as: value, place: place)
    }
  }

  private mutating func addInputs(_ network: WireNetwork) throws(ModelFormatError) {
    guard network.input.count - network.initializer.count <= ONNXLimits.inputs else {
      throw ModelFormatError(
        .tooLarge, file: file, problem: "declares more than \(ONNXLimits.inputs) inputs")
    }
    var seen: Set<String> = []
    for input in network.input {
      let place = "input \(quoted(input.name))"
      guard !input.name.isEmpty else {
        throw ModelFormatError(.malformed, file: file, place: "input", problem: "has no name")
      }
      guard seen.insert(input.name).inserted else {
        throw ModelFormatError(.duplicateName, file: file, place: place, problem: "is declared twice")
      }
      if values[input.name] != nil {
        // Up to format 3 every initialiser is also listed as an input; later such an input may be overridden.
        guard format <= 3 else {
          throw ModelFormatError(
            .ambiguous, file: file, place: place, problem: "is an input and has a default value",
            fix: "export with the initialisers kept out of the inputs")
        }
        continue
      }
      let (type, shape) = try declaredType(input, place: place)
      let kind: Input.Kind = type == .int64 ? .index : .real
      guard kind == .real || shape.count == 1 else {
        throw ModelFormatError(
          .shape, file: file, place: place,
          problem: "is an int64 input of shape \(shape), an index is one number")
      }
      let position: Int
      do {
        position = try builder.input(input.name, shape: shape, kind: kind)
      } catch {
        throw ModelFormatError(.duplicateName, file: file, place: place, problem: "\(error)")
      }
      positions[input.name] = position
      try define(
        input.name,
        as: kind == .index
          ? .index(position: position, shape: shape) : .real(position: position, shape: shape, type: type),
        place: place)
    }
  }

  private mutating func define(_ name: String, as value: ImportedValue, place: String)
    throws(ModelFormatError)
  {
    guard values[name] == nil, definitions[name] == nil else {
      throw ModelFormatError(
        .duplicateName, file: file, place: place, problem: "the name is defined twice",
        fix: "give every value one name")
    }
    values[name] = value
  }

  /// Element type and shape of an input, the batch taken as one.
  private func declaredType(
    _ info: WireValueInfo, place: String
  ) throws(ModelFormatError) -> (ONNXElementType, Shape) {
    let (type, extents) = try declaration(info, place: place)
    guard let extents else {
      throw ModelFormatError(
        .shape, file: file, place: place, problem: "declares no shape",
        fix: "export the model with input shapes")
    }
    var fixed: [Int] = []
    for (axis, extent) in extents.enumerated() {
      guard let known = extent ?? (axis == 0 ? 1 : nil) else {
        throw ModelFormatError(
          .shape, file: file, place: place, problem: "has no fixed extent on axis \(axis)",
          fix: "only the first axis, the batch, may be dynamic")
      }
      fixed.append(known)
    }
    do {
      let shape = try Shape(fixed)
      guard shape.count <= ONNXLimits.elements else {
        throw ModelFormatError(
          .tooLarge, file: file, place: place,
          problem: "has shape \(shape), more than \(ONNXLimits.elements) elements")
      }
      return (type, shape)
    } catch let error as GraphError {
      throw ModelFormatError(.shape, file: file, place: place, problem: error.description)
    } catch let error as ModelFormatError {
      throw error
    } catch {
      throw ModelFormatError(.shape, file: file, place: place, problem: "\(error)")
    }
  }

  /// Declared element type and extents, nil for an extent that is not fixed; no extents where none are declared.
  private func declaration(
    _ info: WireValueInfo, place: String
  ) throws(ModelFormatError) -> (ONNXElementType, [Int?]?) {
    guard case .tensorType(let dense)? = info.type.value else {
      throw ModelFormatError(
        .elementType, file: file, place: place,
        problem: info.hasType && info.type.value != nil ? "is not a dense tensor" : "declares no type")
    }
    let type: ONNXElementType
    do { type = try ONNXElementType.of(code: dense.elemType) } catch {
      throw error.located(file: file, place: place)
    }
    guard dense.hasShape else { return (type, nil) }
    guard dense.shape.dim.count <= ONNXLimits.rank else {
      throw ModelFormatError(
        .tooLarge, file: file, place: place,
        problem: "declares \(dense.shape.dim.count) axes, more than \(ONNXLimits.rank)")
    }
    return (
      type,
      dense.shape.dim.map { extent in
        if case .dimValue(let value)? = extent.value { return Int(value) }
        return nil
      }
    )
  }

  private mutating func finish(_ network: WireNetwork) throws(ModelFormatError) -> Graph {
    guard !network.output.isEmpty else {
      throw ModelFormatError(.malformed, file: file, problem: "declares no output")
    }
    var outputs: [Int] = []
    var seen: Set<String> = []
    for output in network.output {
      let place = "output \(quoted(output.name))"
      guard seen.insert(output.name).inserted else {
        throw ModelFormatError(.duplicateName, file: file, place: place, problem: "is declared twice")
      }
      guard let value = values[output.name] else {
        throw ModelFormatError(.missingValue, file: file, place: place, problem: "nothing computes it")
      }
      let (type, extents) = try declaration(output, place: place)
      guard type == value.type else {
        throw ModelFormatError(
          .elementType, file: file, place: place,
          problem: "is declared as \(type.name), the network computes \(value.type.name)")
      }
      if let extents {
        let agrees =
          extents.count == value.extents.count
          && zip(extents, value.extents).allSatisfy { $0 == nil || $0 == $1 }
        guard agrees else {
          let text = extents.map { $0.map(String.init) ?? "?" }.joined(separator: ", ")
          throw ModelFormatError(
            .shape, file: file, place: place,
            problem: "is declared with shape [\(text)], the network computes \(value.extents)",
            fix: "export the model again with shape inference")
        }
      }
      switch value {
      case .index, .integers:
        throw ModelFormatError(
          .elementType, file: file, place: place, problem: "holds integers, not real numbers")
      case .real, .constant:
        do {
          outputs.append(try position(of: ImportedOperand(name: output.name, value: value)))
        } catch {
          throw ModelFormatError(.shape, file: file, place: place, problem: "\(error)")
        }
      }
    }
    do {
      return try builder.build(outputs: outputs)
    } catch {
      throw ModelFormatError(.malformed, file: file, problem: "\(error)")
    }
  }

  // MARK: What operator rules use

  /// An operand of a node.
  func operand(_ position: Int, of node: ImportedNode) throws(ModelFormatError) -> ImportedOperand {
    guard let name = node.operandName(position) else {
      throw node.error(.malformed, "operand \(position) is missing")
    }
    if let value = values[name] { return ImportedOperand(name: name, value: value) }
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

  /// Counts elements of a constant that import derives from others.
  mutating func charge(_ count: Int, in node: ImportedNode) throws(ModelFormatError) {
    derivedElements += count
    guard count <= ONNXLimits.elements, derivedElements <= ONNXLimits.derivedElements else {
      throw node.error(
        .tooLarge, "constants derived from the weights have more than \(ONNXLimits.derivedElements) elements",
        fix: "simplify the model before export")
    }
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

  // MARK: Positions

  /// The node that holds real numbers under the shape that the file gives them.
  private mutating func position(of operand: ImportedOperand) throws(GraphError) -> Int {
    switch operand.value {
    case .real(let position, let shape, _):
      if builder.shape(at: position) == shape { return position }
      return try builder.apply(.reshape(shape), [position])
    case .constant(let tensor, _):
      if let known = positions[operand.name] { return known }
      let position = builder.constant(tensor)
      if !operand.name.isEmpty { positions[operand.name] = position }
      return position
    case .index(let position, _): return position
    case .integers:
      throw GraphError.unsupported("integers \(quoted(operand.name)) stand where numbers are wanted")
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
