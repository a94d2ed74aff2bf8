import TensorGraph

/// Identity: another name for a value.
func importIdentity(
  _ network: inout NetworkImport, _ node: ImportedNode
) throws(ModelFormatError) -> ImportedValue {
  try node.expect(operands: 1...1)
  return try network.operand(0, of: node).value
}

/// Dropout: a network that is used, not trained, passes the value on and keeps every element.
func importDropout(
  _ network: inout NetworkImport, _ node: ImportedNode
) throws(ModelFormatError) -> [ImportedValue?] {
  if node.operatorSet < 12 {
    try node.expect(operands: 1...1, attributes: ["ratio"])
  } else {
    try node.expect(operands: 1...3, attributes: ["seed"])
    if let training = try network.optionalOperand(2, of: node) {
      guard case .integers(let flag) = training.value, flag.values == [0] else {
        throw node.error(.unsupportedFeature, "drops elements at random", fix: "export for inference")
      }
    }
  }
  let value = try network.operand(0, of: node).value
  // The mask is all true by the specification, and to some programs all false before operator set 12.
  return node.wire.output.count == 2 ? [value, nil] : [value]
}

/// Cast to a real type that has all numbers of the value's own, or of integers known at import to real numbers; every other
/// conversion rounds or is not about real numbers.
func importCast(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(
    operands: 1...1,
    attributes: ["to"] + (node.operatorSet >= 19 ? ["saturate"] : [])
      + (node.operatorSet >= 24 ? ["round_mode"] : []))
  let operand = try network.operand(0, of: node)
  guard let code = try node.integer("to") else { throw node.error(.malformed, "attribute `to` is missing") }
  let target: ONNXElementType
  do {
    target = try ONNXElementType.of(code: Int32(clamping: code))
  } catch {
    throw error.located(file: node.file, place: node.place)
  }
  if case .integers(let constant) = operand.value, target != .int64, !constant.values.isEmpty {
    try network.charge(integers: constant.values.count, in: node)
    let values = constant.values.map { target.number($0) }
    if let index = values.firstIndex(of: nil) {
      throw node.error(
        .unsupportedFeature, "converts \(constant.values[index]), which is no number of \(target.name)")
    }
    do {
      let tensor = try Tensor(shape: Shape(constant.extents), values: values.compactMap(\.self))
      return .constant(try network.weights.rounded(tensor), type: target)
    } catch let defect as FormatDefect {
      throw defect.located(file: node.file, place: node.place)
    } catch {
      throw node.error(.shape, "\(error)")
    }
  }
  switch operand.value {
  case .constant(let tensor, let type) where type.isContained(in: target):
    return .constant(tensor, type: target)
  case .real(let position, let shape, let type) where type.isContained(in: target):
    return .real(position: position, shape: shape, type: target)
  default: break
  }
  guard target == operand.value.type else {
    throw node.error(
      .unsupportedFeature, "converts \(operand.value.type.name) to \(target.name)",
      fix: "use one element type throughout")
  }
  return operand.value
}
