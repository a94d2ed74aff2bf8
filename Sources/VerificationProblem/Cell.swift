/// A box of the region: closed ranges of doubles.
package struct Cell: Hashable, Sendable {
  /// Lower corner.
  package var lower: [Double]
  /// Upper corner, nowhere below `lower`.
  package var upper: [Double]

  /// Makes a cell.
  package init(lower: [Double], upper: [Double]) {
    self.lower = lower
    self.upper = upper
  }

  /// The two halves along an axis, or nil when no double lies strictly between the ends.
  package func split(along axis: Int) -> (low: Cell, high: Cell)? {
    let middle = Cell.midpoint(lower[axis], upper[axis])
    guard lower[axis] < middle, middle < upper[axis] else { return nil }
    var low = self
    var high = self
    low.upper[axis] = middle
    high.lower[axis] = middle
    return (low, high)
  }

  /// The double at which every split of a range is made.
  @inline(__always)
  package static func midpoint(_ lower: Double, _ upper: Double) -> Double { lower / 2 + upper / 2 }

  /// A half width with which `centre ± radius` covers `[lower, upper]`.
  @inline(__always)
  package static func radius(_ lower: Double, _ upper: Double, centre: Double) -> Double {
    let radius = Swift.max(upper - centre, centre - lower)
    // A computed difference of zero is exact; any other is within half a unit in its last place.
    return radius == 0 ? 0 : radius.nextUp
  }
}
