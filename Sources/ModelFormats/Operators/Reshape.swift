import TensorGraph

/// Reshape: 0 copies an extent (unless `allowzero`), -1 stands for what is left.
func importReshape(
  _ network: inout NetworkImport, _ node: ImportedNode
) throws(ModelFormatError) -> ImportedValue {
  try node.expect(operands: 2...2, attributes: node.operatorSet >= 14 ? ["allowzero"] : [])
  let operand = try network.operand(0, of: node)
  let target = try network.integers(1, of: node)
  let copiesZero = try node.integer("allowzero") ?? 0 == 0
  let given = operand.value.extents
  guard target.count <= ONNXLimits.rank else {
    throw node.error(.tooLarge, "makes \(target.count) axes, more than \(ONNXLimits.rank)")
  }
  var extents: [Int] = []
  for (axis, extent) in target.enumerated() {
    if extent == 0, copiesZero {
      guard axis < given.count else { throw node.error(.shape, "copies axis \(axis), which \(given) lacks") }
      extents.append(given[axis])
    } else {
      extents.append(extent)
    }
  }
  let open = extents.indices.filter { extents[$0] == -1 }
  guard open.count <= 1, extents.allSatisfy({ $0 >= -1 }) else {
    throw node.error(.shape, "cannot make shape \(target)")
  }
  let count = given.reduce(1, *)
  var known = 1
  for extent in extents where extent != -1 {
    let (product, overflow) = known.multipliedReportingOverflow(by: extent)
    guard !overflow else { throw node.error(.shape, "cannot make shape \(target) of shape \(given)") }
    known = product
  }
  if let open = open.first {
    guard known > 0, count % known == 0 else {
      throw node.error(.shape, "cannot make shape \(target) of shape \(given)")
    }
    extents[open] = count / known
    known = count
  }
  guard known == count else { throw node.error(.shape, "cannot make shape \(target) of shape \(given)") }
  return try network.reshape(operand, to: extents, keepsNode: true, in: node)
}

/// Flatten: two axes, split at `axis`.
func importFlatten(
  _ network: inout NetworkImport, _ node: ImportedNode
) throws(ModelFormatError) -> ImportedValue {
  try node.expect(operands: 1...1, attributes: ["axis"])
  let operand = try network.operand(0, of: node)
  let given = operand.value.extents
  let axis = try node.integer("axis") ?? 1
  guard axis >= -given.count, axis <= given.count else {
    throw node.error(.shape, "axis \(axis) does not exist in shape \(given)")
  }
  let split = axis < 0 ? axis + given.count : axis
  let extents = [given[..<split].reduce(1, *), given[split...].reduce(1, *)]
  return try network.reshape(operand, to: extents, keepsNode: false, in: node)
}

/// Squeeze: removes axes of extent one; the axes are an attribute before operator set 13.
func importSqueeze(
  _ network: inout NetworkImport, _ node: ImportedNode
) throws(ModelFormatError) -> ImportedValue {
  let (operand, axes) = try network.operandAndAxes(of: node)
  let given = operand.value.extents
  var removed: Set<Int> = []
  if let axes {
    // By the standard none is removed, by common runtimes all are.
    guard !axes.isEmpty else {
      throw node.error(.ambiguous, "names an empty list of axes", fix: "name the axes, or leave the list out")
    }
    for axis in axes {
      let place = try axisPosition(axis, rank: given.count, in: node)
      guard given[place] == 1, removed.insert(place).inserted else {
        throw node.error(.shape, "cannot remove axis \(axis) of shape \(given)")
      }
    }
  } else {
    removed = Set(given.indices.filter { given[$0] == 1 })
  }
  let extents = given.indices.filter { !removed.contains($0) }.map { given[$0] }
  return try network.reshape(operand, to: extents, keepsNode: false, in: node)
}

/// Unsqueeze: inserts axes of extent one; positions count in the result.
func importUnsqueeze(
  _ network: inout NetworkImport, _ node: ImportedNode
) throws(ModelFormatError) -> ImportedValue {
  let (operand, axes) = try network.operandAndAxes(of: node)
  guard let axes, !axes.isEmpty else { throw node.error(.malformed, "names no axes") }
  let given = operand.value.extents
  let rank = given.count + axes.count
  guard rank <= ONNXLimits.rank else {
    throw node.error(.tooLarge, "makes \(rank) axes, more than \(ONNXLimits.rank)")
  }
  var inserted: Set<Int> = []
  for axis in axes {
    guard inserted.insert(try axisPosition(axis, rank: rank, in: node)).inserted else {
      throw node.error(.shape, "inserts axis \(axis) twice")
    }
  }
  var rest = given.makeIterator()
  let extents = (0..<rank).map { inserted.contains($0) ? 1 : rest.next() ?? 1 }
  return try network.reshape(operand, to: extents, keepsNode: false, in: node)
}

private func axisPosition(_ axis: Int, rank: Int, in node: ImportedNode) throws(ModelFormatError) -> Int {
  guard axis >= -rank, axis < rank else {
    throw node.error(.shape, "axis \(axis) does not exist among \(rank) axes")
  }
  return axis < 0 ? axis + rank : axis
}

extension NetworkImport {
  /// Integers known at import.
  func integers(_ position: Int, of node: ImportedNode) throws(ModelFormatError) -> [Int] {
    let operand = try operand(position, of: node)
    guard case .integers(let constant) = operand.value, constant.extents.count <= 1 else {
      throw node.error(
        .unsupportedFeature, "operand \(quoted(operand.name)) is not a constant list of integers",
        fix: "export with fixed shapes")
    }
    return constant.values
  }

  fileprivate func operandAndAxes(
    of node: ImportedNode
  ) throws(ModelFormatError) -> (ImportedOperand, [Int]?) {
    if node.operatorSet < 13 {
      try node.expect(operands: 1...1, attributes: ["axes"])
      return (try operand(0, of: node), try node.integers("axes"))
    }
    try node.expect(operands: 1...2)
    return (
      try operand(0, of: node), node.operandName(1) == nil ? nil : try integers(1, of: node)
    )
  }
}

extension NetworkExport {
  mutating func exportReshape(_ shape: Shape, _ operand: Int, as name: String) {
    let extents = add(integers: shape.extents, name: "\(base)_shape")
    add(node: "Reshape", inputs: [names[operand], extents], output: name)
  }
}
