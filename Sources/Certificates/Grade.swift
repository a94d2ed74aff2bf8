/// The kind of evidence behind a verdict.
package enum Grade: String, Hashable, Sendable, CaseIterable {
  /// Deterministic and replayable.
  case proof
  /// A certified interval of a probability.
  case bound
  /// Rules of privacy accounting.
  case accounting
  /// Follows from other verdicts.
  case derived
  /// Seeded samples at a confidence.
  case sampled
  /// Attacks within a budget: can refute, otherwise only reports.
  case attacked

  /// The rank: 2 for the four rigorous grades, which differ in subject and not in strength, 1 for `sampled`, 0
  /// for `attacked`.
  package var rank: Int {
    switch self {
    case .proof, .bound, .accounting, .derived: 2
    case .sampled: 1
    case .attacked: 0
    }
  }

  /// Whether an answer of this grade is good enough where `requested` is the weakest acceptable one.
  package func satisfies(_ requested: Grade) -> Bool { rank >= requested.rank }

  /// Whether evidence of this grade can carry a verdict.
  package func allows(_ verdict: Verdict) -> Bool {
    switch verdict {
    case .proved: rank == 2
    case .refuted: rank == 2 || self == .attacked
    case .supported, .contradicted: self == .sampled
    case .unknown, .vacuous, .undefined: true
    }
  }
}
