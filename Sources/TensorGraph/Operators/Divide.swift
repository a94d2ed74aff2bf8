/// `x / value`.
package struct Divisor: Hashable, Sendable {
  /// Finite and not zero.
  package let value: Double

  /// Makes a divisor.
  ///
  /// - Throws: `GraphError.undefined` for zero, `GraphError.nonFinite` for NaN and infinities.
  package init(_ value: Double) throws(GraphError) {
    guard value.isFinite else { throw GraphError.nonFinite("Divide has the divisor \(value)") }
    guard value != 0 else { throw GraphError.undefined("Divide has the divisor 0") }
    self.value = value
  }

  func evaluate<Scalar: GraphScalar>(_ operand: [Scalar]) -> [Scalar] {
    operand.map { $0.divided(by: self) }
  }
}
