/// What supports the verdict on one property: data only.
package enum ProofEvidence: Hashable, Sendable {
  /// One split tree for each case of the obligation, in order.
  case trees([SplitTree])
  /// A point of one case at which the claim fails.
  case witness(caseIndex: Int, point: [Double])
  /// Seeded samples: point `i` is a function of the seed and `i`.
  case samples(SampleRecord)
}

/// Counts over seeded samples.
package struct SampleRecord: Hashable, Sendable {
  /// The 32 bytes from which every sample derives.
  package let seed: [UInt8]
  /// Number of samples.
  package let count: Int
  /// Samples on which the event certainly holds.
  package let hits: Int
  /// Samples that rounding leaves open; they count against the claim.
  package let undecided: Int

  /// Makes a record.
  package init(seed: [UInt8], count: Int, hits: Int, undecided: Int) {
    self.seed = seed
    self.count = count
    self.hits = hits
    self.undecided = undecided
  }
}
