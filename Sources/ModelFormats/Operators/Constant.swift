import TensorGraph

/// Constant: one of the payload attributes that hold numbers.
func importConstant(
  _ network: inout NetworkImport, _ node: ImportedNode
) throws(ModelFormatError) -> ImportedValue {
  try node.expect(
    operands: 0...0, attributes: ["value", "value_float", "value_floats", "value_int", "value_ints"])
  guard node.attributeNames.count == 1 else {
    throw node.error(.ambiguous, "has \(node.attributeNames.count) values instead of one")
  }
  do {
    if let weights = try node.weights("value") {
      switch try ONNXConstant(weights) {
      case .real(let tensor, let type):
        return .constant(try network.weights.rounded(tensor), type: type)
      case .integers(let constant): return .integers(constant)
      }
    }
    if let value = try node.float("value_float") {
      return .constant(try network.weights.rounded(ONNXConstant.tensor([], [value])), type: .float32)
    }
    if let values = try node.floats("value_floats") {
      let tensor = try ONNXConstant.tensor([values.count], values)
      return .constant(try network.weights.rounded(tensor), type: .float32)
    }
    if let value = try node.integer("value_int") {
      return .integers(IntegerConstant(extents: [], values: [value]))
    }
    let values = try node.integers("value_ints") ?? []
    return .integers(IntegerConstant(extents: [values.count], values: values))
  } catch let defect as FormatDefect {
    throw defect.located(file: node.file, place: node.place)
  } catch let error as ModelFormatError {
    throw error
  } catch {
    throw node.error(.malformed, "\(error)")
  }
}

extension NetworkExport {
  /// Constants of a graph are nodes of the file, so that they keep their place.
  mutating func exportConstant(_ tensor: Tensor, as name: String) throws(ModelFormatError) {
    var attribute = WireAttribute()
    attribute.name = "value"
    attribute.type = 4
    attribute.t = try weights(tensor.values, extents: tensor.shape.extents, name: name, place: name)
    add(node: "Constant", inputs: [], output: name, attributes: [attribute])
  }
}
