/// Row `index` of a table of shape `[rows, columns]`; the index is one number.
func gatherShape(table: Shape, index: Shape) throws(GraphError) -> Shape {
  guard table.extents.count == 2, index.count == 1 else {
    throw GraphError.shape("Gather takes a table and one index, not shapes \(table) and \(index)")
  }
  return try Shape([1, table.extents[1]])
}

func gatherValues<Scalar: GraphScalar>(_ operands: [[Scalar]], shapes: [Shape]) throws(GraphError) -> [Scalar]
{
  let rows = shapes[0].extents[0]
  let columns = shapes[0].extents[1]
  guard let index = operands[1].first as? Double, index == index.rounded(), index >= 0, index < Double(rows)
  else {
    throw GraphError.reference("Gather needs a constant index in 0 ..< \(rows)")
  }
  let start = Int(index) * columns
  return Array(operands[0][start..<start + columns])
}
