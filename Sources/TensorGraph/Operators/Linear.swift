/// `y = W x + b` with constant weights, on the last axis.
package struct Linear: Hashable, Sendable {
  /// Weights, shape `[outputs, inputs]`.
  package let weights: Tensor
  /// Bias, shape `[outputs]`.
  package let bias: Tensor

  /// Makes an affine map.
  ///
  /// - Throws: `GraphError.shape` unless the shapes are `[m, n]` and `[m]`.
  package init(weights: Tensor, bias: Tensor) throws(GraphError) {
    guard weights.shape.extents.count == 2, bias.shape.extents == [weights.shape.extents[0]] else {
      throw GraphError.shape("Linear has weights of shape \(weights.shape) and bias of shape \(bias.shape)")
    }
    self.weights = weights
    self.bias = bias
  }

  /// Number of results.
  package var outputCount: Int { weights.shape.extents[0] }
  /// Number of operands' elements.
  package var inputCount: Int { weights.shape.extents[1] }

  func outputShape(of operand: Shape) throws(GraphError) -> Shape {
    guard let last = operand.extents.last, last == inputCount, operand.count == last else {
      throw GraphError.shape("Linear of shape \(weights.shape) cannot take a value of shape \(operand)")
    }
    return try Shape(operand.extents.dropLast() + [outputCount])
  }

  func evaluate<Scalar: GraphScalar>(_ operand: [Scalar]) -> [Scalar] {
    (0..<outputCount).map { row in
      var sum = Scalar(dyadic: bias.values[row])
      let start = row * inputCount
      for column in 0..<inputCount {
        let weight = weights.values[start + column]
        if weight != 0 { sum = sum + Scalar(dyadic: weight) * operand[column] }
      }
      return sum
    }
  }
}
