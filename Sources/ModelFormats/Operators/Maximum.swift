import TensorGraph

/// Max and Min under the broadcasting rule of the ONNX specification.
func importMaximum(negated: Bool) -> OperatorTable.Rule {
  { (network, node) throws(ModelFormatError) in
    try network.maximum(try network.realOperands(of: node), negated: negated, in: node)
  }
}

/// Abs: `max(x, 0) + max(-x, 0)`.
func importAbs(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 1...1)
  return try network.magnitude(of: try network.realOperand(0, of: node), in: node)
}

/// LeakyRelu: `max(x, 0) - alpha max(-x, 0)`.
func importLeakyRelu(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: ["alpha"])
  let slope = try node.float("alpha") ?? Double(Float(0.01))
  guard slope.isFinite else { throw node.error(.nonFinite, "`alpha` is \(slope)") }
  return try network.leaky(try network.realOperand(0, of: node), slope: slope, in: node)
}

/// PRelu: `max(x, 0) - slope max(-x, 0)` with a constant slope for each element, which is repeated to the value's shape.
func importPRelu(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 2...2)
  let operand = try network.realOperand(0, of: node)
  let slope = try network.realOperand(1, of: node)
  _ = try network.elementType(of: [operand, slope], in: node)
  guard slope.value.tensor != nil else {
    throw node.error(.unsupportedFeature, "the slope \(quoted(slope.name)) is not constant")
  }
  let shape = try network.broadcastShape(operand.value.extents, slope.value.extents, in: node)
  guard shape.extents == operand.value.extents else {
    throw node.error(
      .shape, "a slope of shape \(slope.value.extents) does not fit a value of shape \(operand.value.extents)"
    )
  }
  let (above, below) = try network.halves(of: operand, in: node)
  let scaled = ImportedOperand(derived: try network.multiply(below, slope, in: node))
  let negated = ImportedOperand(derived: try network.negation(of: scaled, in: node))
  return try network.sum(above, negated, in: node)
}

extension NetworkImport {
  /// `max(x, 0)` and `max(-x, 0)`.
  mutating func halves(
    of operand: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> (above: ImportedOperand, below: ImportedOperand) {
    let above = try apply(.relu, [operand], in: node)
    let mirrored = try negation(of: operand, in: node)
    let below = try apply(.relu, [ImportedOperand(derived: mirrored)], in: node)
    return (ImportedOperand(derived: above), ImportedOperand(derived: below))
  }

  /// The magnitude of each element.
  mutating func magnitude(
    of operand: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    try leaky(operand, slope: -1, in: node)
  }

  /// The identity above zero, `slope x` below.
  fileprivate mutating func leaky(
    _ operand: ImportedOperand, slope: Double, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let (above, below) = try halves(of: operand, in: node)
    let scaled = try apply(.scale(-slope), [below], in: node)
    return try sum(above, ImportedOperand(derived: scaled), in: node)
  }

  /// The greatest of several values element by element, or the least.
  mutating func maximum(
    _ operands: [ImportedOperand], negated: Bool, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let (rows, shape) = try sideBySide(operands, in: node)
    let greatest = try maximum(of: rows, isLeast: negated, in: node)
    return try reshape(ImportedOperand(derived: greatest), to: shape.extents, keepsNode: false, in: node)
  }

  /// Several values repeated to their common shape: a row for each element of it, with one element of each value.
  mutating func sideBySide(
    _ operands: [ImportedOperand], in node: ImportedNode
  ) throws(ModelFormatError) -> (rows: ImportedOperand, shape: Shape) {
    guard var shape = operands.first?.value.extents else { throw node.error(.malformed, "takes no operands") }
    for operand in operands {
      shape = try broadcastShape(shape, operand.value.extents, in: node).extents
    }
    let common: Shape
    do { common = try Shape(shape) } catch { throw node.error(.shape, "\(error)") }
    let (count, size) = (common.count, operands.count)
    var parts: [ImportedOperand] = []
    for operand in operands {
      let whole = try broadcast(operand, to: common, in: node)
      parts.append(ImportedOperand(derived: try reshape(whole, to: [count], keepsNode: false, in: node)))
    }
    let joined = ImportedOperand(derived: try apply(.concat(axis: 0), parts, in: node))
    let rows = try select(joined, to: [count, size], in: node) { $0 % size * count + $0 / size }
    return (ImportedOperand(derived: rows), common)
  }

  /// The greatest or least element of each row along the last axis.
  mutating func maximum(
    of rows: ImportedOperand, isLeast: Bool, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let operation: Operation
    do {
      operation = .maximum(try Maximum(size: rows.value.extents.last ?? 0))
    } catch {
      throw node.error(.shape, "\(error)")
    }
    guard isLeast else { return try apply(operation, [rows], in: node) }
    let mirrored = ImportedOperand(derived: try negation(of: rows, in: node))
    return try negation(of: ImportedOperand(derived: try apply(operation, [mirrored], in: node)), in: node)
  }
}

extension NetworkExport {
  /// ReduceMax along the last axis.
  mutating func exportMax(_ maximum: Maximum, _ operand: Int, as name: String) {
    var attribute = WireAttribute()
    attribute.name = "keepdims"
    attribute.type = 2
    attribute.i = 0
    var axes = WireAttribute()
    axes.name = "axes"
    axes.type = 7
    axes.ints = [-1]
    guard operatorSet >= 18 else {
      add(node: "ReduceMax", inputs: [names[operand]], output: name, attributes: [axes, attribute])
      return
    }
    let last = add(integers: [-1], name: "\(base)_axes")
    add(node: "ReduceMax", inputs: [names[operand], last], output: name, attributes: [attribute])
  }
}
