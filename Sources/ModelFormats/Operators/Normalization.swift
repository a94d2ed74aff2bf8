import RigorousArithmetic
import TensorGraph

/// LayerNormalization: over the axes from one on, each group to mean 0 and variance 1, then scaled and moved.
func importLayerNormalization(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 2...3, attributes: ["axis", "epsilon", "stash_type"])
  guard node.wire.output.count(where: { !$0.isEmpty }) == 1 else {
    throw node.error(.unsupportedFeature, "the mean or the deviation is asked for")
  }
  let operand = try network.realOperand(0, of: node)
  let given = operand.value.extents
  let axis = try node.integer("axis") ?? -1
  let place = axis < 0 ? axis &+ given.count : axis
  guard given.indices.contains(place) else {
    throw node.error(.shape, "axis \(axis) does not exist in shape \(given)")
  }
  let normal = try network.normalized(
    operand, over: AxisGroups(given, over: Set(place..<given.count)), in: node)
  let scale = try network.realOperand(1, of: node)
  // Factors of one are left out, as long as they repeat nothing.
  let isPlain =
    scale.value.tensor?.values.allSatisfy { $0 == 1 } == true
    && given.suffix(scale.value.extents.count) == scale.value.extents[...]
  let scaled =
    isPlain ? normal : ImportedOperand(derived: try network.multiply(normal, scale, in: node))
  guard node.operandName(2) != nil else { return scaled.value }
  return try network.sum(scaled, try network.realOperand(2, of: node), in: node)
}

/// InstanceNormalization: each channel of an image by itself.
func importInstanceNormalization(_ network: inout NetworkImport, _ node: ImportedNode)
  throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 3...3, attributes: ["epsilon"])
  let operand = try network.realOperand(0, of: node)
  let given = operand.value.extents
  guard given.count >= 3 else { throw node.error(.shape, "normalises a value of shape \(given)") }
  let normal = try network.normalized(
    operand, over: AxisGroups(given, over: Set(2..<given.count)), in: node)
  return try network.affine(normal, channels: given, in: node)
}

/// GroupNormalization: groups of channels.
func importGroupNormalization(_ network: inout NetworkImport, _ node: ImportedNode)
  throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 3...3, attributes: ["epsilon", "num_groups", "stash_type"])
  let operand = try network.realOperand(0, of: node)
  let given = operand.value.extents
  guard let count = try node.integer("num_groups"), given.count >= 2, count > 0, given[1] % count == 0 else {
    throw node.error(.shape, "`num_groups` is missing or does not divide the channels of shape \(given)")
  }
  let grouped = [given[0], count, given[1] / count] + given[2...]
  let value = try network.reshape(operand, to: grouped, keepsNode: false, in: node)
  var normal = try network.normalized(
    ImportedOperand(derived: value), over: AxisGroups(grouped, over: Set(2..<grouped.count)), in: node)
  // Before operator set 21 there is a factor for each group, later for each channel.
  if node.operatorSet < 21 {
    normal = ImportedOperand(derived: try network.affine(normal, channels: grouped, in: node))
    return try network.reshape(normal, to: given, keepsNode: false, in: node)
  }
  normal = ImportedOperand(
    derived: try network.reshape(normal, to: given, keepsNode: false, in: node))
  return try network.affine(normal, channels: given, in: node)
}

/// BatchNormalization as it is used after training: `(x - mean) / sqrt(variance + epsilon) * scale + bias` by channel.
func importBatchNormalization(_ network: inout NetworkImport, _ node: ImportedNode)
  throws(ModelFormatError) -> ImportedValue
{
  try node.expect(operands: 5...5, attributes: ["epsilon", "momentum", "spatial", "training_mode"])
  guard try node.integer("training_mode") ?? 0 == 0, try node.integer("spatial") ?? 1 == 1,
    node.wire.output.count(where: { !$0.isEmpty }) == 1
  else { throw node.error(.unsupportedFeature, "statistics of the batch are asked for") }
  let operand = try network.realOperand(0, of: node)
  let given = operand.value.extents
  guard given.count >= 2 else { throw node.error(.shape, "normalises a value of shape \(given)") }
  if network.isDeployed {
    if let value = try network.deployedBatchNormalization(operand, epsilon: node.epsilon(), in: node) {
      return value
    }
    network.noteRewriting(of: node)
  }
  let mean = try network.perChannel(3, of: given, in: node)
  let variance = try network.perChannel(4, of: given, in: node)
  guard let values = variance.value.tensor?.values, values.allSatisfy({ $0 >= 0 }) else {
    throw node.error(.unsupportedFeature, "the variance is not constant or is negative")
  }
  let epsilon = try network.constant(try node.epsilon(), type: operand.value.type, in: node)
  let moved = ImportedOperand(derived: try network.sum(variance, epsilon, in: node))
  let inverse = try network.inverseRoot(moved, in: node)
  let negated = ImportedOperand(derived: try network.negation(of: mean, in: node))
  let centred = ImportedOperand(derived: try network.sum(operand, negated, in: node))
  let normal = ImportedOperand(derived: try network.multiply(centred, inverse, in: node))
  return try network.affine(normal, channels: given, in: node)
}

extension ImportedNode {
  fileprivate func epsilon() throws(ModelFormatError) -> Double {
    let value = try float("epsilon") ?? Double(Float(1e-5))
    guard value.isFinite, value >= 0 else { throw error(.nonFinite, "`epsilon` is \(value)") }
    return value
  }
}

extension NetworkImport {
  /// `1 / sqrt(x)`.
  fileprivate mutating func inverseRoot(
    _ operand: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedOperand {
    let root = ImportedOperand(derived: try apply(.smooth(.sqrt), [operand], in: node))
    return ImportedOperand(derived: try apply(.smooth(.reciprocal), [root], in: node))
  }

  /// An operand with a number for each channel, the second axis of a shape, as it is joined with that shape.
  fileprivate mutating func perChannel(
    _ position: Int, of extents: [Int], in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedOperand {
    let operand = try realOperand(position, of: node)
    guard operand.value.extents == [extents[1]] else {
      throw node.error(
        .shape,
        "operand \(quoted(operand.name)) of shape \(operand.value.extents) has not \(extents[1]) numbers")
    }
    return ImportedOperand(
      derived: try reshape(
        operand, to: [extents[1]] + extents[2...].map { _ in 1 }, keepsNode: false, in: node))
  }

  /// The second operand's factor and the third's summand for each channel.
  fileprivate mutating func affine(
    _ operand: ImportedOperand, channels extents: [Int], in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let scale = try perChannel(1, of: extents, in: node)
    let bias = try perChannel(2, of: extents, in: node)
    let scaled = ImportedOperand(derived: try multiply(operand, scale, in: node))
    return try sum(scaled, bias, in: node)
  }

  /// `(x - mean) / sqrt(variance + epsilon)` in every group.
  fileprivate mutating func normalized(
    _ operand: ImportedOperand, over groups: AxisGroups, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedOperand {
    guard groups.size <= Normalization.largestSize else {
      throw node.error(
        .tooLarge,
        "normalises \(groups.size) elements together; at most \(Normalization.largestSize) are supported")
    }
    let epsilon = try node.epsilon()
    let operation: Operation
    do {
      operation = .normalize(try Normalization(size: groups.size, epsilon: epsilon))
    } catch {
      throw node.error(.nonFinite, "\(error)")
    }
    return ImportedOperand(
      derived: try grouped(operand, groups, in: node) { (network, value) throws(ModelFormatError) in
        try network.apply(operation, [value], in: node)
      })
  }
}

extension NetworkExport {
  /// LayerNormalization along the last axis with factors of one, between two reshapes where the groups are not that axis.
  mutating func exportNormalize(
    _ normalization: Normalization, _ operand: Int, shape: Shape, as name: String
  ) throws(ModelFormatError) {
    guard Double(Float(normalization.epsilon)) == normalization.epsilon else {
      throw error(
        .notRepresentable, place: name, "the epsilon \(normalization.epsilon) is not a float32",
        fix: "round it to float32")
    }
    var attribute = WireAttribute()
    attribute.name = "epsilon"
    attribute.type = 1
    attribute.f = Float(normalization.epsilon)
    let size = normalization.size
    let ones = try add(
      constant: [Double](repeating: 1, count: size), extents: [size], name: "\(base)_ones", place: name)
    guard shape.extents.last != size else {
      add(node: "LayerNormalization", inputs: [names[operand], ones], output: name, attributes: [attribute])
      return
    }
    let rows = add(integers: [shape.count / size, size], name: "\(base)_rows")
    let whole = add(integers: shape.extents, name: "\(base)_shape")
    add(node: "Reshape", inputs: [names[operand], rows], output: "\(base)_grouped")
    add(
      node: "LayerNormalization", inputs: ["\(base)_grouped", ones], output: "\(base)_values",
      attributes: [attribute])
    add(node: "Reshape", inputs: ["\(base)_values", whole], output: name)
  }
}
