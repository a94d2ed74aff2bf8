/// `y = A x + b` on all elements of a tensor, with a constant matrix that is mostly zero.
///
/// Convolutions, selections, permutations and sums along axes are maps of this kind. The matrix is kept in compressed
/// rows.
package struct SparseMap: Hashable, Sendable {
  /// Shape of the result.
  package let shape: Shape
  /// Number of elements of the operand.
  package let inputCount: Int
  /// Row `i` holds the entries from `starts[i]` up to `starts[i + 1]`.
  package let starts: [Int32]
  /// The operand's element of each entry, ascending in each row.
  package let columns: [Int32]
  /// The weight of each entry: finite, not zero.
  package let weights: [Double]
  /// Added to each element of the result.
  package private(set) var bias: [Double]
  /// How a program that computes the same numbers otherwise than by these sums rounds them; nil where it takes the sums.
  package let allowance: RoundingAllowance?

  /// Makes a map from the entries of its rows, in any order; zeros are left out.
  ///
  /// - Throws: `GraphError.shape` unless there is a row for each element of the result and the entries name elements of
  ///   the operand, each once in a row, and an allowance is one for so many elements; `GraphError.nonFinite` when a weight
  ///   or bias is NaN or infinite.
  package init(
    shape: Shape, inputCount: Int, rows: [[(column: Int, weight: Double)]], bias: [Double]? = nil,
    allowance: RoundingAllowance? = nil
  ) throws(GraphError) {
    let bias = bias ?? [Double](repeating: 0, count: shape.count)
    guard rows.count == shape.count, bias.count == shape.count else {
      throw GraphError.shape("\(rows.count) rows and \(bias.count) biases do not fill shape \(shape)")
    }
    guard allowance.map({ $0.sizes.count == shape.count }) ?? true else {
      throw GraphError.shape("an allowance for roundings does not fill shape \(shape)")
    }
    let count = rows.reduce(0) { $0 + $1.count }
    guard count <= SparseMap.largestCount, inputCount <= Int(Int32.max) else {
      throw GraphError.shape("a map has more than \(SparseMap.largestCount) entries")
    }
    var starts: [Int32] = [0]
    var columns: [Int32] = []
    var weights: [Double] = []
    starts.reserveCapacity(rows.count + 1)
    columns.reserveCapacity(count)
    weights.reserveCapacity(count)
    for row in rows {
      var last = -1
      for entry in row.sorted(by: { $0.column < $1.column }) {
        guard entry.column > last, entry.column < inputCount else {
          throw GraphError.shape("element \(entry.column) of \(inputCount) does not exist or is named twice")
        }
        guard entry.weight.isFinite else { throw GraphError.nonFinite("a weight is \(entry.weight)") }
        last = entry.column
        guard entry.weight != 0 else { continue }
        columns.append(Int32(entry.column))
        weights.append(entry.weight)
      }
      starts.append(Int32(columns.count))
    }
    if let value = bias.first(where: { !$0.isFinite }) { throw GraphError.nonFinite("a bias is \(value)") }
    self.shape = shape
    self.inputCount = inputCount
    self.starts = starts
    self.columns = columns
    self.weights = weights
    self.bias = bias
    self.allowance = allowance
  }

  /// The map that takes one element of the operand for each element of the result.
  ///
  /// - Throws: as the other initialiser.
  package init(selecting elements: [Int], of inputCount: Int, shape: Shape) throws(GraphError) {
    try self.init(shape: shape, inputCount: inputCount, rows: elements.map { [($0, 1)] })
  }

  /// Most entries that a map has.
  package static let largestCount = 1 << 26

  /// The entries of a row.
  @inline(__always)
  package func entries(_ row: Int) -> Range<Int> { Int(starts[row])..<Int(starts[row + 1]) }

  /// Whether every element of the result is zero or an element of the operand, or its negative.
  package var isSelection: Bool {
    allowance == nil && bias.allSatisfy { $0 == 0 } && weights.allSatisfy { $0.magnitude == 1 }
      && bias.indices.allSatisfy { entries($0).count <= 1 }
  }

  /// Whether some element of the result is a sum of several products, to which a program may add a bias in any order.
  var isProductOfMatrices: Bool {
    allowance == nil && bias.allSatisfy { $0 == 0 } && bias.indices.contains { entries($0).count > 1 }
  }

  /// The map with a bias in place of one of zeros, of as many elements.
  func with(bias: [Double]) -> SparseMap {
    var result = self
    result.bias = bias
    return result
  }

  func outputShape(of operand: Shape) throws(GraphError) -> Shape {
    guard operand.count == inputCount else {
      throw GraphError.shape("Sparse of \(inputCount) elements cannot take a value of shape \(operand)")
    }
    return shape
  }

  func evaluate<Scalar: GraphScalar>(_ operand: [Scalar]) -> [Scalar] {
    bias.indices.map { row in
      var sum = Scalar(dyadic: bias[row])
      for entry in entries(row) {
        sum = sum + Scalar(dyadic: weights[entry]) * operand[Int(columns[entry])]
      }
      return sum
    }
  }

  /// The value on constants, where nothing is added up.
  func exactValue(of operand: [Double]) -> [Double]? {
    guard isSelection else { return nil }
    return bias.indices.map { row in
      entries(row).reduce(0) { _, entry in weights[entry] * operand[Int(columns[entry])] }
    }
  }
}
