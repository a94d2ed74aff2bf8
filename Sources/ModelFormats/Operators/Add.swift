import TensorGraph

/// Add: elementwise sum.
func importAdd(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 2...2)
  if let folded = try network.integerArithmetic(node, { $0.addingReportingOverflow($1) }) { return folded }
  let left = try network.realOperand(0, of: node)
  let right = try network.realOperand(1, of: node)
  return try network.sum(left, right, in: node)
}

/// Sub: the sum with the negated second operand.
func importSub(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 2...2)
  if let folded = try network.integerArithmetic(node, { $0.subtractingReportingOverflow($1) }) {
    return folded
  }
  let left = try network.realOperand(0, of: node)
  let right = try network.realOperand(1, of: node)
  let negated = try network.negation(of: right, in: node)
  return try network.sum(left, ImportedOperand(derived: negated), in: node)
}

/// Sum and Mean of several values, which are repeated to their common shape.
func importTotal(isMean: Bool) -> OperatorTable.Rule {
  { (network, node) throws(ModelFormatError) in
    try node.expect(operands: 1...Int.max)
    var total = try network.realOperand(0, of: node)
    for position in node.wire.input.indices.dropFirst() {
      let next = try network.realOperand(position, of: node)
      total = ImportedOperand(derived: try network.sum(total, next, in: node))
    }
    guard isMean, node.wire.input.count > 1 else { return total.value }
    return try network.divide(total, by: Double(node.wire.input.count), in: node)
  }
}

extension NetworkImport {
  /// The sum of two values under the broadcasting rule of the ONNX specification.
  mutating func sum(
    _ left: ImportedOperand, _ right: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let shape = try broadcastShape(left.value.extents, right.value.extents, in: node)
    let operands = [try broadcast(left, to: shape, in: node), try broadcast(right, to: shape, in: node)]
    return try apply(.add, operands, in: node)
  }
}

extension NetworkExport {
  mutating func exportAdd(_ operands: [Int], as name: String) {
    add(node: "Add", inputs: operands.map { names[$0] }, output: name)
  }
}
