package import BranchAndBound
package import Certificates
package import DSpecSemantics
package import Evidence
package import Lowering
import Replay
package import RigorousArithmetic

/// The answer to one property, before it becomes a record of a certificate.
package struct PropertyOutcome: Sendable {
  /// The property.
  package let property: Property
  /// The question, where there is one.
  package let lowered: LoweredProperty?
  /// The verdict.
  package var verdict: Verdict
  /// Grade of the evidence.
  package var grade: Grade
  /// Certified bounds of the measure, or of the quantity under forall.
  package var bounds: Interval?
  /// Further facts by name, such as certified bounds of each case's probability.
  package var details: [String: String] = [:]
  /// The evidence, where there is any.
  package var evidence: ProofEvidence?
  /// Cells evaluated, or samples drawn.
  package var nodes = 0
  /// Leaves of the trees.
  package var leaves = 0
  /// Wall-clock seconds.
  package var seconds = 0.0
  /// What to know or to try next.
  package var note: String?
  /// What keeps an open question open.
  package var gap: GapReport?
  /// Whether the answer was taken from an earlier certificate of the same obligation.
  package var isReused = false
  /// Whether the user stopped the search.
  package var wasCancelled = false

  /// Makes an answer.
  package init(_ property: Property, lowered: LoweredProperty?, verdict: Verdict, grade: Grade) {
    self.property = property
    self.lowered = lowered
    self.verdict = verdict
    self.grade = grade
  }

  /// The answer to a property whose antecedent or condition never holds: it claims nothing.
  package init(withoutMeaning property: Property, _ lowering: SpecLowering) {
    var isMeasure = false
    if case .measure = property.claim { isMeasure = true }
    self.init(
      property, lowered: try? lowering.lower(property), verdict: isMeasure ? .undefined : .vacuous,
      grade: .attacked)
    note =
      isMeasure
      ? "the condition never holds, so the probability is undefined"
      : "the antecedent never holds: compare it with the region of its variables"
  }

  /// The weakest grade that the property accepts.
  package var requestedGrade: Grade { property.weakestGrade }

  /// Whether this counts as a success.
  package var holds: Bool { verdict.isPositive && grade.satisfies(requestedGrade) }
}
