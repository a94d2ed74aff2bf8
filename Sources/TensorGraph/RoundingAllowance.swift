/// How far a program may be off that computes the numbers of an affine map by more steps than its sums.
///
/// The real function does not depend on it. In deployed arithmetic every term passes `roundings` roundings more than in a
/// plain sum, and `sizes` bounds the magnitudes of what the steps of each element add and take away again.
package struct RoundingAllowance: Hashable, Sendable {
  /// Most roundings of an allowance.
  package static let greatestCount = 1 << 24

  /// Roundings that a term passes beyond those of a plain sum, from 0 to `greatestCount`.
  package let roundings: Int
  /// For each element of the result: finite, not negative.
  package let sizes: [Double]

  /// Makes an allowance.
  ///
  /// - Throws: `GraphError.nonFinite` for a size that is negative or no number, `GraphError.shape` for a count out of range.
  package init(roundings: Int, sizes: [Double]) throws(GraphError) {
    guard (0...RoundingAllowance.greatestCount).contains(roundings) else {
      throw GraphError.shape("\(roundings) roundings are out of range")
    }
    if let size = sizes.first(where: { !($0.isFinite && $0 >= 0) }) {
      throw GraphError.nonFinite("a size is \(size)")
    }
    self.roundings = roundings
    self.sizes = sizes
  }
}
