/// The greatest element of every row along the last axis.
package struct Maximum: Hashable, Sendable {
  /// Number of elements of a row, the extent of the operand's last axis.
  package let size: Int

  /// Makes a maximum.
  ///
  /// - Throws: `GraphError.shape` unless the rows have elements.
  package init(size: Int) throws(GraphError) {
    guard size > 0 else { throw GraphError.shape("Max has rows of \(size) elements") }
    self.size = size
  }

  func outputShape(of operand: Shape) throws(GraphError) -> Shape {
    guard operand.extents.last == size else {
      throw GraphError.shape("Max over rows of \(size) cannot take a value of shape \(operand)")
    }
    return try Shape(operand.extents.dropLast())
  }

  func evaluate<Scalar: GraphScalar>(_ operand: [Scalar]) -> [Scalar] {
    stride(from: 0, to: operand.count, by: size).map { start in
      operand[start + 1..<start + size].reduce(operand[start]) { $0.greater($1) }
    }
  }
}
