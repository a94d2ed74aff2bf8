import TensorGraph

/// Conv: a convolution of any number of spatial axes with constant weights `[maps, channels / group, kernel...]`.
func importConv(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  let operand = try network.convolved(
    node, attributes: ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"])
  let shape = operand.weights.shape.extents
  guard shape[1] * operand.group == operand.extents[1], shape[0] % operand.group == 0 else {
    throw operand.mismatch(in: node)
  }
  let window = try Window(node, input: Array(operand.extents[2...]), kernel: Array(shape[2...]))
  return try network.convolve(
    operand, maps: shape[0], channels: shape[1], output: window.output, in: node,
    place: { window.place(output: $0, kernel: $1) },
    weight: { map, channel in [map, channel % shape[1]] })
}
