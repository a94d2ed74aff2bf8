import TensorGraph

/// Conv: a convolution of any number of spatial axes with constant weights `[maps, channels / group, kernel...]`.
func importConv(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  let operand = try network.convolved(
    node, attributes: ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"])
  let (given, weights, group) = (operand.extents, operand.weights, operand.group)
  let shape = weights.shape.extents
  guard shape[1] * group == given[1], shape[0] % group == 0 else {
    throw node.error(
      .shape, "weights of shape \(shape) in \(group) groups do not fit an input of shape \(given)")
  }
  let window = try Window(node, input: Array(given[2...]), kernel: Array(shape[2...]))
  let maps = shape[0]
  let bias = try network.channelBias(of: node, count: maps)
  let (places, source) = (RowMajor(Array(shape[2...])), RowMajor(given))
  let entries = try network.product([maps, shape[1], places.count] + window.output, in: node)
  try network.charge(entries, in: node)
  let result = RowMajor([1, maps] + window.output)
  let spatial = window.output.reduce(1, *)
  let kernelPlaces = (0..<places.count).map { places.index($0) }
  return try network.sparse(
    operand.value, to: result.extents, bias: bias.map { $0.flatMap { repeated($0, spatial) } },
    in: node
  ) { row in
    let index = result.index(row)
    let (map, output) = (index[1], Array(index[2...]))
    let firstChannel = map / (maps / group) * shape[1]
    var row: [(column: Int, weight: Double)] = []
    for (offset, kernel) in kernelPlaces.enumerated() {
      guard let place = window.place(output: output, kernel: kernel) else { continue }
      for channel in 0..<shape[1] {
        row.append(
          (
            source.offset([0, firstChannel + channel] + place),
            weights.values[(map * shape[1] + channel) * places.count + offset]
          ))
      }
    }
    return row
  }
}

/// ConvTranspose: the transposed convolution, with constant weights `[channels, maps / group, kernel...]`.
func importConvTranspose(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  let operand = try network.convolved(
    node,
    attributes: [
      "auto_pad", "dilations", "group", "kernel_shape", "output_padding", "pads", "strides",
    ])
  guard try node.text("auto_pad") ?? "NOTSET" == "NOTSET" else {
    throw node.error(.unsupportedFeature, "`auto_pad` is set", fix: "export with explicit `pads`")
  }
  let (given, weights, group) = (operand.extents, operand.weights, operand.group)
  let shape = weights.shape.extents
  guard shape[0] == given[1], shape[0] % group == 0 else {
    throw node.error(
      .shape, "weights of shape \(shape) in \(group) groups do not fit an input of shape \(given)")
  }
  let rank = given.count - 2
  let (input, kernel) = (Array(given[2...]), Array(shape[2...]))
  let strides = try node.positive("strides", count: rank)
  let dilations = try node.positive("dilations", count: rank)
  let pads = try node.integers("pads") ?? [Int](repeating: 0, count: 2 * rank)
  let added = try node.integers("output_padding") ?? [Int](repeating: 0, count: rank)
  guard pads.count == 2 * rank, added.count == rank,
    (pads + added).allSatisfy({ 0...ONNXLimits.elements ~= $0 })
  else { throw node.error(.malformed, "`pads` is \(pads) and `output_padding` \(added) for \(rank) axes") }
  var output: [Int] = []
  for axis in 0..<rank {
    output.append(
      strides[axis] * (input[axis] - 1) + added[axis] + (kernel[axis] - 1) * dilations[axis] + 1 - pads[axis]
        - pads[rank + axis])
  }
  guard output.allSatisfy({ 1...ONNXLimits.elements ~= $0 }) else {
    throw node.error(.shape, "the result would have the spatial extents \(output)")
  }
  let maps = shape[1] * group
  let bias = try network.channelBias(of: node, count: maps)
  let (places, source) = (RowMajor(kernel), RowMajor(given))
  let channels = shape[0] / group
  let entries = try network.product([maps, channels, places.count] + output, in: node)
  try network.charge(entries, in: node)
  let result = RowMajor([1, maps] + output)
  let spatial = output.reduce(1, *)
  let kernelPlaces = (0..<places.count).map { places.index($0) }
  return try network.sparse(
    operand.value, to: result.extents, bias: bias.map { $0.flatMap { repeated($0, spatial) } },
    in: node
  ) { row in
    let index = result.index(row)
    let (group, map) = (index[1] / shape[1], index[1] % shape[1])
    var row: [(column: Int, weight: Double)] = []
    for (offset, kernel) in kernelPlaces.enumerated() {
      var place: [Int] = []
      for axis in 0..<rank {
        let at = index[2 + axis] + pads[axis] - kernel[axis] * dilations[axis]
        guard at >= 0, at % strides[axis] == 0, at / strides[axis] < input[axis] else { break }
        place.append(at / strides[axis])
      }
      guard place.count == rank else { continue }
      for channel in group * channels..<(group + 1) * channels {
        row.append(
          (
            source.offset([0, channel] + place),
            weights.values[(channel * shape[1] + map) * places.count + offset]
          ))
      }
    }
    return row
  }
}

private func repeated(_ value: Double, _ count: Int) -> [Double] { [Double](repeating: value, count: count) }

extension NetworkImport {
  fileprivate struct Convolved {
    let value: ImportedOperand
    let extents: [Int]
    let weights: Tensor
    let group: Int
  }

  /// The operands and the attributes that convolutions share.
  fileprivate func convolved(
    _ node: ImportedNode, attributes: [String]
  ) throws(ModelFormatError) -> Convolved {
    try node.expect(operands: 2...3, attributes: attributes)
    let value = try realOperand(0, of: node)
    let kernel = try realOperand(1, of: node)
    _ = try elementType(of: [value, kernel], in: node)
    let extents = value.value.extents
    guard let weights = kernel.value.tensor else {
      throw node.error(
        .unsupportedFeature, "the weights \(quoted(kernel.name)) are not constant",
        fix: "only convolutions with constant weights are supported")
    }
    let shape = weights.shape.extents
    guard extents.count >= 3, extents[0] == 1, shape.count == extents.count else {
      throw node.error(
        .shape, "weights of shape \(shape) do not fit a batch of one of shape \(extents)")
    }
    if let named = try node.integers("kernel_shape"), named != Array(shape[2...]) {
      throw node.error(.shape, "`kernel_shape` is \(named), the weights have shape \(shape)")
    }
    let group = try node.integer("group") ?? 1
    guard 1...shape[0] ~= group else { throw node.error(.malformed, "`group` is \(group)") }
    return Convolved(value: value, extents: extents, weights: weights, group: group)
  }

  /// The third operand of a convolution: one number for each map; nil when absent.
  fileprivate func channelBias(of node: ImportedNode, count: Int) throws(ModelFormatError) -> [Double]? {
    guard node.operandName(2) != nil else { return nil }
    let operand = try realOperand(2, of: node)
    _ = try elementType(of: [try realOperand(0, of: node), operand], in: node)
    guard let tensor = operand.value.tensor, tensor.shape.extents == [count] else {
      throw node.error(
        .shape, "the bias \(quoted(operand.name)) of shape \(operand.value.extents) is not \(count) constants"
      )
    }
    return tensor.values
  }

  /// A product of counts, refused where it passes every limit.
  func product(_ factors: [Int], in node: ImportedNode) throws(ModelFormatError) -> Int {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow else { throw node.error(.tooLarge, "the result has too many elements") }
      product = next
    }
    return product
  }
}
