import TensorGraph

/// Clip: bounds are attributes before operator set 11, constant operands since; an absent bound is the largest
/// finite number of the element type, as the specification defines it.
func importClip(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  let isByAttribute = node.operatorSet < 11
  try node.expect(operands: 1...(isByAttribute ? 1 : 3), attributes: isByAttribute ? ["max", "min"] : [])
  let operand = try network.realOperand(0, of: node)
  let type = operand.value.type
  var bounds = [-type.largestFinite, type.largestFinite]
  for (position, name) in ["min", "max"].enumerated() {
    if isByAttribute {
      if let value = try node.float(name) { bounds[position] = value }
      continue
    }
    guard let bound = try network.optionalOperand(position + 1, of: node) else { continue }
    _ = try network.elementType(of: [operand, bound], in: node)
    guard let tensor = bound.value.tensor, tensor.values.count == 1, let value = tensor.values.first else {
      throw node.error(
        .unsupportedFeature, "the bound \(quoted(bound.name)) is not a constant number",
        fix: "export with constant bounds")
    }
    bounds[position] = value
  }
  let clip: Clip
  do {
    clip = try Clip(lower: bounds[0], upper: bounds[1])
  } catch {
    throw node.error(.unsupportedFeature, "\(error)", fix: "give finite bounds in order")
  }
  return try network.apply(.clip(clip), [operand], in: node)
}

extension NetworkExport {
  mutating func exportClip(_ clip: Clip, _ operand: Int, as name: String) throws(ModelFormatError) {
    let lower = try add(constant: [clip.lower], extents: [], name: "\(base)_min", place: name)
    let upper = try add(constant: [clip.upper], extents: [], name: "\(base)_max", place: name)
    add(node: "Clip", inputs: [names[operand], lower, upper], output: name)
  }
}
