/// Counts over a stretch of samples.
package struct SampleTally: Hashable, Sendable {
  /// Samples on which the event certainly holds.
  package private(set) var hits = 0
  /// Samples on which the event certainly does not hold.
  package private(set) var misses = 0
  /// Samples that rounding leaves open.
  package private(set) var undecided = 0

  /// No samples.
  package init() {}

  /// Counts that were recorded elsewhere; nil when one is negative or the sum overflows.
  package init?(hits: Int, misses: Int, undecided: Int) {
    let (some, overflow) = hits.addingReportingOverflow(misses)
    guard hits >= 0, misses >= 0, undecided >= 0, !overflow,
      !some.addingReportingOverflow(undecided).overflow
    else { return nil }
    (self.hits, self.misses, self.undecided) = (hits, misses, undecided)
  }

  /// All samples.
  package var total: Int { hits + misses + undecided }

  /// Counts one sample; nil stands for an outcome within rounding.
  package mutating func count(_ outcome: Bool?) {
    switch outcome {
    case .some(true): hits += 1
    case .some(false): misses += 1
    case nil: undecided += 1
    }
  }

  /// Adds the counts of another stretch.
  package mutating func add(_ other: SampleTally) {
    hits += other.hits
    misses += other.misses
    undecided += other.undecided
  }
}
