import TensorGraph

/// MaxPool: the greatest element under each window.
func importMaxPool(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(
    operands: 1...1,
    attributes: ["auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"])
  guard node.wire.output.count(where: { !$0.isEmpty }) == 1 else {
    throw node.error(.unsupportedFeature, "the indices of the maxima are asked for")
  }
  let pooled = try network.pooled(node)
  // What lies in the padding is never greatest: another element of the window stands for it.
  let (windows, size) = (pooled.windows.elements, pooled.windows.size)
  let rows = try network.select(pooled.value, to: [windows.count, size], in: node) { place in
    let window = windows[place / size]
    return window.indices.contains(place % size) ? window[place % size] : window[0]
  }
  let greatest = try network.maximum(of: ImportedOperand(derived: rows), isLeast: false, in: node)
  return try network.reshape(
    ImportedOperand(derived: greatest), to: pooled.extents, keepsNode: false, in: node)
}

/// AveragePool: the mean of the elements under each window.
func importAveragePool(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(
    operands: 1...1,
    attributes: ["auto_pad", "ceil_mode", "count_include_pad", "kernel_shape", "pads", "strides"])
  let pooled = try network.pooled(node)
  let countsPadding = try node.integer("count_include_pad") ?? 0 != 0
  let windows = pooled.windows.elements
  let counts = windows.map { countsPadding ? pooled.windows.size : $0.count }
  let hasExactWeights = counts.allSatisfy { $0 & ($0 - 1) == 0 }
  let sum = try network.sparse(pooled.value, to: pooled.extents, in: node) { row in
    windows[row].map { ($0, hasExactWeights ? 1 / Double(counts[row]) : 1) }
  }
  if hasExactWeights { return sum }
  let total = ImportedOperand(derived: sum)
  if counts.allSatisfy({ $0 == counts[0] }) {
    return try network.divide(total, by: Double(counts[0]), in: node)
  }
  let divisors: ImportedOperand
  do {
    divisors = ImportedOperand(
      derived: .constant(
        try Tensor(shape: Shape(pooled.extents), values: counts.map { Double($0) }), type: sum.type))
  } catch {
    throw node.error(.shape, "\(error)")
  }
  let inverse = ImportedOperand(derived: try network.apply(.smooth(.reciprocal), [divisors], in: node))
  return try network.multiply(total, inverse, in: node)
}

/// GlobalAveragePool: the mean over all places of each channel.
func importGlobalAveragePool(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1)
  let (operand, groups) = try network.channels(of: node)
  let sum = ImportedOperand(derived: try network.sum(operand, of: groups, in: node))
  return try network.divide(sum, by: Double(groups.size), in: node)
}

/// GlobalMaxPool: the greatest element of each channel.
func importGlobalMaxPool(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1)
  let (operand, groups) = try network.channels(of: node)
  let greatest = try network.greatest(operand, of: groups, isLeast: false, in: node)
  return try network.reshape(
    ImportedOperand(derived: greatest), to: groups.extents, keepsNode: false, in: node)
}

/// The elements under each window of a pooling operator.
struct PoolWindows {
  /// For each element of the result the elements of the operand, outside of the padding.
  let elements: [[Int]]
  /// Places of a window, those in the padding counted.
  let size: Int
}

extension NetworkImport {
  /// An operand and the places of each of its channels.
  fileprivate func channels(
    of node: ImportedNode
  ) throws(ModelFormatError) -> (operand: ImportedOperand, groups: AxisGroups) {
    let operand = try realOperand(0, of: node)
    let given = operand.value.extents
    guard given.count >= 3 else { throw node.error(.shape, "pools a value of shape \(given)") }
    return (operand, AxisGroups(given, over: Set(2..<given.count)))
  }

  fileprivate struct Pooled {
    let value: ImportedOperand
    let extents: [Int]
    let windows: PoolWindows
  }

  /// The operand of a pooling operator and its windows.
  fileprivate mutating func pooled(_ node: ImportedNode) throws(ModelFormatError) -> Pooled {
    let operand = try realOperand(0, of: node)
    let given = operand.value.extents
    guard given.count >= 3, given[0] == 1 else {
      throw node.error(.shape, "pools a value of shape \(given) instead of a batch of one")
    }
    guard let kernel = try node.integers("kernel_shape") else {
      throw node.error(.malformed, "`kernel_shape` is missing")
    }
    guard try node.integer("storage_order") ?? 0 == 0 else {
      throw node.error(.unsupportedFeature, "`storage_order` is set")
    }
    let window = try Window(node, input: Array(given[2...]), kernel: kernel, allowsCeiling: true)
    let extents = [1, given[1]] + window.output
    let size = try product(kernel, in: node)
    try charge(size, in: node)
    try charge(try product(extents + [size], in: node), in: node)
    let (places, source, result) = (RowMajor(kernel), RowMajor(given), RowMajor(extents))
    let kernelPlaces = (0..<size).map { places.index($0) }
    var elements: [[Int]] = []
    elements.reserveCapacity(result.count)
    for row in 0..<result.count {
      let index = result.index(row)
      let inside = kernelPlaces.compactMap { kernel in
        window.place(output: Array(index[2...]), kernel: kernel).map { source.offset([0, index[1]] + $0) }
      }
      guard !inside.isEmpty else { throw node.error(.shape, "a window lies wholly in the padding") }
      elements.append(inside)
    }
    return Pooled(value: operand, extents: extents, windows: PoolWindows(elements: elements, size: size))
  }
}
