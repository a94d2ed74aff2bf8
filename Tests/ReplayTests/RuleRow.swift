import Evidence
import Replay
import Testing
import VerificationProblem

/// Evidence, and what a rule says of it.
struct RuleRow: Sendable, CustomTestStringConvertible {
  enum Answer: Sendable {
    /// What the evidence gives.
    case holds(Bool?)
    case refused(ReplayError.Code)
  }

  let name: String
  let limit: Double
  let evidence: ProofEvidence
  let answer: Answer

  init(_ name: String, _ limit: Double, _ evidence: ProofEvidence, _ answer: Answer) {
    (self.name, self.limit, self.evidence, self.answer) = (name, limit, evidence, answer)
  }

  var testDescription: String { name }
}

extension RuleRow {
  /// Checks the evidence, and that the answer is the expected one; what it gives where it is accepted.
  func check(_ obligation: Obligation) async throws -> CheckedEvidence? {
    do {
      let checked = try await EvidenceCheck.check(obligation, evidence, plan: nil, workers: 1)
      guard case .holds(let expected) = answer else {
        Issue.record("accepted: \(name)")
        return nil
      }
      #expect(checked.holds == expected)
      return checked
    } catch {
      guard case .refused(let code) = answer else { throw error }
      #expect(error.code == code, "\(error)")
      return nil
    }
  }
}
