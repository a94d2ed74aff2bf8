/// The windows that a convolution or pooling operator moves over the spatial axes of its operand.
struct Window {
  /// Extents of the operand's spatial axes.
  let input: [Int]
  let kernel: [Int]
  let strides: [Int]
  let dilations: [Int]
  /// Places added before each axis.
  let padsBefore: [Int]
  /// Extents of the result's spatial axes.
  let output: [Int]

  /// Reads `strides`, `dilations`, `pads`, `auto_pad` and, where allowed, `ceil_mode`.
  init(
    _ node: ImportedNode, input: [Int], kernel: [Int], allowsCeiling: Bool = false
  ) throws(ModelFormatError) {
    let rank = input.count
    let strides = try node.positive("strides", count: rank)
    let dilations = try node.positive("dilations", count: rank)
    let rounding = allowsCeiling ? try node.integer("ceil_mode") ?? 0 : 0
    guard kernel.count == rank, kernel.allSatisfy({ 1...ONNXLimits.elements ~= $0 }), rounding == 0 else {
      throw node.error(
        .unsupportedFeature,
        rounding == 0
          ? "the kernel has shape \(kernel), the input \(rank) spatial axes" : "`ceil_mode` is set",
        fix: rounding == 0 ? "" : "export with `ceil_mode=False`, padding the input")
    }
    let reach = zip(kernel, dilations).map { ($0 - 1) * $1 + 1 }
    let (before, after) = try Self.pads(node, input: input, reach: reach, strides: strides)
    var output: [Int] = []
    for axis in 0..<rank {
      let room = input[axis] + before[axis] + after[axis] - reach[axis]
      guard room >= 0 else {
        throw node.error(
          .shape, "a kernel that reaches over \(reach[axis]) places does not fit into axis \(axis)")
      }
      output.append(room / strides[axis] + 1)
    }
    self.input = input
    self.kernel = kernel
    self.strides = strides
    self.dilations = dilations
    padsBefore = before
    self.output = output
  }

  /// The place of the operand under a place of the kernel; nil in the padding.
  func place(output: [Int], kernel: [Int]) -> [Int]? {
    var place: [Int] = []
    for axis in input.indices {
      let at = output[axis] * strides[axis] + kernel[axis] * dilations[axis] - padsBefore[axis]
      guard at >= 0, at < input[axis] else { return nil }
      place.append(at)
    }
    return place
  }

  /// Places added before and after each axis.
  private static func pads(
    _ node: ImportedNode, input: [Int], reach: [Int], strides: [Int]
  ) throws(ModelFormatError) -> (before: [Int], after: [Int]) {
    let rank = input.count
    let rule = try node.text("auto_pad") ?? "NOTSET"
    switch rule {
    case "NOTSET":
      let pads = try node.integers("pads") ?? [Int](repeating: 0, count: 2 * rank)
      guard pads.count == 2 * rank, pads.allSatisfy({ 0...ONNXLimits.elements ~= $0 }) else {
        throw node.error(.malformed, "`pads` is \(pads) for \(rank) spatial axes")
      }
      return (Array(pads[..<rank]), Array(pads[rank...]))
    case "VALID":
      let none = [Int](repeating: 0, count: rank)
      return (none, none)
    case "SAME_UPPER", "SAME_LOWER":
      var (small, large): ([Int], [Int]) = ([], [])
      for axis in 0..<rank {
        let steps = (input[axis] + strides[axis] - 1) / strides[axis]
        let total = max(0, (steps - 1) * strides[axis] + reach[axis] - input[axis])
        small.append(total / 2)
        large.append(total - total / 2)
      }
      return rule == "SAME_UPPER" ? (small, large) : (large, small)
    default: throw node.error(.malformed, "`auto_pad` is \(quoted(rule))")
    }
  }
}

extension ImportedNode {
  /// A list of positive integers, ones when absent.
  func positive(_ name: String, count: Int) throws(ModelFormatError) -> [Int] {
    let values = try integers(name) ?? [Int](repeating: 1, count: count)
    guard values.count == count, values.allSatisfy({ 1...ONNXLimits.elements ~= $0 }) else {
      throw error(.malformed, "\(quoted(name)) is \(values) for \(count) axes")
    }
    return values
  }
}
