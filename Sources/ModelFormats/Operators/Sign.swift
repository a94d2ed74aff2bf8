import TensorGraph

/// Sign: one, zero or minus one.
func importSign(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1)
  return try network.apply(.sign, [try network.realOperand(0, of: node)], in: node)
}

extension NetworkExport {
  mutating func exportSign(_ operand: Int, as name: String) {
    add(node: "Sign", inputs: [names[operand]], output: name)
  }
}
