import TensorGraph

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
  let shape = operand.weights.shape.extents
  guard shape[0] == operand.extents[1], shape[0] % operand.group == 0 else {
    throw operand.mismatch(in: node)
  }
  let (input, kernel) = (Array(operand.extents[2...]), Array(shape[2...]))
  let rank = input.count
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
  return try network.convolve(
    operand, maps: shape[1] * operand.group, channels: shape[0] / operand.group, output: output, in: node,
    place: { output, kernel in
      var place: [Int] = []
      for axis in 0..<rank {
        let at = output[axis] + pads[axis] - kernel[axis] * dilations[axis]
        guard at >= 0, at % strides[axis] == 0, at / strides[axis] < input[axis] else { return nil }
        place.append(at / strides[axis])
      }
      return place
    },
    weight: { map, channel in [channel, map % shape[1]] })
}
