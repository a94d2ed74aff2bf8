/// The extents of a tensor, outermost axis first; a scalar has no axes.
package struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// Extent of each axis, all positive.
  package let extents: [Int]

  /// Makes a shape from its extents.
  ///
  /// - Throws: `GraphError.shape` when an extent is not positive or the number of elements exceeds `2^31`.
  package init(_ extents: [Int]) throws(GraphError) {
    var count = 1
    for extent in extents {
      guard extent > 0 else { throw GraphError.shape("extent \(extent) of shape \(extents) is not positive") }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= 1 << 31 else {
        throw GraphError.shape("shape \(extents) has more than 2^31 elements")
      }
      count = product
    }
    self.extents = extents
    self.count = count
  }

  /// The shape of one axis.
  ///
  /// - Precondition: `count` is positive.
  package init(vector count: Int) {
    precondition(count > 0)
    self.extents = [count]
    self.count = count
  }

  /// Number of elements.
  package let count: Int

  /// The extents without leading axes of extent one: what a batch of one sample holds.
  package var squeezed: [Int] { Array(extents.drop { $0 == 1 }) }

  package var description: String { "[" + extents.map(String.init).joined(separator: ", ") + "]" }
}

/// An immutable constant tensor; every value is the exact dyadic number that the model file holds.
package struct Tensor: Hashable, Sendable {
  /// Extents of the tensor.
  package let shape: Shape
  /// Elements in row-major order, all finite.
  package let values: [Double]

  /// Makes a tensor.
  ///
  /// - Throws: `GraphError.shape` when the counts differ, `GraphError.nonFinite` when a value is NaN or infinite.
  package init(shape: Shape, values: [Double]) throws(GraphError) {
    guard values.count == shape.count else {
      throw GraphError.shape("\(values.count) values do not fill shape \(shape)")
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw GraphError.nonFinite("element \(index) is \(values[index])")
    }
    self.shape = shape
    self.values = values
  }
}
