/// Slice: elements from `starts` to `ends` in steps along axes, which are constant, of real numbers or of integers known at
/// import.
func importSlice(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  let operand: ImportedOperand
  let (starts, ends): ([Int], [Int])
  let (axes, steps): ([Int]?, [Int]?)
  if node.operatorSet < 10 {
    try node.expect(operands: 1...1, attributes: ["axes", "ends", "starts"])
    operand = try network.knownOrReal(0, of: node)
    guard let first = try node.integers("starts"), let last = try node.integers("ends") else {
      throw node.error(.malformed, "`starts` or `ends` is missing")
    }
    (starts, ends, axes, steps) = (first, last, try node.integers("axes"), nil)
  } else {
    try node.expect(operands: 3...5)
    operand = try network.knownOrReal(0, of: node)
    starts = try network.integers(1, of: node)
    ends = try network.integers(2, of: node)
    axes = node.operandName(3) == nil ? nil : try network.integers(3, of: node)
    steps = node.operandName(4) == nil ? nil : try network.integers(4, of: node)
  }
  let given = operand.value.extents
  let chosen = axes ?? Array(starts.indices)
  let strides = steps ?? [Int](repeating: 1, count: starts.count)
  guard starts.count == ends.count, chosen.count == starts.count, strides.count == starts.count else {
    throw node.error(.malformed, "the lists of starts, ends, axes and steps differ in length")
  }
  var extents = given
  var first = [Int](repeating: 0, count: given.count)
  var step = [Int](repeating: 1, count: given.count)
  var seen: Set<Int> = []
  for position in starts.indices {
    let axis = chosen[position] < 0 ? chosen[position] &+ given.count : chosen[position]
    guard given.indices.contains(axis), seen.insert(axis).inserted else {
      throw node.error(.shape, "axis \(chosen[position]) does not exist in shape \(given) or is named twice")
    }
    let (extent, stride) = (given[axis], strides[position])
    guard stride != 0, stride.magnitude <= Int.max else {
      throw node.error(.malformed, "a step is \(stride)")
    }
    let range = stride > 0 ? 0...extent : -1...extent - 1
    func bounded(_ place: Int, lowest: Int) -> Int {
      let from = place < 0 ? max(place, -extent - 1) + extent : place
      return min(max(from, lowest), range.upperBound)
    }
    let start = min(max(bounded(starts[position], lowest: 0), 0), stride > 0 ? extent : extent - 1)
    let end = bounded(ends[position], lowest: range.lowerBound)
    let span = stride > 0 ? end - start : start - end
    let length = span <= 0 ? 0 : (span - 1) / Int(stride.magnitude) + 1
    guard length > 0 else {
      throw node.error(.shape, "nothing is left of axis \(axis) of shape \(given)")
    }
    extents[axis] = length
    first[axis] = start
    step[axis] = length == 1 ? 1 : stride
  }
  let (source, target) = (RowMajor(given), RowMajor(extents))
  return try network.select(operand, to: extents, in: node) { element in
    target.index(element).enumerated().reduce(0) {
      $0 + source.strides[$1.offset] * (first[$1.offset] + step[$1.offset] * $1.element)
    }
  }
}
