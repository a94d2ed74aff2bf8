import TensorGraph

/// Gather: elements of a value or of known integers along an axis at constant positions, or one row of a constant table, by
/// an index that the caller chooses or that is constant.
func importGather(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 2...2, attributes: ["axis"])
  let table = try network.knownOrReal(0, of: node)
  let index = try network.operand(1, of: node)
  if table.value.tensor == nil, case .integers(let positions) = index.value {
    return try network.take(table, positions, axis: try node.integer("axis") ?? 0, in: node)
  }
  guard try node.integer("axis") ?? 0 == 0 else {
    throw node.error(.unsupportedFeature, "gathers along another axis than 0", fix: "gather rows of a table")
  }
  guard case .constant(let tensor, let type) = table.value, tensor.shape.extents.count == 2 else {
    throw node.error(
      .unsupportedFeature, "\(quoted(table.name)) of shape \(table.value.extents) is not a constant matrix",
      fix: "gather rows of a constant table")
  }
  switch index.value {
  case .index(let position, let shape):
    return try network.gather(table: table, index: (position, shape), in: node)
  case .integers(let constant):
    guard constant.values.count == 1, let given = constant.values.first else {
      throw node.error(.unsupportedFeature, "gathers \(constant.values.count) rows", fix: "gather one row")
    }
    let (rows, columns) = (tensor.shape.extents[0], tensor.shape.extents[1])
    guard given >= -rows, given < rows else {
      throw node.error(.shape, "index \(given) lies outside a table of \(rows) rows")
    }
    let start = (given < 0 ? given + rows : given) * columns
    try network.charge(columns, in: node)
    do {
      let shape = try Shape(constant.extents + [columns])
      return .constant(
        try Tensor(shape: shape, values: Array(tensor.values[start..<start + columns])), type: type)
    } catch {
      throw node.error(.shape, "\(error)")
    }
  case .real, .constant:
    throw node.error(.elementType, "the index \(quoted(index.name)) is not an integer")
  }
}

extension NetworkImport {
  /// Elements of a computed value, or of integers known at import, along an axis.
  fileprivate mutating func take(
    _ operand: ImportedOperand, _ positions: IntegerConstant, axis: Int, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let given = operand.value.extents
    let place = axis < 0 ? axis &+ given.count : axis
    guard given.indices.contains(place) else {
      throw node.error(.shape, "axis \(axis) does not exist in shape \(given)")
    }
    let extent = given[place]
    var chosen: [Int] = []
    for position in positions.values {
      guard position >= -extent, position < extent else {
        throw node.error(.shape, "index \(position) lies outside axis \(axis) of shape \(given)")
      }
      chosen.append(position < 0 ? position + extent : position)
    }
    let inner = given[(place + 1)...].reduce(1, *)
    let extents = given[..<place] + positions.extents + given[(place + 1)...]
    return try select(operand, to: Array(extents), in: node) { element in
      let (outer, rest) = (element / (chosen.count * inner), element % (chosen.count * inner))
      return (outer * extent + chosen[rest / inner]) * inner + rest % inner
    }
  }
}

extension NetworkExport {
  /// The result has the shape `[1, columns]` here; in the file it has the index's axes in front.
  mutating func exportGather(_ operands: [Int], as name: String) throws(ModelFormatError) {
    guard case .constant = graph.nodes[operands[0]].operation, isIndex[operands[1]] else {
      throw error(.unsupportedFeature, place: name, "Gather needs a constant table and an index input")
    }
    let inputs = operands.map { names[$0] }
    if graph.nodes[operands[1]].shape.extents.count == 1 {
      add(node: "Gather", inputs: inputs, output: name)
    } else {
      add(node: "Gather", inputs: inputs, output: "\(base)_row")
      let shape = add(integers: [1, graph.nodes[operands[0]].shape.extents[1]], name: "\(base)_shape")
      add(node: "Reshape", inputs: ["\(base)_row", shape], output: name)
    }
  }
}
