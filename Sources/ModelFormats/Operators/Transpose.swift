/// Transpose: permutes the axes; reverses them where no permutation is given.
func importTranspose(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: ["perm"])
  let operand = try network.realOperand(0, of: node)
  let given = operand.value.extents
  let order = try node.integers("perm") ?? Array(given.indices.reversed())
  guard order.sorted() == Array(given.indices) else {
    throw node.error(.shape, "`perm` is \(order) for a value of shape \(given)")
  }
  let extents = order.map { given[$0] }
  // Axes of extent one may move freely.
  if order.filter({ given[$0] != 1 }) == order.filter({ given[$0] != 1 }).sorted() {
    return try network.reshape(operand, to: extents, keepsNode: false, in: node)
  }
  let (source, target) = (RowMajor(given), RowMajor(extents))
  return try network.select(operand, to: extents, in: node) { element in
    zip(order, target.index(element)).reduce(0) { $0 + source.strides[$1.0] * $1.1 }
  }
}
