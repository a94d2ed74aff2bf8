import TensorGraph

/// Mul: multiplication by a constant all of whose elements are equal, or of a value with its own logistic function.
func importMul(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 2...2)
  let operands = [try network.realOperand(0, of: node), try network.realOperand(1, of: node)]
  _ = try network.elementType(of: operands, in: node)
  let shape = try network.broadcastShape(operands[0].value.extents, operands[1].value.extents, in: node)
  if let gated = try network.gated(operands[0], operands[1], in: node) { return gated }
  for (value, factor) in [(operands[0], operands[1]), (operands[1], operands[0])] {
    guard let constant = factor.value.tensor, let first = constant.values.first,
      constant.values.allSatisfy({ $0.bitPattern == first.bitPattern }),
      Array(value.value.extents.drop { $0 == 1 }) == shape.squeezed
    else { continue }
    return try network.apply(.scale(first), [value], as: shape, in: node)
  }
  throw node.error(
    .unsupportedFeature, "neither operand is a constant whose elements are all equal",
    fix: "only multiplication by one constant number and `x * Sigmoid(x)` are supported")
}

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
