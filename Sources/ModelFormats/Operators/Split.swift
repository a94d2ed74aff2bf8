/// Split: consecutive parts of a value along an axis.
///
/// Their lengths are an attribute before operator set 13 and a constant operand since; without them the parts are equal,
/// and from operator set 18 on the last one may be shorter.
func importSplit(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> [ImportedValue?]
{
  let lengthsAreOperand = node.operatorSet >= 13
  let countIsAttribute = node.operatorSet >= 18
  try node.expect(
    operands: 1...(lengthsAreOperand ? 2 : 1),
    attributes: ["axis"] + (countIsAttribute ? ["num_outputs"] : lengthsAreOperand ? [] : ["split"]))
  let operand = try network.knownOrReal(0, of: node)
  let given = operand.value.extents
  let axis = try node.integer("axis") ?? 0
  let place = axis < 0 ? axis &+ given.count : axis
  guard given.indices.contains(place) else {
    throw node.error(.shape, "axis \(axis) does not exist in shape \(given)")
  }
  let extent = given[place]
  let count = node.wire.output.count
  var lengths: [Int]?
  if lengthsAreOperand {
    if node.operandName(1) != nil { lengths = try network.integers(1, of: node) }
  } else {
    lengths = try node.integers("split")
  }
  if let number = try node.integer("num_outputs") {
    guard lengths == nil else {
      throw node.error(.ambiguous, "gives lengths and `num_outputs`", fix: "keep one")
    }
    guard number == count else {
      throw node.error(.malformed, "`num_outputs` is \(number) and \(count) values are defined")
    }
  }
  guard count > 0, extent > 0 else {
    throw node.error(.shape, "cannot split an axis of extent \(extent) into \(count) parts")
  }
  let parts: [Int]
  if let lengths {
    parts = lengths
  } else {
    let length = (extent + count - 1) / count
    guard countIsAttribute || extent % count == 0, extent > length * (count - 1) else {
      throw node.error(.shape, "cannot split an axis of extent \(extent) into \(count) parts")
    }
    parts = [Int](repeating: length, count: count - 1) + [extent - length * (count - 1)]
  }
  guard parts.count == count, parts.allSatisfy({ 1...extent ~= $0 }), parts.reduce(0, +) == extent else {
    throw node.error(
      .shape, "cannot split an axis of extent \(extent) into \(count) parts of lengths \(parts)")
  }
  if count == 1 { return [operand.value] }
  let inner = given[(place + 1)...].reduce(1, *)
  var values: [ImportedValue] = []
  var start = 0
  for length in parts {
    let first = start
    let extents = given[..<place] + [length] + given[(place + 1)...]
    values.append(
      try network.select(operand, to: Array(extents), in: node) { element in
        let (outer, rest) = (element / (length * inner), element % (length * inner))
        return (outer * extent + first) * inner + rest
      })
    start += length
  }
  return values
}
