// Theorem: two-sum splits h + x exactly into h' = fl(h + x) and the error e, so the pair (h', l + e)
// keeps the sum of its terms but for the rounding of l + e, which is directed. Since |e| <= u h', n
// additions lose at most n u^2 times the sum; the final h + l is rounded once more, directed.

/// A rigorous running sum of enclosures of nonnegative masses.
///
/// The result depends only on the sequence of terms; to reproduce it whatever the number of threads,
/// add in a fixed order, or combine fixed parts in a fixed order. The width grows by n 2^-105
/// relative to the sum beyond the widths of the terms, plus one rounding.
package struct MassAccumulator: Sendable {
  private var lowerHead = 0.0
  private var lowerRest = 0.0
  private var upperHead = 0.0
  private var upperRest = 0.0

  /// The empty sum.
  package init() {}

  /// Adds a mass; its members below zero are cut off, since a mass is not negative.
  package mutating func add(_ mass: Interval) {
    let (low, high) = (max(mass.lower, 0), max(mass.upper, 0))
    let lowerSum = lowerHead + low
    lowerRest = Directed.addDown(lowerRest, Directed.sumError(lowerHead, low, lowerSum))
    lowerHead = lowerSum
    let upperSum = upperHead + high
    upperRest = Directed.addUp(upperRest, Directed.sumError(upperHead, high, upperSum))
    upperHead = upperSum
  }

  /// Adds the sum of another accumulator.
  package mutating func add(_ other: MassAccumulator) {
    add(other.total)
  }

  /// An enclosure of the sum; unbounded above if the sum left the finite range.
  package var total: Interval {
    let lower = lowerHead.isFinite && lowerRest.isFinite ? Directed.addDown(lowerHead, lowerRest) : 0
    let upper = upperHead.isFinite && upperRest.isFinite ? Directed.addUp(upperHead, upperRest) : .infinity
    return Interval(max(lower, 0), max(upper, 0))
  }
}
