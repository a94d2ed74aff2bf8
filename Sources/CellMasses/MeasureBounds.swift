package import RigorousArithmetic
package import VerificationProblem

/// Sums of leaf masses into bounds of a weighted sum of probabilities.
///
/// Theorem. Leaves of one tree overlap only on faces, which have no mass, so their masses add up. What is neither
/// certainly inside nor certainly outside, the tail beyond the root included, may be either: the probability of an
/// event lies between the mass certainly inside and one minus the mass certainly outside.
package struct MeasureBounds: Sendable {
  /// One case's sums, all rounded down.
  package struct CaseMass: Hashable, Sendable {
    /// Mass certainly inside.
    package private(set) var inside = 0.0
    /// Mass certainly outside.
    package private(set) var outside = 0.0

    /// Nothing decided.
    package init() {}

    /// Sums that were formed before.
    package init(inside: Double, outside: Double) {
      self.inside = inside
      self.outside = outside
    }

    /// Adds a leaf; the order of leaves is part of the result's last digits.
    package mutating func add(_ leaf: CellMass) {
      inside = Directed.addDown(inside, Swift.max(0, leaf.inside))
      outside = Directed.addDown(outside, Swift.max(0, leaf.outside))
    }

    /// Enclosure of the event's probability.
    package var probability: Interval {
      let lower = Swift.min(1, Swift.max(0, inside))
      return Interval(lower, Swift.max(lower, Swift.min(1, Directed.subtractUp(1, outside))))
    }
  }

  /// Enclosure of `sum_i w_i P_i`.
  package static func total(_ masses: [CaseMass], weights: [Rational]) -> Interval {
    zip(masses, weights).reduce(Interval(0)) { $0 + $1.1.enclosure * $1.0.probability }
  }

  /// Whether a measure meets all bounds, violates one, or is open.
  package static func verdict(_ measure: Interval, bounds: [MeasureBound]) -> Bool? {
    var result: Bool? = true
    for bound in bounds {
      switch bound.comparison.decided(measure, bound.threshold.enclosure) {
      case .some(true): break
      case .some(false): return false
      case nil: result = nil
      }
    }
    return result
  }
}
