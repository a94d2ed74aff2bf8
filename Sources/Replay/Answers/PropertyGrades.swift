package import Certificates
package import DSpecSemantics
package import RigorousArithmetic

extension EvidenceGrade {
  /// The grade's word.
  package var grade: Grade {
    switch self {
    case .proof: return .proof
    case .bound: return .bound
    case .sampled: return .sampled
    case .accounting: return .accounting
    case .derived: return .derived
    case .attacked: return .attacked
    }
  }
}

extension Property {
  /// The weakest grade that the property accepts.
  package var weakestGrade: Grade { evidence.map(\.grade).min { $0.rank < $1.rank } ?? .proof }

  /// The first sampled grade that the property accepts.
  package var samplePlan: (count: Int, confidence: Rational)? {
    for case .sampled(let count, let confidence) in evidence { return (count, confidence) }
    return nil
  }

  /// Whether a certified interval or a proof is accepted.
  package var acceptsDeterministic: Bool {
    evidence.contains { $0 == .proof || $0 == .bound }
  }

  /// Whether the claim is an implication somewhere, so that it may hold for want of cases.
  package var hasImplication: Bool {
    if case .forall(_, let predicate) = claim { predicate.hasImplication } else { false }
  }

  /// The bounds on a measure as a certificate records them; empty under forall.
  package var recordedThresholds: [String] {
    guard case .measure(let claim) = claim else { return [] }
    return claim.bounds.map { "\($0.comparison.rawValue) \($0.bound)" }
  }
}
