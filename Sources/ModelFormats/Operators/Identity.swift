import TensorGraph

/// Identity: another name for a value.
func importIdentity(
  _ network: inout NetworkImport, _ node: ImportedNode
) throws(ModelFormatError) -> ImportedValue {
  try node.expect(operands: 1...1)
  return try network.operand(0, of: node).value
}

/// Cast to the type that the value has already; every other conversion rounds or is not about real numbers.
func importCast(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: node.operatorSet >= 19 ? ["saturate", "to"] : ["to"])
  let operand = try network.operand(0, of: node)
  guard let code = try node.integer("to") else { throw node.error(.malformed, "attribute `to` is missing") }
  let target: ONNXElementType
  do {
    target = try ONNXElementType.of(code: Int32(clamping: code))
  } catch {
    throw error.located(file: node.file, place: node.place)
  }
  guard target == operand.value.type else {
    throw node.error(
      .unsupportedFeature, "converts \(operand.value.type.name) to \(target.name)",
      fix: "use one element type throughout")
  }
  return operand.value
}
