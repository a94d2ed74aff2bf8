import TensorGraph

/// Mul: elementwise product.
///
/// A constant whose elements are equal is a factor, any other one a diagonal matrix; a value times its own logistic
/// function is SiLU, a value times itself a square, and GELU is read back from products with an error function.
func importMul(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 2...2)
  if let folded = try network.integerArithmetic(node, { $0.multipliedReportingOverflow(by: $1) }) {
    return folded
  }
  let left = try network.realOperand(0, of: node)
  let right = try network.realOperand(1, of: node)
  _ = try network.elementType(of: [left, right], in: node)
  return try network.multiply(left, right, in: node)
}

/// Div: the product with the reciprocal of the second operand, which must not be zero; exact for a constant divisor.
func importDiv(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 2...2)
  if case .integers(let divisors) = try network.operand(1, of: node).value, divisors.values.contains(0) {
    throw node.error(.nonFinite, "a divisor is zero")
  }
  // Rounded towards zero, as the specification has it.
  if let folded = try network.integerArithmetic(node, { $0.dividedReportingOverflow(by: $1) }) {
    return folded
  }
  let left = try network.realOperand(0, of: node)
  let right = try network.realOperand(1, of: node)
  _ = try network.elementType(of: [left, right], in: node)
  if let constant = right.value.tensor, constant.values.contains(0) {
    throw node.error(.nonFinite, "a divisor is zero")
  }
  let shape = try network.broadcastShape(left.value.extents, right.value.extents, in: node)
  if let divisor = right.value.tensor?.single,
    left.value.extents.drop(while: { $0 == 1 }) == shape.squeezed[...]
  {
    return try network.divide(left, by: divisor, as: shape, in: node)
  }
  let inverse = ImportedOperand(derived: try network.apply(.smooth(.reciprocal), [right], in: node))
  if let numerator = left.value.tensor?.single, numerator == 1,
    right.value.extents.drop(while: { $0 == 1 }) == shape.squeezed[...]
  {
    return try network.reshape(inverse, to: shape.extents, keepsNode: false, in: node)
  }
  return try network.multiply(left, inverse, in: node)
}

extension Tensor {
  /// The one number that all elements are; nil where they differ.
  fileprivate var single: Double? {
    guard let first = values.first, values.allSatisfy({ $0.bitPattern == first.bitPattern }) else {
      return nil
    }
    return first
  }
}

extension NetworkImport {
  /// The elementwise product of two values under the broadcasting rule of the ONNX specification.
  mutating func multiply(
    _ left: ImportedOperand, _ right: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let shape = try broadcastShape(left.value.extents, right.value.extents, in: node)
    if let gated = try gated(left, right, in: node) { return gated }
    if let gated = try gatedByError(left, right, in: node) { return gated }
    if case .real(let first, let extents, _) = left.value,
      case .real(let second, let others, _) = right.value,
      first == second, extents == others
    {
      return try apply(.smooth(.square), [left], in: node)
    }
    for (value, factor) in [(left, right), (right, left)] {
      guard let constant = factor.value.tensor, value.value.tensor == nil else { continue }
      if let single = constant.single, value.value.extents.drop(while: { $0 == 1 }) == shape.squeezed[...] {
        if single == 0.5, let half = halfOfGated(value, as: shape) { return half }
        return try apply(.scale(single), [value], as: shape, in: node)
      }
      let weights = try broadcast(factor, to: shape, in: node).value.tensor?.values ?? []
      let elements = broadcastElements(of: value.value.extents, in: shape)
      try charge(shape.count, in: node)
      return try sparse(value, to: shape.extents, in: node) { [(elements[$0], weights[$0])] }
    }
    let operands = [try broadcast(left, to: shape, in: node), try broadcast(right, to: shape, in: node)]
    return try apply(.multiply, operands, as: shape, in: node)
  }

  /// Division by a constant; by a power of two it is a product, which more operators join with.
  mutating func divide(
    _ operand: ImportedOperand, by divisor: Double, as shape: Shape? = nil, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let inverse = 1 / divisor
    if divisor == 2, let half = halfOfGated(operand, as: shape) { return half }
    if divisor.significand == 1, inverse.isNormal {
      return try apply(.scale(inverse), [operand], as: shape, in: node)
    }
    do {
      return try apply(.divide(try Divisor(divisor)), [operand], as: shape, in: node)
    } catch let error as ModelFormatError {
      throw error
    } catch {
      throw node.error(.nonFinite, "\(error)")
    }
  }
}

extension NetworkExport {
  mutating func exportMultiply(_ operands: [Int], as name: String) {
    add(node: "Mul", inputs: operands.map { names[$0] }, output: name)
  }
}
