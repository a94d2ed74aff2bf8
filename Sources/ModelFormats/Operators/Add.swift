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

/// Sum and Mean of several values, which are repeated to their common shape and added in any order.
///
/// A program may multiply the sum with the rounded inverse of the number of values, two roundings, where it divides.
func importTotal(isMean: Bool) -> OperatorTable.Rule {
  { (network, node) throws(ModelFormatError) in
    let operands = try network.realOperands(of: node)
    let total: ImportedValue
    switch operands.count {
    case 1: return operands[0].value
    case 2: total = try network.sum(operands[0], operands[1], in: node)
    default:
      let (rows, shape) = try network.sideBySide(operands, in: node)
      let sum = try network.sparse(rows, to: [shape.count], in: node) { row in
        operands.indices.map { (row * operands.count + $0, 1) }
      }
      total = try network.reshape(
        ImportedOperand(derived: sum), to: shape.extents, keepsNode: false, in: node)
    }
    guard isMean else { return total }
    let mean = try network.divide(
      ImportedOperand(derived: total), by: Double(operands.count), in: node)
    return try network.allow(mean, roundings: 2, in: node)
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
