import TensorGraph

/// Softmax and LogSoftmax along an axis: over groups of elements that are moved together where they are apart.
func importSoftmax(isLogarithm: Bool) -> OperatorTable.Rule {
  { (network, node) throws(ModelFormatError) in
    try node.expect(operands: 1...1, attributes: ["axis"])
    let operand = try network.realOperand(0, of: node)
    let given = operand.value.extents
    let isAlongOne = node.operatorSet >= 13
    let axis = try node.integer("axis") ?? (isAlongOne ? -1 : 1)
    let place = axis < 0 ? axis &+ given.count : axis
    guard given.indices.contains(place) else {
      throw node.error(.shape, "axis \(axis) does not exist in shape \(given)")
    }
    // Before operator set 13 all axes from the given one on count as one.
    let groups = AxisGroups(given, over: isAlongOne ? [place] : Set(place..<given.count))
    // Every result depends on every element of its group.
    try network.charge(try network.product([groups.count, groups.size], in: node), in: node)
    let operation: Operation
    do {
      operation = .softmax(try Softmax(size: groups.size, isLogarithm: isLogarithm))
    } catch {
      throw node.error(.shape, "\(error)")
    }
    return try network.grouped(operand, groups, in: node) { (network, value) throws(ModelFormatError) in
      try network.apply(operation, [value], in: node)
    }
  }
}

extension NetworkImport {
  /// Applies an operator of consecutive groups to groups along any axes: moves their elements together and the results
  /// back, where that changes anything.
  mutating func grouped(
    _ operand: ImportedOperand, _ groups: AxisGroups, in node: ImportedNode,
    apply: (inout NetworkImport, ImportedOperand) throws(ModelFormatError) -> ImportedValue
  ) throws(ModelFormatError) -> ImportedValue {
    let given = operand.value.extents
    let count = groups.extents.reduce(1, *)
    try charge(try product([groups.count, 2], in: node), in: node)
    let order = (0..<count).flatMap { groups.elements($0) }
    guard order != Array(order.indices) else { return try apply(&self, operand) }
    var place = order
    for (position, element) in order.enumerated() { place[element] = position }
    let together = try select(operand, to: [count, groups.size], in: node) { order[$0] }
    let values = try apply(&self, ImportedOperand(derived: together))
    return try select(ImportedOperand(derived: values), to: given, in: node) { place[$0] }
  }
}

extension NetworkExport {
  /// Softmax along the last axis, between two reshapes where the groups are not that axis.
  mutating func exportSoftmax(_ softmax: Softmax, _ operand: Int, shape: Shape, as name: String) {
    var attribute = WireAttribute()
    attribute.name = "axis"
    attribute.type = 2
    attribute.i = -1
    let operation = softmax.isLogarithm ? "LogSoftmax" : "Softmax"
    guard shape.extents.last != softmax.size else {
      add(node: operation, inputs: [names[operand]], output: name, attributes: [attribute])
      return
    }
    let rows = add(integers: [shape.count / softmax.size, softmax.size], name: "\(base)_rows")
    let whole = add(integers: shape.extents, name: "\(base)_shape")
    add(node: "Reshape", inputs: [names[operand], rows], output: "\(base)_grouped")
    add(node: operation, inputs: ["\(base)_grouped"], output: "\(base)_values", attributes: [attribute])
    add(node: "Reshape", inputs: ["\(base)_values", whole], output: name)
  }
}
