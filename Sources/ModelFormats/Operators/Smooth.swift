import Foundation
import TensorGraph

// Sigmoid, Tanh, Softplus, Exp, Sin, Cos, Reciprocal, Sqrt, Log, Erf and Gelu are operators of ONNX. SiLU is written as
// `x * Sigmoid(x)`, a square as `x * x`, GELU by the error function where the operator set has no Gelu, and all are read
// back from the product.

/// An operator that is one smooth function of each element.
func importSmooth(
  _ function: SmoothFunction
) -> @Sendable (inout NetworkImport, ImportedNode) throws(ModelFormatError) -> ImportedValue {
  { (network, node) throws(ModelFormatError) in
    try node.expect(operands: 1...1)
    return try network.apply(.smooth(function), [try network.realOperand(0, of: node)], in: node)
  }
}

/// Pow with a constant exponent: whole numbers from -8 to 8, one half and its negative.
///
/// A program that rounds may call a function, which is assumed to be within 8 roundings or `2^-120`, or take products,
/// at most eight of them, of the base or of its reciprocal, which is within 16: a product that underflows is off by
/// `2^-150`, and no factor behind it exceeds one where the base does not.
func importPow(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 2...2)
  let base = try network.realOperand(0, of: node)
  let exponent = try network.operand(1, of: node)
  let value: Double?
  switch exponent.value {
  case .constant(let tensor, _): value = tensor.values.count == 1 ? tensor.values[0] : nil
  case .integers(let constant): value = constant.values.count == 1 ? Double(constant.values[0]) : nil
  case .real, .index: value = nil
  }
  guard let value else {
    throw node.error(.unsupportedFeature, "the exponent is not one constant number")
  }
  let power: ImportedValue
  if value.magnitude == 0.5 {
    power = try network.apply(.smooth(.sqrt), [base], in: node)
  } else if value.magnitude >= 1, value.magnitude <= 8, value == value.rounded() {
    power = try network.power(of: base, Int(value.magnitude), in: node)
  } else {
    throw node.error(
      .unsupportedFeature,
      "the exponent \(value) is neither 0.5 nor a whole number from 1 to 8, nor such a negative",
      fix: "write the power as products, exponentials and logarithms")
  }
  var result = power
  if value < 0 {
    result = try network.apply(.smooth(.reciprocal), [ImportedOperand(derived: power)], in: node)
  }
  if value != 1 { result = try network.allow(result, roundings: 16, in: node) }
  // An exponent of more axes gives them to the result.
  let shape = try network.broadcastShape(base.value.extents, exponent.value.extents, in: node)
  guard shape.extents != base.value.extents else { return result }
  return try network.reshape(
    ImportedOperand(derived: result), to: shape.extents, keepsNode: false, in: node)
}

extension NetworkImport {
  /// A power by squares and products.
  fileprivate mutating func power(
    of base: ImportedOperand, _ exponent: Int, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    if exponent == 1 { return base.value }
    let half = ImportedOperand(derived: try power(of: base, exponent / 2, in: node))
    let even = try apply(.smooth(.square), [half], in: node)
    if exponent % 2 == 0 { return even }
    return try multiply(base, ImportedOperand(derived: even), in: node)
  }

  /// `x * Sigmoid(x)` as one function, or nil for another product.
  mutating func gated(
    _ left: ImportedOperand, _ right: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue? {
    for (value, gate) in [(left, right), (right, left)] {
      guard case .real(let position, let shape, _) = value.value,
        case .real(let other, let otherShape, _) = gate.value, shape == otherShape,
        builder.node(at: other).operation == .smooth(.sigmoid), builder.node(at: other).operands == [position]
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
    case .reciprocal, .sqrt, .log, .erf:
      add(node: function.name, inputs: [names[operand]], output: name)
    case .square: add(node: "Mul", inputs: [names[operand], names[operand]], output: name)
    case .silu:
      let gate = "\(base)_gate"
      add(node: "Sigmoid", inputs: [names[operand]], output: gate)
      add(node: "Mul", inputs: [names[operand], gate], output: name)
    case .gelu: add(node: "Gelu", inputs: [names[operand]], output: name)
    case .quotientGELU: try exportGated(operand, "Div", SmoothFunction.singleRootOfTwo, as: name)
    case .productGELU: try exportGated(operand, "Mul", SmoothFunction.singleRootOfHalf, as: name)
    case .tanhGELU:
      var attribute = WireAttribute()
      attribute.name = "approximate"
      attribute.type = 3
      attribute.s = Data("tanh".utf8)
      add(node: "Gelu", inputs: [names[operand]], output: name, attributes: [attribute])
    }
  }
}
