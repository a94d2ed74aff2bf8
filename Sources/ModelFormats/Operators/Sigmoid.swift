import TensorGraph

/// Sigmoid: `1 / (1 + exp(-x))`.
func importSigmoid(
  _ network: inout NetworkImport, _ node: ImportedNode
) throws(ModelFormatError) -> ImportedValue {
  try node.expect(operands: 1...1)
  return try network.apply(.sigmoid, [try network.realOperand(0, of: node)], in: node)
}

extension NetworkExport {
  mutating func exportSigmoid(_ operand: Int, as name: String) {
    add(node: "Sigmoid", inputs: [names[operand]], output: name)
  }
}
