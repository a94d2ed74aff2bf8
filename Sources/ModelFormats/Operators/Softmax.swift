import TensorGraph

/// Softmax and LogSoftmax by differences: `y_i = 1 / (1 + sum_j exp(x_j - x_i))`, the sum over the others.
///
/// Equal to the usual quotient, but every step falls or rises in all that it depends on, so that bounds of the result
/// stay between 0 and 1 and what the numerator and the denominator share is not counted twice.
func importSoftmax(isLogarithm: Bool) -> OperatorTable.Rule {
  { (network, node) throws(ModelFormatError) in
    try node.expect(operands: 1...1, attributes: ["axis"])
    let operand = try network.realOperand(0, of: node)
    let given = operand.value.extents
    let isAlongOne = node.operatorSet >= 13
    let axis = try node.integer("axis") ?? (isAlongOne ? -1 : 1)
    let place = axis < 0 ? axis &+ given.count : axis
    guard given.indices.contains(place) else {
      throw node.error(.shape, "axis \(axis) does not exist in shape \(given)")
    }
    // Before operator set 13 all axes from the given one on count as one.
    let groups = AxisGroups(given, over: isAlongOne ? [place] : Set(place..<given.count))
    let denominator = ImportedOperand(derived: try network.softmaxDenominator(operand, groups, in: node))
    guard isLogarithm else { return try network.apply(.smooth(.reciprocal), [denominator], in: node) }
    let logarithm = ImportedOperand(derived: try network.apply(.smooth(.log), [denominator], in: node))
    return try network.negation(of: logarithm, in: node)
  }
}

extension NetworkImport {
  /// `sum_j exp(x_j - x_i)` over the group of every element `i`.
  fileprivate mutating func softmaxDenominator(
    _ operand: ImportedOperand, _ groups: AxisGroups, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let given = operand.value.extents
    let ones = [Double](repeating: 1, count: groups.count)
    let others = groups.size - 1
    guard others > 0 else { return try sparse(operand, to: given, bias: ones, in: node) { _ in [] } }
    let pairs = try product([groups.count, others], in: node)
    try charge(try product([pairs, 3], in: node), in: node)
    var partners: [(first: Int, second: Int)] = []
    partners.reserveCapacity(pairs)
    let owner = groups.groups()
    let members = (0..<groups.extents.reduce(1, *)).map { groups.elements($0) }
    for element in 0..<groups.count {
      for other in members[owner[element]] where other != element { partners.append((element, other)) }
    }
    let differences = try sparse(operand, to: [pairs], in: node) { row in
      [(partners[row].second, 1), (partners[row].first, -1)]
    }
    let ratios = try apply(.smooth(.exp), [ImportedOperand(derived: differences)], in: node)
    return try sparse(ImportedOperand(derived: ratios), to: given, bias: ones, in: node) { row in
      (row * others..<(row + 1) * others).map { ($0, 1) }
    }
  }
}
