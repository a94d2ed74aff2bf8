import TensorGraph

/// Concat: joins real values along an axis.
func importConcat(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...Int.max, attributes: ["axis"])
  var operands: [ImportedOperand] = []
  for position in node.wire.input.indices { operands.append(try network.realOperand(position, of: node)) }
  guard let axis = try node.integer("axis") else {
    throw node.error(.malformed, "attribute `axis` is missing")
  }
  let rank = operands[0].value.extents.count
  guard axis >= -rank, axis < rank else {
    throw node.error(.shape, "axis \(axis) does not exist in shape \(operands[0].value.extents)")
  }
  return try network.apply(.concat(axis: axis < 0 ? axis + rank : axis), operands, in: node)
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
