import TensorGraph

/// Expand: repeats a value to the common shape of its own and a constant one.
func importExpand(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 2...2)
  let operand = try network.realOperand(0, of: node)
  let wanted = try network.integers(1, of: node)
  guard wanted.allSatisfy({ $0 > 0 }) else { throw node.error(.shape, "expands to shape \(wanted)") }
  let shape = try network.broadcastShape(operand.value.extents, wanted, in: node)
  let repeated = try network.broadcast(operand, to: shape, in: node)
  return try network.reshape(repeated, to: shape.extents, keepsNode: false, in: node)
}

extension NetworkImport {
  /// The common shape of two operands: aligned at the last axis, extents equal or one.
  func broadcastShape(
    _ left: [Int], _ right: [Int], in node: ImportedNode
  ) throws(ModelFormatError) -> Shape {
    let rank = max(left.count, right.count)
    let padded = [left, right].map { [Int](repeating: 1, count: rank - $0.count) + $0 }
    var extents: [Int] = []
    for (a, b) in zip(padded[0], padded[1]) {
      guard a == b || a == 1 || b == 1 else {
        throw node.error(.shape, "cannot join shapes \(left) and \(right)")
      }
      extents.append(max(a, b))
    }
    let shape: Shape
    do { shape = try Shape(extents) } catch { throw node.error(.shape, "\(error)") }
    try checkSize(shape, in: node)
    return shape
  }

  /// The operand repeated to fill a shape; unchanged where only leading axes of extent one are missing.
  mutating func broadcast(
    _ operand: ImportedOperand, to shape: Shape, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedOperand {
    let given = operand.value.extents
    if Array(given.drop { $0 == 1 }) == shape.squeezed { return operand }
    try charge(shape.count, in: node)
    let elements = broadcastElements(of: given, in: shape)
    guard case .constant(let tensor, let type) = operand.value else {
      return ImportedOperand(
        derived: try select(operand, to: shape.extents, in: node) { elements[$0] })
    }
    do {
      let values = elements.map { tensor.values[$0] }
      return ImportedOperand(derived: .constant(try Tensor(shape: shape, values: values), type: type))
    } catch {
      throw node.error(.shape, "\(error)")
    }
  }

  /// For each element of a shape, the element of an operand that stands there when it is repeated.
  func broadcastElements(of extents: [Int], in shape: Shape) -> [Int] {
    // How far the operand's element moves along each axis: nothing where it is repeated.
    var strides = [Int](repeating: 0, count: shape.extents.count)
    var stride = 1
    for (offset, extent) in extents.reversed().enumerated() where offset < strides.count {
      if extent > 1 { strides[strides.count - 1 - offset] = stride }
      stride *= extent
    }
    let places = RowMajor(shape.extents)
    return (0..<shape.count).map { zip(places.index($0), strides).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
