package import RigorousArithmetic

/// `lower.constant + lower.slopes · t <= quantity <= upper.constant + upper.slopes · t` on a cell, `t` in
/// `[-1, 1]^d`; the relation is exact in the real numbers.
package struct AffineBounds: Sendable {
  /// A linear function of the coordinate symbols.
  package struct Side: Sendable {
    /// Value at the cell's centre.
    package var constant: Double
    /// Coefficient of each coordinate symbol.
    package var slopes: [Double]

    /// Makes a side.
    package init(constant: Double, slopes: [Double]) {
      self.constant = constant
      self.slopes = slopes
    }
  }

  /// The bound from below.
  package var lower: Side
  /// The bound from above.
  package var upper: Side

  /// Bounds from both sides.
  package init(lower: Side, upper: Side) {
    self.lower = lower
    self.upper = upper
  }
}

extension AffineBounds {
  /// Enclosure of the range over the cell that both sides leave; nil where they contradict each other.
  package var range: Interval? {
    let below = lower.slopes.reduce(lower.constant) { Directed.subtractDown($0, $1.magnitude) }
    let above = upper.slopes.reduce(upper.constant) { Directed.addUp($0, $1.magnitude) }
    return Interval(validating: below, above)
  }

  /// The side that is tighter at the centre, of each.
  package func tightened(by other: AffineBounds) -> AffineBounds {
    AffineBounds(
      lower: other.lower.constant > lower.constant ? other.lower : lower,
      upper: other.upper.constant < upper.constant ? other.upper : upper)
  }
}
