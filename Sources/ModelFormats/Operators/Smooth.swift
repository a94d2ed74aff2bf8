import TensorGraph

// Sigmoid, Tanh, Softplus, Exp, Sin, Cos and Gelu are operators of ONNX. SiLU is written as `x * Sigmoid(x)` and read
// back from that product.

/// An operator that is one smooth function of each element.
func importSmooth(
  _ function: SmoothFunction
) -> @Sendable (inout NetworkImport, ImportedNode) throws(ModelFormatError) -> ImportedValue {
  { (network, node) throws(ModelFormatError) in
    try node.expect(operands: 1...1)
    return try network.apply(.smooth(function), [try network.realOperand(0, of: node)], in: node)
  }
}

/// Gelu: `x Phi(x)`; its approximation by a hyperbolic tangent is another function.
func importGelu(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: ["approximate"])
  let approximation = try node.text("approximate") ?? "none"
  guard approximation == "none" else {
    throw node.error(
      .unsupportedFeature, "the approximation \(quoted(approximation)) is not supported",
      fix: "export the exact function, `approximate` = `none`")
  }
  return try network.apply(.smooth(.gelu), [try network.realOperand(0, of: node)], in: node)
}

extension NetworkImport {
  /// `x * Sigmoid(x)` as one function, or nil for another product.
  mutating func gated(
    _ left: ImportedOperand, _ right: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue? {
    for (value, gate) in [(left, right), (right, left)] {
      guard case .real(let position, let shape, _) = value.value,
        case .real(let other, let otherShape, _) = gate.value, shape == otherShape,
        let source = builder.operand(ofSmooth: .sigmoid, at: other), source == position
      else { continue }
      return try apply(.smooth(.silu), [value], in: node)
    }
    return nil
  }
}

extension NetworkExport {
  mutating func exportSmooth(
    _ function: SmoothFunction, _ operand: Int, as name: String
  ) throws(ModelFormatError) {
    switch function {
    case .sigmoid, .tanh, .softplus, .exp, .sin, .cos:
      add(node: function.name, inputs: [names[operand]], output: name)
    case .silu:
      let gate = name + "_gate"
      add(node: "Sigmoid", inputs: [names[operand]], output: gate)
      add(node: "Mul", inputs: [names[operand], gate], output: name)
    case .gelu:
      throw ModelFormatError(
        .unsupportedOperator, file: "the network", place: name,
        problem: "GELU has no operator in the version of ONNX that is written")
    }
  }
}
