func concatShape(_ operands: [Shape], axis: Int) throws(GraphError) -> Shape {
  guard let first = operands.first, first.extents.indices.contains(axis) else {
    throw GraphError.shape("Concat has no axis \(axis) in shapes \(operands)")
  }
  var extents = first.extents
  extents[axis] = 0
  for operand in operands {
    guard operand.extents.count == extents.count,
      zip(operand.extents, first.extents).enumerated().allSatisfy({ $0 == axis || $1.0 == $1.1 })
    else { throw GraphError.shape("Concat cannot join shapes \(operands) along axis \(axis)") }
    extents[axis] += operand.extents[axis]
  }
  return try Shape(extents)
}

func concatValues<Scalar: GraphScalar>(_ operands: [[Scalar]], shapes: [Shape], axis: Int) -> [Scalar] {
  let outer = shapes[0].extents[..<axis].reduce(1, *)
  var values: [Scalar] = []
  for block in 0..<outer {
    for (operand, shape) in zip(operands, shapes) {
      let width = shape.count / outer
      values.append(contentsOf: operand[block * width..<(block + 1) * width])
    }
  }
  return values
}
