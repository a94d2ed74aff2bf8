/// Tile: a value repeated a constant number of times along each axis.
func importTile(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 2...2)
  let operand = try network.knownOrReal(0, of: node)
  let repeats = try network.integers(1, of: node)
  let given = operand.value.extents
  guard repeats.count == given.count, repeats.allSatisfy({ $0 > 0 }) else {
    throw node.error(.shape, "repeats a value of shape \(given) by \(repeats)")
  }
  var extents: [Int] = []
  for (extent, count) in zip(given, repeats) {
    extents.append(try network.product([extent, count], in: node))
  }
  _ = try network.product(extents, in: node)
  if extents == given { return operand.value }
  let (source, target) = (RowMajor(given), RowMajor(extents))
  return try network.select(operand, to: extents, in: node) { element in
    source.offset(zip(target.index(element), given).map { $0 % $1 })
  }
}
