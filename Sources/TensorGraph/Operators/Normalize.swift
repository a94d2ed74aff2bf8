import RigorousArithmetic

/// `(x_i - mean) / sqrt(variance + epsilon)` in every group of consecutive elements, with the group's own mean and variance.
package struct Normalization: Hashable, Sendable {
  /// Number of elements of a group, positive and at most `largestSize`.
  package let size: Int
  /// Added to the variance: finite, not negative.
  package let epsilon: Double
  /// `epsilon` times the square of the size, exactly.
  package let moved: Double

  /// Largest group; its square times a single-precision number is a double.
  package static let largestSize = 1 << 14

  /// Makes a normalization.
  ///
  /// - Throws: `GraphError.shape` for groups without elements or with too many, `GraphError.nonFinite` for an epsilon that
  ///   is negative, not finite, or has so many digits that its product with the square of the size is no double.
  package init(size: Int, epsilon: Double) throws(GraphError) {
    guard size > 0, size <= Normalization.largestSize else {
      throw GraphError.shape(
        "Normalize has groups of \(size) elements; 1 to \(Normalization.largestSize) are supported")
    }
    guard epsilon >= 0, let moved = exactProduct(epsilon, Double(size * size)) else {
      throw GraphError.nonFinite("Normalize has the epsilon \(epsilon)")
    }
    self.size = size
    self.epsilon = epsilon
    self.moved = moved
  }

  /// No result has a greater magnitude: since the deviations `d_i` of a group sum to zero, `d_i^2 <= (n - 1) sum_(j != i) d_j^2`
  /// and `n d_i^2 <= (n - 1) sum d^2`.
  package var limit: Double { Directed.squareRootUp(Double(size - 1)) }

  func outputShape(of operand: Shape) throws(GraphError) -> Shape {
    guard operand.count % size == 0 else {
      throw GraphError.shape("Normalize over groups of \(size) cannot take a value of shape \(operand)")
    }
    return operand
  }

  /// With `d = n x - sum x`, which has no rounded coefficient, it is `d / sqrt(sum d^2 / n + n^2 epsilon)`.
  func evaluate<Scalar: GraphScalar>(_ operand: [Scalar]) throws(GraphError) -> [Scalar] {
    let minus = Scalar(dyadic: -1)
    let count = Scalar(dyadic: Double(size))
    var values: [Scalar] = []
    values.reserveCapacity(operand.count)
    for start in stride(from: 0, to: operand.count, by: size) {
      let group = operand[start..<start + size]
      let sum = minus * group.dropFirst().reduce(group[start]) { $0 + $1 }
      let deviations = group.map { count * $0 + sum }
      let inverse = try inverseRoot(of: deviations)
      for deviation in deviations { values.append((deviation * inverse).atLeast(-limit).atMost(limit)) }
    }
    return values
  }

  /// `1 / sqrt(sum d^2 / n + n^2 epsilon)` for the deviations of a group, times its size.
  package func inverseRoot<Scalar: GraphScalar>(of deviations: [Scalar]) throws(GraphError) -> Scalar {
    let divisor = try Divisor(Double(size))
    var sum = Scalar(dyadic: 0)
    for deviation in deviations { sum = sum + (try deviation.applying(.square)) }
    let variance = sum.divided(by: divisor) + Scalar(dyadic: moved)
    return try variance.applying(.sqrt).applying(.reciprocal)
  }
}
