import TensorGraph

/// The operands of a convolution, and its groups.
struct Convolved {
  let value: ImportedOperand
  /// Extents of the value: a batch of one, channels, spatial axes.
  let extents: [Int]
  let weights: Tensor
  /// One number for each map; nil when absent.
  let bias: Tensor?
  let group: Int

  func mismatch(in node: ImportedNode) -> ModelFormatError {
    node.error(
      .shape,
      "weights of shape \(weights.shape.extents) in \(group) groups do not fit an input of shape \(extents)")
  }
}

extension NetworkImport {
  /// The operands and the attributes that convolutions share.
  func convolved(_ node: ImportedNode, attributes: [String]) throws(ModelFormatError) -> Convolved {
    try node.expect(operands: 2...3, attributes: attributes)
    let operands = [try realOperand(0, of: node), try realOperand(1, of: node)]
    let offset = node.operandName(2) == nil ? nil : try realOperand(2, of: node)
    _ = try elementType(of: operands + (offset.map { [$0] } ?? []), in: node)
    let extents = operands[0].value.extents
    guard let weights = operands[1].value.tensor else {
      throw node.error(
        .unsupportedFeature, "the weights \(quoted(operands[1].name)) are not constant",
        fix: "only convolutions with constant weights are supported")
    }
    if let offset, offset.value.tensor == nil {
      throw node.error(.unsupportedFeature, "the bias \(quoted(offset.name)) is not constant")
    }
    let shape = weights.shape.extents
    guard extents.count >= 3, extents[0] == 1, shape.count == extents.count else {
      throw node.error(.shape, "weights of shape \(shape) do not fit a batch of one of shape \(extents)")
    }
    if let named = try node.integers("kernel_shape"), named != Array(shape[2...]) {
      throw node.error(.shape, "`kernel_shape` is \(named), the weights have shape \(shape)")
    }
    let group = try node.integer("group") ?? 1
    guard 1...shape[0] ~= group else { throw node.error(.malformed, "`group` is \(group)") }
    return Convolved(
      value: operands[0], extents: extents, weights: weights, bias: offset?.value.tensor, group: group)
  }

  /// Adds up, for each element of each map, the weighted channels of its group under each place of the kernel.
  ///
  /// - Parameters:
  ///   - channels: Channels of a group.
  ///   - place: The place of the operand for a place of the result and one of the kernel; nil where there is none.
  ///   - weight: The first two positions in the weights for a map and a channel.
  mutating func convolve(
    _ operand: Convolved, maps: Int, channels: Int, output: [Int], in node: ImportedNode,
    place: (_ output: [Int], _ kernel: [Int]) -> [Int]?, weight: (_ map: Int, _ channel: Int) -> [Int]
  ) throws(ModelFormatError) -> ImportedValue {
    if let bias = operand.bias, bias.shape.extents != [maps] {
      throw node.error(.shape, "the bias has shape \(bias.shape) for \(maps) maps")
    }
    let weights = RowMajor(operand.weights.shape.extents)
    let kernel = RowMajor(Array(weights.extents[2...]))
    // Nothing is made before it is known that the result is not too large.
    try charge(try product([maps, channels, kernel.count] + output, in: node), in: node)
    let (source, result) = (RowMajor(operand.extents), RowMajor([1, maps] + output))
    let kernelPlaces = (0..<kernel.count).map { kernel.index($0) }
    let spatial = output.reduce(1, *)
    let bias = operand.bias.map { $0.values.flatMap { [Double](repeating: $0, count: spatial) } }
    return try sparse(operand.value, to: result.extents, bias: bias, in: node) { row in
      let index = result.index(row)
      let first = index[1] / (maps / operand.group) * channels
      var entries: [(column: Int, weight: Double)] = []
      for kernelPlace in kernelPlaces {
        guard let place = place(Array(index[2...]), kernelPlace) else { continue }
        for channel in first..<first + channels {
          let value = operand.weights.values[weights.offset(weight(index[1], channel) + kernelPlace)]
          entries.append((source.offset([0, channel] + place), value))
        }
      }
      return entries
    }
  }
}
