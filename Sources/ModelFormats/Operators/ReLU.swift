import TensorGraph

/// Relu: `max(x, 0)`.
func importRelu(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1)
  return try network.apply(.relu, [try network.realOperand(0, of: node)], in: node)
}

extension NetworkExport {
  mutating func exportReLU(_ operand: Int, as name: String) {
    add(node: "Relu", inputs: [names[operand]], output: name)
  }
}
