import TensorGraph

/// Blocks of the operands in turn, as row-major order has them.
func encodeConcat(axis: Int, at site: OperatorSite) -> [RealTerm] {
  let outer = site.node.shape.extents[..<axis].reduce(1, *)
  var values: [RealTerm] = []
  values.reserveCapacity(site.node.shape.count)
  for block in 0..<outer {
    for operand in site.operands {
      let width = operand.count / outer
      values.append(contentsOf: operand[block * width..<(block + 1) * width])
    }
  }
  return values
}
