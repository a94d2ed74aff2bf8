import TensorGraph

/// Gelu: `x Phi(x)`, or its approximation by a hyperbolic tangent, which is another function.
func importGelu(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: ["approximate"])
  let approximation = try node.text("approximate") ?? "none"
  let functions: [String: SmoothFunction] = ["none": .gelu, "tanh": .tanhGELU]
  guard let function = functions[approximation] else {
    throw node.error(
      .unsupportedFeature, "the approximation \(quoted(approximation)) is not supported",
      fix: "export the exact function, `approximate` = `none`, or `tanh`")
  }
  return try network.apply(.smooth(function), [try network.realOperand(0, of: node)], in: node)
}

extension NetworkImport {
  /// `x * (1 + Erf(x / c))` or `x * (1 + Erf(c * x))`, of `x` or half of it, as twice a GELU or as one; nil for another
  /// product.
  mutating func gatedByError(
    _ left: ImportedOperand, _ right: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue? {
    for (value, gate) in [(left, right), (right, left)] {
      guard case .real(let position, let shape, let type) = value.value,
        case .real(let other, let otherShape, _) = gate.value, shape == otherShape,
        let (function, source) = errorGate(at: other)
      else { continue }
      let isHalf =
        builder.node(at: position).operation == .scale(0.5) && builder.node(at: position).operands == [source]
      guard isHalf || source == position else { continue }
      let operand = ImportedOperand(derived: .real(position: source, shape: shape, type: type))
      let unit = try apply(.smooth(function), [operand], in: node)
      return isHalf ? unit : try apply(.scale(2), [ImportedOperand(derived: unit)], in: node)
    }
    return nil
  }

  /// The GELU of which `1 + Erf(...)` at a position is the gate, and its operand.
  private func errorGate(at position: Int) -> (function: SmoothFunction, operand: Int)? {
    let sum = builder.node(at: position)
    guard case .add = sum.operation else { return nil }
    for (term, addend) in [(sum.operands[0], sum.operands[1]), (sum.operands[1], sum.operands[0])] {
      guard let ones = builder.tensor(at: addend), ones.values.allSatisfy({ $0 == 1 }),
        builder.node(at: term).operation == .smooth(.erf)
      else { continue }
      let argument = builder.node(at: builder.node(at: term).operands[0])
      switch argument.operation {
      case .divide(let divisor) where divisor.value == SmoothFunction.singleRootOfTwo:
        return (.quotientGELU, argument.operands[0])
      case .scale(SmoothFunction.singleRootOfHalf): return (.productGELU, argument.operands[0])
      default: continue
      }
    }
    return nil
  }

  /// Half of what `gatedByError` made twice a GELU; nil for another value.
  func halfOfGated(_ operand: ImportedOperand, as shape: Shape?) -> ImportedValue? {
    guard case .real(let position, let own, let type) = operand.value,
      builder.node(at: position).operation == .scale(2)
    else { return nil }
    let source = builder.node(at: position).operands[0]
    switch builder.node(at: source).operation {
    case .smooth(.quotientGELU), .smooth(.productGELU):
      return .real(position: source, shape: shape ?? own, type: type)
    default: return nil
    }
  }
}

extension NetworkExport {
  /// GELU by the error function of a quotient or product with a constant.
  mutating func exportGated(
    _ operand: Int, _ operation: String, _ constant: Double, as name: String
  ) throws(ModelFormatError) {
    func constantNamed(_ part: String, _ value: Double) throws(ModelFormatError) -> String {
      try add(constant: [value], extents: [], name: "\(base)_\(part)", place: name)
    }
    let root = try constantNamed("root", constant)
    let one = try constantNamed("one", 1)
    let half = try constantNamed("half", 0.5)
    add(node: operation, inputs: [names[operand], root], output: "\(base)_argument")
    add(node: "Erf", inputs: ["\(base)_argument"], output: "\(base)_erf")
    add(node: "Add", inputs: ["\(base)_erf", one], output: "\(base)_gate")
    add(node: "Mul", inputs: [names[operand], "\(base)_gate"], output: "\(base)_twice")
    add(node: "Mul", inputs: ["\(base)_twice", half], output: name)
  }
}
