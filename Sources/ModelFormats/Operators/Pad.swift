import TensorGraph

/// Pad: places with one constant number before and after each axis.
func importPad(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  let operand: ImportedOperand
  let pads: [Int]
  var filling = 0.0
  if node.operatorSet < 11 {
    try node.expect(operands: 1...1, attributes: ["mode", "pads", "value"])
    operand = try network.realOperand(0, of: node)
    guard let list = try node.integers("pads") else { throw node.error(.malformed, "`pads` is missing") }
    (pads, filling) = (list, try node.float("value") ?? 0)
  } else {
    try node.expect(operands: 2...3, attributes: ["mode"])
    operand = try network.realOperand(0, of: node)
    pads = try network.integers(1, of: node)
    if node.operandName(2) != nil {
      let constant = try network.realOperand(2, of: node)
      guard let tensor = constant.value.tensor, tensor.values.count == 1 else {
        throw node.error(.unsupportedFeature, "the number to pad with is not constant")
      }
      filling = tensor.values[0]
    }
  }
  let mode = try node.text("mode") ?? "constant"
  guard mode == "constant" else {
    throw node.error(.unsupportedFeature, "`mode` is \(quoted(mode))", fix: "pad with a constant")
  }
  let given = operand.value.extents
  guard pads.count == 2 * given.count, pads.allSatisfy({ 0...ONNXLimits.elements ~= $0 }) else {
    throw node.error(
      .unsupportedFeature, "`pads` is \(pads) for a value of shape \(given)",
      fix: "give one number that is not negative for each end of each axis")
  }
  let extents = given.indices.map { pads[$0] + given[$0] + pads[given.count + $0] }
  let count = try network.product(extents, in: node)
  try network.charge(count, in: node)
  let (source, target) = (RowMajor(given), RowMajor(extents))
  func element(_ offset: Int) -> Int? {
    var place = 0
    for (axis, at) in target.index(offset).enumerated() {
      let inner = at - pads[axis]
      guard inner >= 0, inner < given[axis] else { return nil }
      place += inner * source.strides[axis]
    }
    return place
  }
  let bias = (0..<count).map { element($0) == nil ? filling : 0 }
  return try network.sparse(operand, to: extents, bias: bias, in: node) { row in
    element(row).map { [($0, 1)] } ?? []
  }
}
