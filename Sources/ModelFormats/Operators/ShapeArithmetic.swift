import TensorGraph

// Integers that exporters compute for shapes: known at import, never part of the graph.

/// Shape: the extents of a value, or those from `start` up to `end`; a dynamic extent counts as one.
func importShape(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: node.operatorSet >= 15 ? ["end", "start"] : [])
  let extents = try network.operand(0, of: node).value.extents
  func place(_ name: String, absent: Int) throws(ModelFormatError) -> Int {
    let given = try node.integer(name) ?? absent
    return min(max(given < 0 ? given &+ extents.count : given, 0), extents.count)
  }
  let start = try place("start", absent: 0)
  let end = max(try place("end", absent: extents.count), start)
  return .integers(IntegerConstant(extents: [end - start], values: Array(extents[start..<end])))
}

/// Size: the number of elements of a value.
func importSize(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1)
  let count = try network.product(try network.operand(0, of: node).value.extents, in: node)
  return .integers(IntegerConstant(extents: [], values: [count]))
}

/// Range: integers known at import from a start in steps to before a limit.
func importRange(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 3...3, attributes: node.operatorSet >= 27 ? ["stash_type"] : [])
  var numbers: [Int] = []
  for position in 0..<3 {
    guard case .integers(let constant) = try network.operand(position, of: node).value,
      constant.values.count == 1
    else { throw node.error(.unsupportedFeature, "counts numbers that are not integers known at import") }
    numbers += constant.values
  }
  let (start, limit, step) = (numbers[0], numbers[1], numbers[2])
  let (distance, overflow) = limit.subtractingReportingOverflow(start)
  guard step != 0, !overflow else {
    throw node.error(.malformed, "counts from \(start) to \(limit) by \(step)")
  }
  let isEmpty = distance == 0 || (distance > 0) != (step > 0)
  let count = isEmpty ? 0 : Int(clamping: (distance.magnitude - 1) / step.magnitude + 1)
  try network.charge(integers: count, in: node)
  return .integers(IntegerConstant(extents: [count], values: (0..<count).map { start + $0 * step }))
}

/// ConstantOfShape: a constant filled with one number.
func importConstantOfShape(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: ["value"])
  let extents = try network.integers(0, of: node)
  guard extents.allSatisfy({ $0 >= 0 }), extents.count <= ONNXLimits.rank else {
    throw node.error(.shape, "fills shape \(extents)")
  }
  let count = try network.product(extents, in: node)
  try network.charge(count, in: node)
  do {
    let fill: ONNXConstant
    if let weights = try node.weights("value") {
      fill = try ONNXConstant(weights)
    } else {
      fill = .real(try ONNXConstant.tensor([], [0]), .float32)
    }
    switch fill {
    case .integers(let constant):
      guard let value = constant.values.first, constant.values.count == 1 else { break }
      try network.charge(integers: count, in: node)
      return .integers(
        IntegerConstant(extents: extents, values: [Int](repeating: value, count: count)))
    case .real(let tensor, let type):
      guard tensor.values.count == 1 else { break }
      let values = [Double](repeating: try network.weights.rounded(tensor).values[0], count: count)
      return .constant(try Tensor(shape: Shape(extents), values: values), type: type)
    }
  } catch let defect as FormatDefect {
    throw defect.located(file: node.file, place: node.place)
  } catch let error as ModelFormatError {
    throw error
  } catch {
    throw node.error(.shape, "\(error)")
  }
  throw node.error(.malformed, "`value` does not hold one number")
}

/// Equal of integers known at import; truth is 1.
func importEqual(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 2...2)
  if let folded = try network.integerArithmetic(node, { ($0 == $1 ? 1 : 0, false) }) { return folded }
  throw node.error(.unsupportedFeature, "compares values that are not known at import")
}

/// Where: chooses between integers by a condition that is known at import.
func importWhere(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 3...3)
  var operands: [IntegerConstant] = []
  for position in 0..<3 {
    guard case .integers(let constant) = try network.operand(position, of: node).value else {
      throw node.error(.unsupportedFeature, "chooses between values that are not integers known at import")
    }
    operands.append(constant)
  }
  var shape = try network.broadcastShape(operands[0].extents, operands[1].extents, in: node)
  shape = try network.broadcastShape(shape.extents, operands[2].extents, in: node)
  let columns = try operands.map { constant throws(ModelFormatError) in
    try network.repeated(constant, to: shape, in: node)
  }
  return .integers(
    IntegerConstant(
      extents: shape.extents,
      values: (0..<shape.count).map { columns[columns[0][$0] != 0 ? 1 : 2][$0] }))
}

extension NetworkImport {
  /// An operator on two integers known at import, element by element; nil where the operands are no such integers.
  mutating func integerArithmetic(
    _ node: ImportedNode, _ operation: (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) throws(ModelFormatError) -> ImportedValue? {
    guard case .integers(let left) = try operand(0, of: node).value,
      case .integers(let right) = try operand(1, of: node).value
    else { return nil }
    let shape = try broadcastShape(left.extents, right.extents, in: node)
    var values: [Int] = []
    for (a, b) in zip(try repeated(left, to: shape, in: node), try repeated(right, to: shape, in: node)) {
      let (value, overflow) = operation(a, b)
      guard !overflow else { throw node.error(.tooLarge, "the integers \(a) and \(b) overflow") }
      values.append(value)
    }
    return .integers(IntegerConstant(extents: shape.extents, values: values))
  }

  /// The elements of integers repeated to fill a shape.
  fileprivate mutating func repeated(
    _ constant: IntegerConstant, to shape: Shape, in node: ImportedNode
  ) throws(ModelFormatError) -> [Int] {
    guard !constant.values.isEmpty else { throw node.error(.shape, "an operand has no elements") }
    try charge(integers: shape.count, in: node)
    return broadcastElements(of: constant.extents, in: shape).map { constant.values[$0] }
  }
}
