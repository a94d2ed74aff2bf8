/// DepthToSpace: channels become the places of blocks; by default the block's place is the outer part of the channel, in
/// mode `CRD` the inner one.
func importDepthToSpace(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: ["blocksize"] + (node.operatorSet >= 11 ? ["mode"] : []))
  let (operand, block) = try network.imageAndBlock(node)
  let given = operand.value.extents
  let isPlaceOuter = try node.placesAreOuter()
  guard given[1] % (block * block) == 0 else {
    throw node.error(.shape, "\(given[1]) channels are not blocks of \(block) by \(block)")
  }
  let channels = given[1] / (block * block)
  let source = RowMajor(given)
  let extents = [
    given[0], channels, try network.product([given[2], block], in: node),
    try network.product([given[3], block], in: node),
  ]
  let target = RowMajor(extents)
  return try network.select(operand, to: extents, in: node) { element in
    let index = target.index(element)
    let place = index[2] % block * block + index[3] % block
    let channel = isPlaceOuter ? place * channels + index[1] : index[1] * block * block + place
    return source.offset([index[0], channel, index[2] / block, index[3] / block])
  }
}

/// SpaceToDepth: the places of blocks become channels, the place being the outer part by default, in mode `CRD` the inner one.
func importSpaceToDepth(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 1...1, attributes: ["blocksize"] + (node.operatorSet >= 28 ? ["mode"] : []))
  let (operand, block) = try network.imageAndBlock(node)
  let given = operand.value.extents
  let isPlaceOuter = try node.placesAreOuter()
  guard given[2] % block == 0, given[3] % block == 0 else {
    throw node.error(.shape, "an image of shape \(given) does not consist of blocks of \(block) by \(block)")
  }
  let source = RowMajor(given)
  let extents = [
    given[0], try network.product([given[1], block, block], in: node), given[2] / block, given[3] / block,
  ]
  let target = RowMajor(extents)
  return try network.select(operand, to: extents, in: node) { element in
    let index = target.index(element)
    let (quotient, rest) = index[1].quotientAndRemainder(dividingBy: isPlaceOuter ? given[1] : block * block)
    let (place, channel) = isPlaceOuter ? (quotient, rest) : (rest, quotient)
    return source.offset([
      index[0], channel, index[2] * block + place / block, index[3] * block + place % block,
    ])
  }
}

extension ImportedNode {
  /// Whether a channel's number counts the places of a block in its outer part.
  fileprivate func placesAreOuter() throws(ModelFormatError) -> Bool {
    let mode = try text("mode") ?? "DCR"
    guard mode == "DCR" || mode == "CRD" else {
      throw error(.unsupportedFeature, "`mode` is \(quoted(mode))", fix: "use `DCR` or `CRD`")
    }
    return mode == "DCR"
  }
}

extension NetworkImport {
  /// An operand with channels and two axes of places, and the extent of a block.
  fileprivate func imageAndBlock(
    _ node: ImportedNode
  ) throws(ModelFormatError) -> (operand: ImportedOperand, block: Int) {
    let operand = try realOperand(0, of: node)
    guard operand.value.extents.count == 4 else {
      throw node.error(.shape, "takes images of four axes, not shape \(operand.value.extents)")
    }
    guard let block = try node.integer("blocksize"), 1...ONNXLimits.elements ~= block else {
      throw node.error(.malformed, "`blocksize` is missing or no extent of a block")
    }
    return (operand, block)
  }
}
