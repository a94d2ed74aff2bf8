/// `min(max(x, lower), upper)`.
package struct Clip: Hashable, Sendable {
  /// Smallest result.
  package let lower: Double
  /// Largest result.
  package let upper: Double

  /// Makes a clip.
  ///
  /// - Throws: `GraphError.nonFinite` unless `lower <= upper` are finite.
  package init(lower: Double, upper: Double) throws(GraphError) {
    guard lower.isFinite, upper.isFinite, lower <= upper else {
      throw GraphError.nonFinite("Clip has the range [\(lower), \(upper)]")
    }
    self.lower = lower
    self.upper = upper
  }

  func evaluate<Scalar: GraphScalar>(_ operand: [Scalar]) -> [Scalar] {
    operand.map { $0.atLeast(lower).atMost(upper) }
  }
}
