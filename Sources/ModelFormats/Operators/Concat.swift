import TensorGraph

/// Concat: joins real values along an axis, or lists of integers known at import.
func importConcat(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...Int.max, attributes: ["axis"])
  guard let axis = try node.integer("axis") else {
    throw node.error(.malformed, "attribute `axis` is missing")
  }
  if let list = try network.joinedIntegers(node) {
    guard axis == 0 || axis == -1 else { throw node.error(.shape, "joins lists along axis \(axis)") }
    return list
  }
  var operands: [ImportedOperand] = []
  for position in node.wire.input.indices { operands.append(try network.realOperand(position, of: node)) }
  let rank = operands[0].value.extents.count
  guard axis >= -rank, axis < rank else {
    throw node.error(.shape, "axis \(axis) does not exist in shape \(operands[0].value.extents)")
  }
  let place = axis < 0 ? axis + rank : axis
  let isInner = operands.contains { $0.value.extents.prefix(place).contains { $0 != 1 } }
  guard isInner else { return try network.apply(.concat(axis: place), operands, in: node) }
  return try network.innerConcat(operands, axis: place, in: node)
}

extension NetworkImport {
  /// Lists of integers known at import, one after the other; nil where an operand is no such list.
  fileprivate mutating func joinedIntegers(_ node: ImportedNode) throws(ModelFormatError) -> ImportedValue? {
    var values: [Int] = []
    for position in node.wire.input.indices {
      guard case .integers(let constant) = try operand(position, of: node).value,
        constant.extents.count == 1
      else { return nil }
      try charge(integers: constant.values.count, in: node)
      values += constant.values
    }
    return .integers(IntegerConstant(extents: [values.count], values: values))
  }

  /// Joins along an axis with others before it: the elements one after the other, then a permutation.
  fileprivate mutating func innerConcat(
    _ operands: [ImportedOperand], axis: Int, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let shape: Shape
    do {
      shape = try Operation.concat(axis: axis).outputShape(of: operands.map { try Shape($0.value.extents) })
    } catch {
      throw node.error(.shape, "\(error)")
    }
    try checkSize(shape, in: node)
    let extents = shape.extents
    let outer = extents[..<axis].reduce(1, *)
    var flat: [ImportedOperand] = []
    var elements: [(start: Int, length: Int)] = []
    var start = 0
    for operand in operands {
      let count = operand.value.extents.reduce(1, *)
      let value = try reshape(operand, to: [count], keepsNode: false, in: node)
      flat.append(ImportedOperand(derived: value))
      elements.append((start, count / outer))
      start += count
    }
    var order: [Int] = []
    order.reserveCapacity(start)
    for row in 0..<outer {
      for part in elements { order += (0..<part.length).map { part.start + row * part.length + $0 } }
    }
    let joined = ImportedOperand(derived: try apply(.concat(axis: 0), flat, in: node))
    return try select(joined, to: extents, in: node) { order[$0] }
  }
}

extension NetworkExport {
  mutating func exportConcat(axis: Int, _ operands: [Int], as name: String) {
    var attribute = WireAttribute()
    attribute.name = "axis"
    attribute.type = 2
    attribute.i = Int64(axis)
    add(node: "Concat", inputs: operands.map { names[$0] }, output: name, attributes: [attribute])
  }
}
