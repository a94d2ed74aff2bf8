/// ReduceSum, and ReduceMean of a power of two elements: sums along constant axes.
func importReduce(isMean: Bool) -> OperatorTable.Rule {
  { (network, node) throws(ModelFormatError) in
    let takesOperand = node.operatorSet >= (isMean ? 18 : 13)
    try node.expect(
      operands: takesOperand ? 1...2 : 1...1,
      attributes: ["keepdims"] + (takesOperand ? ["noop_with_empty_axes"] : ["axes"]))
    let operand = try network.realOperand(0, of: node)
    let given = operand.value.extents
    let listed: [Int]
    if takesOperand {
      listed = node.operandName(1) == nil ? [] : try network.integers(1, of: node)
    } else {
      listed = try node.integers("axes") ?? []
    }
    if listed.isEmpty, try node.integer("noop_with_empty_axes") ?? 0 != 0 { return operand.value }
    var axes: Set<Int> = []
    for axis in listed {
      let place = axis < 0 ? axis &+ given.count : axis
      guard given.indices.contains(place), axes.insert(place).inserted else {
        throw node.error(.shape, "axis \(axis) does not exist in shape \(given) or is named twice")
      }
    }
    if listed.isEmpty { axes = Set(given.indices) }
    let kept = given.indices.map { axes.contains($0) ? 1 : given[$0] }
    let summed = RowMajor(given.indices.map { axes.contains($0) ? given[$0] : 1 })
    let weight = isMean ? try exactReciprocal(summed.count, in: node) : 1
    let (source, result) = (RowMajor(given), RowMajor(kept))
    try network.charge(source.count, in: node)
    let offsets = (0..<summed.count).map { source.offset(summed.index($0)) }
    let value = try network.sparse(operand, to: kept, in: node) { row in
      let start = source.offset(result.index(row))
      return offsets.map { (start + $0, weight) }
    }
    guard try node.integer("keepdims") ?? 1 == 0 else { return value }
    let extents = given.indices.filter { !axes.contains($0) }.map { given[$0] }
    return try network.reshape(
      ImportedOperand(derived: value), to: extents, keepsNode: false, in: node)
  }
}
