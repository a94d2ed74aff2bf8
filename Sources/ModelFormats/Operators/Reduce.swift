import TensorGraph

/// What the reducing operators of ONNX make of the elements along their axes.
enum Reduction {
  case sum, mean, maximum, minimum, sumOfMagnitudes, sumOfSquares, euclideanNorm

  /// Whether elements are sent through a function before they are summed.
  var hasFunction: Bool { self == .sumOfMagnitudes || self == .sumOfSquares || self == .euclideanNorm }
}

/// ReduceSum, ReduceMean, ReduceMax, ReduceMin, ReduceL1, ReduceSumSquare and ReduceL2 along constant axes.
func importReduce(_ reduction: Reduction) -> OperatorTable.Rule {
  { (network, node) throws(ModelFormatError) in
    let takesOperand = node.operatorSet >= (reduction == .sum ? 13 : 18)
    try node.expect(
      operands: takesOperand ? 1...2 : 1...1,
      attributes: ["keepdims"] + (takesOperand ? ["noop_with_empty_axes"] : ["axes"]))
    let operand = try network.realOperand(0, of: node)
    let given = operand.value.extents
    let listed: [Int]
    if takesOperand {
      listed = node.operandName(1) == nil ? [] : try network.integers(1, of: node)
    } else {
      listed = try node.integers("axes") ?? []
    }
    if listed.isEmpty, try node.flag("noop_with_empty_axes", absent: false) {
      // Only the sum along axes is left out: magnitudes, squares and roots are taken of each element.
      guard !reduction.hasFunction else {
        throw node.error(
          .unsupportedFeature, "`noop_with_empty_axes` leaves a function of each element",
          fix: "write `Mul` of the value with itself, or `Abs`")
      }
      return operand.value
    }
    var axes: Set<Int> = []
    for axis in listed {
      let place = axis < 0 ? axis &+ given.count : axis
      guard given.indices.contains(place), axes.insert(place).inserted else {
        throw node.error(.shape, "axis \(axis) does not exist in shape \(given) or is named twice")
      }
    }
    if listed.isEmpty { axes = Set(given.indices) }
    let groups = AxisGroups(given, over: axes)
    let value = try network.reduced(operand, groups, by: reduction, in: node)
    let keepsAxes = try node.flag("keepdims", absent: true)
    let extents =
      keepsAxes ? groups.extents : given.indices.filter { !axes.contains($0) }.map { given[$0] }
    return try network.reshape(
      ImportedOperand(derived: value), to: extents, keepsNode: false, in: node)
  }
}

/// The elements of a tensor that differ only in their places along some axes.
struct AxisGroups {
  /// The tensor's extents, with one in place of those axes.
  let extents: [Int]
  /// Number of elements of a group.
  let size: Int
  private let source: RowMajor
  private let result: RowMajor
  private let offsets: [Int]

  init(_ given: [Int], over axes: Set<Int>) {
    extents = given.indices.map { axes.contains($0) ? 1 : given[$0] }
    let inner = RowMajor(given.indices.map { axes.contains($0) ? given[$0] : 1 })
    size = inner.count
    source = RowMajor(given)
    result = RowMajor(extents)
    offsets = (0..<inner.count).map { [source] in source.offset(inner.index($0)) }
  }

  /// Number of elements of the tensor.
  var count: Int { source.count }

  /// The elements of a group.
  func elements(_ group: Int) -> [Int] {
    let start = source.offset(result.index(group))
    return offsets.map { start + $0 }
  }

  /// The group of every element.
  func groups() -> [Int] {
    (0..<source.count).map {
      zip(source.index($0), zip(result.extents, result.strides)).reduce(0) {
        $0 + ($1.1.0 == 1 ? 0 : $1.0 * $1.1.1)
      }
    }
  }
}

extension NetworkImport {
  /// One number for each group of elements; the caller gives the shape.
  fileprivate mutating func reduced(
    _ operand: ImportedOperand, _ groups: AxisGroups, by reduction: Reduction, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    switch reduction {
    case .sum: return try sum(operand, of: groups, in: node)
    case .mean:
      let total = ImportedOperand(derived: try sum(operand, of: groups, in: node))
      return try divide(total, by: Double(groups.size), in: node)
    case .maximum, .minimum:
      return try greatest(operand, of: groups, isLeast: reduction == .minimum, in: node)
    case .sumOfMagnitudes:
      return try sum(ImportedOperand(derived: try magnitude(of: operand, in: node)), of: groups, in: node)
    case .sumOfSquares, .euclideanNorm:
      let squares = ImportedOperand(derived: try apply(.smooth(.square), [operand], in: node))
      let total = try sum(squares, of: groups, in: node)
      if reduction == .sumOfSquares { return total }
      return try root(of: ImportedOperand(derived: total), count: groups.size, in: node)
    }
  }

  /// The root of sums of so many squares.
  ///
  /// A program may divide the elements by the greatest one before it squares them: the squares are then within five
  /// roundings, a sum of them within `count + 4`, its root within half of that and one, and the product with the greatest
  /// element within one more. Squares that underflow do not count beside that of the greatest element, which is one.
  /// Rounded squares and their sums are not negative either, which no bound of an error says.
  private mutating func root(
    of total: ImportedOperand, count: Int, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    guard isDeployed else { return try apply(.smooth(.sqrt), [total], in: node) }
    let positive = ImportedOperand(derived: try apply(.relu, [total], in: node))
    let root = try apply(.smooth(.sqrt), [positive], in: node)
    return try allow(root, roundings: min(count, RoundingAllowance.greatestCount - 10) + 10, in: node)
  }

  /// The greatest or least element of each group, one after the other.
  mutating func greatest(
    _ operand: ImportedOperand, of groups: AxisGroups, isLeast: Bool, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let count = groups.extents.reduce(1, *)
    try charge(groups.count, in: node)
    let order = (0..<count).flatMap { groups.elements($0) }
    let extents = [count, groups.size]
    // Where the groups are rows, a row along a last axis that is there already.
    let isPlain = order == Array(order.indices) && operand.value.extents.last == groups.size
    let rows =
      isPlain ? operand.value : try select(operand, to: extents, in: node) { order[$0] }
    return try maximum(of: ImportedOperand(derived: rows), isLeast: isLeast, in: node)
  }

  /// The sum of each group of elements.
  mutating func sum(
    _ operand: ImportedOperand, of groups: AxisGroups, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    try charge(groups.count, in: node)
    return try sparse(operand, to: groups.extents, in: node) { row in
      groups.elements(row).map { ($0, 1) }
    }
  }
}
