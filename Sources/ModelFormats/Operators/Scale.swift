import TensorGraph

/// Neg: multiplication by minus one.
func importNeg(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 1...1)
  let operand = try network.realOperand(0, of: node)
  return try network.negation(of: operand, in: node)
}

extension NetworkImport {
  /// The negated value; exact on constants of any magnitude.
  mutating func negation(of operand: ImportedOperand, in node: ImportedNode) throws(ModelFormatError)
    -> ImportedValue
  {
    guard case .constant(let tensor, let type) = operand.value else {
      return try apply(.scale(-1), [operand], in: node)
    }
    try charge(tensor.values.count, in: node)
    do {
      return .constant(try Tensor(shape: tensor.shape, values: tensor.values.map { -$0 }), type: type)
    } catch {
      throw node.error(.nonFinite, "\(error)")
    }
  }
}

extension NetworkExport {
  mutating func exportScale(_ factor: Double, _ operand: Int, as name: String) throws(ModelFormatError) {
    let constant = try add(constant: [factor], extents: [], name: "\(base)_factor", place: name)
    add(node: "Mul", inputs: [names[operand], constant], output: name)
  }
}
