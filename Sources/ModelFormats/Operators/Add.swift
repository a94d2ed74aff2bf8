import TensorGraph

/// Add: elementwise sum; constants are broadcast, computed values only along leading axes of extent one.
func importAdd(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 2...2)
  let left = try network.realOperand(0, of: node)
  let right = try network.realOperand(1, of: node)
  return try network.sum(left, right, in: node)
}

/// Sub: the sum with the negated second operand.
func importSub(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 2...2)
  let left = try network.realOperand(0, of: node)
  let right = try network.realOperand(1, of: node)
  let negated = try network.negation(of: right, in: node)
  return try network.sum(left, ImportedOperand(derived: negated), in: node)
}

extension NetworkImport {
  /// The sum of two values under the broadcasting rule of the ONNX specification.
  mutating func sum(
    _ left: ImportedOperand, _ right: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let shape = try broadcastShape(left.value.extents, right.value.extents, in: node)
    let operands = [try broadcast(left, to: shape, in: node), try broadcast(right, to: shape, in: node)]
    return try apply(.add, operands, in: node)
  }

  /// The common shape of two operands: aligned at the last axis, extents equal or one.
  mutating func broadcastShape(
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
  private mutating func broadcast(
    _ operand: ImportedOperand, to shape: Shape, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedOperand {
    let given = operand.value.extents
    if Array(given.drop { $0 == 1 }) == shape.squeezed { return operand }
    guard case .constant(let tensor, let type) = operand.value else {
      throw node.error(
        .unsupportedFeature, "a computed value of shape \(given) cannot be repeated to shape \(shape)",
        fix: "give both operands one shape")
    }
    try charge(shape.count, in: node)
    let strides = broadcastStrides(of: given, in: shape)
    var values: [Double] = []
    values.reserveCapacity(shape.count)
    var index = [Int](repeating: 0, count: shape.extents.count)
    for _ in 0..<shape.count {
      values.append(tensor.values[zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }])
      for axis in index.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape.extents[axis] { break }
        index[axis] = 0
      }
    }
    do {
      return ImportedOperand(derived: .constant(try Tensor(shape: shape, values: values), type: type))
    } catch {
      throw node.error(.shape, "\(error)")
    }
  }
}

/// For each axis of the result, how far the operand's element moves: nothing along axes that are repeated.
private func broadcastStrides(of extents: [Int], in shape: Shape) -> [Int] {
  var strides = [Int](repeating: 0, count: shape.extents.count)
  var stride = 1
  for (offset, extent) in extents.reversed().enumerated() {
    if extent > 1 { strides[shape.extents.count - 1 - offset] = stride }
    stride *= extent
  }
  return strides
}

extension NetworkExport {
  mutating func exportAdd(_ operands: [Int], as name: String) {
    add(node: "Add", inputs: operands.map { names[$0] }, output: name)
  }
}
