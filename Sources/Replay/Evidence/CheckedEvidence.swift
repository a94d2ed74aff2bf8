package import CellMasses
package import RigorousArithmetic

/// What evidence gives, derived anew.
package struct CheckedEvidence: Sendable {
  /// True when the claim holds, false when it is violated, nil when the evidence leaves it open.
  package let holds: Bool?
  /// Enclosure of the measure, confidence limits for samples, or under forall the range that the leaves leave to
  /// the compared quantities where these are all bounded on one side.
  package let measure: Interval?
  /// Enclosure of each case's probability.
  package let cases: [Interval]
  /// Number of leaves.
  package let leaves: Int
  /// What each leaf of each case's tree has of a measure, in order; empty unless it was asked for.
  package let masses: [[CellMass]]

  /// How far a partial replay has come; nil where everything was replayed.
  ///
  /// Then `holds` says what the evidence gives if the leaves that were left out are closed by their rules.
  let chunks: ChunkSelection?

  init(
    holds: Bool?, measure: Interval? = nil, cases: [Interval] = [], leaves: Int = 0,
    masses: [[CellMass]] = [],
    chunks: ChunkSelection? = nil
  ) {
    self.chunks = chunks
    self.masses = masses
    self.holds = holds
    self.measure = measure
    self.cases = cases
    self.leaves = leaves
  }
}
