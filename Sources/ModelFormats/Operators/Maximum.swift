import TensorGraph

/// Max and Min of values of one shape, by `max(a, b) = b + max(a - b, 0)`.
func importMaximum(negated: Bool) -> OperatorTable.Rule {
  { (network, node) throws(ModelFormatError) in
    try node.expect(operands: 1...Int.max)
    var operands: [ImportedOperand] = []
    for position in node.wire.input.indices {
      operands.append(try network.realOperand(position, of: node))
    }
    _ = try network.elementType(of: operands, in: node)
    return try network.maximum(operands, negated: negated, in: node)
  }
}

/// Abs: `max(x, 0) + max(-x, 0)`.
func importAbs(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 1...1)
  return try network.leaky(try network.realOperand(0, of: node), slope: -1, in: node)
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

extension NetworkImport {
  /// The identity above zero, `slope x` below.
  fileprivate mutating func leaky(
    _ operand: ImportedOperand, slope: Double, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let above = try apply(.relu, [operand], in: node)
    let mirrored = try negation(of: operand, in: node)
    let below = try apply(.relu, [ImportedOperand(derived: mirrored)], in: node)
    let scaled = try apply(.scale(-slope), [ImportedOperand(derived: below)], in: node)
    return try sum(ImportedOperand(derived: above), ImportedOperand(derived: scaled), in: node)
  }

  /// The greatest of several values element by element, or the least.
  mutating func maximum(
    _ operands: [ImportedOperand], negated: Bool, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    var rest = operands
    if negated {
      for index in rest.indices {
        rest[index] = ImportedOperand(derived: try negation(of: rest[index], in: node))
      }
    }
    while rest.count > 1 {
      var next: [ImportedOperand] = []
      for first in stride(from: 0, to: rest.count - 1, by: 2) {
        let opposite = ImportedOperand(derived: try negation(of: rest[first + 1], in: node))
        let difference = ImportedOperand(derived: try sum(rest[first], opposite, in: node))
        let excess = ImportedOperand(derived: try apply(.relu, [difference], in: node))
        next.append(ImportedOperand(derived: try sum(rest[first + 1], excess, in: node)))
      }
      if rest.count % 2 == 1, let last = rest.last { next.append(last) }
      rest = next
    }
    guard let result = rest.first else { throw node.error(.malformed, "takes no operands") }
    return negated ? try negation(of: result, in: node) : result.value
  }
}
