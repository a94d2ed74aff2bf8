import TensorGraph

/// Resize and Upsample to whole multiples, each element the nearest one.
func importResize(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  let isUpsample = node.wire.opType == "Upsample"
  if isUpsample {
    try node.expect(operands: 2...2, attributes: ["mode"])
  } else {
    try node.expect(
      operands: 1...4,
      attributes: ["coordinate_transformation_mode", "cubic_coeff_a", "mode", "nearest_mode"])
  }
  guard try node.text("mode") ?? "nearest" == "nearest" else {
    throw node.error(.unsupportedFeature, "interpolates", fix: "export with the mode `nearest`")
  }
  let operand = try network.realOperand(0, of: node)
  let given = operand.value.extents
  let factors = try network.resizeFactors(given, scalesAt: isUpsample ? 1 : 2, in: node)
  let transform =
    try node.text("coordinate_transformation_mode") ?? (isUpsample ? "asymmetric" : "half_pixel")
  let rounding = try node.text("nearest_mode") ?? (isUpsample ? "floor" : "round_prefer_floor")
  // With whole factors a half pixel never lies between two elements, and rounding finds the one it was made of.
  let roundsUp: Bool
  switch (transform, rounding) {
  case ("half_pixel", "round_prefer_floor"), ("half_pixel", "round_prefer_ceil"), ("asymmetric", "floor"):
    roundsUp = false
  case ("asymmetric", "round_prefer_floor"): roundsUp = true
  default:
    throw node.error(
      .unsupportedFeature, "the places are \(quoted(transform)) with \(quoted(rounding))",
      fix: "export with `asymmetric` and `floor`")
  }
  let extents = try zip(given, factors).map { extent, factor throws(ModelFormatError) in
    try network.product([extent, factor], in: node)
  }
  _ = try network.product(extents, in: node)
  let (source, target) = (RowMajor(given), RowMajor(extents))
  return try network.select(operand, to: extents, in: node) { element in
    let index = target.index(element).enumerated().map { axis, place in
      let (whole, rest) = (place / factors[axis], place % factors[axis])
      return min(whole + (roundsUp && 2 * rest > factors[axis] ? 1 : 0), given[axis] - 1)
    }
    return source.offset(index)
  }
}

extension NetworkImport {
  /// By what each axis is multiplied.
  fileprivate func resizeFactors(
    _ given: [Int], scalesAt position: Int, in node: ImportedNode
  ) throws(ModelFormatError) -> [Int] {
    if node.operandName(position) != nil, let scales = try operand(position, of: node).value.tensor?.values,
      !scales.isEmpty
    {
      let factors = scales.compactMap { Int(exactly: $0) }
      guard factors.count == given.count, factors.allSatisfy({ $0 > 0 }) else {
        throw node.error(.unsupportedFeature, "the scales are \(scales), not a whole number for each axis")
      }
      return factors
    }
    guard node.operandName(position + 1) != nil else {
      throw node.error(.unsupportedFeature, "neither scales nor sizes are given as constants")
    }
    let sizes = try integers(position + 1, of: node)
    guard sizes.count == given.count, zip(sizes, given).allSatisfy({ $0 > 0 && $0 % $1 == 0 }) else {
      throw node.error(.unsupportedFeature, "the sizes \(sizes) are no whole multiples of shape \(given)")
    }
    return zip(sizes, given).map { $0 / $1 }
  }
}
