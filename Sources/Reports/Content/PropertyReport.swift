package import Certificates
package import DSpecSemantics
package import VerificationProblem

/// One answer of a certificate, with everything that a page shows of it.
package struct PropertyReport: Sendable {
  /// Evidence as it is shown.
  package enum Findings: Sendable {
    /// The certificate holds none.
    case none
    /// Split trees; the study is nil where it was too much work.
    case trees(TreeTally, CellStudies?)
    /// A point that violates the claim.
    case witness(WitnessStudy)
    /// Counts over seeded samples.
    case samples(SampleStudy)
  }

  /// What was asked, beside the claim itself.
  package struct Terms: Sendable {
    /// The grades of evidence that are accepted, in words.
    package let grades: String
    /// Mitigations and assumptions that the property says it relies on.
    package var reliesOn: [String] = []
    /// The arithmetic that the claim is meant in.
    package var arithmetic = ClaimArithmetic.real
    /// Whether recorded bounds under forall are those of log-odds.
    package var boundsLogits = false
    /// What recorded bounds under forall are a multiple of what is written by.
    package var unit = 1.0
    /// Whether the event is that a prediction is wrong.
    package var isErrorRate = false
    /// What the bounds of leaves are bounds of; nil where that is not what is written, so that they say nothing to a reader.
    package var boundedQuantity: String? = "the claim's quantity"
    /// What a map of cells is a map of.
    package var space = "latent"
  }

  /// The record.
  package let record: PropertyRecord
  /// Whether it stands.
  package let standing: Standing
  /// The claim as a sentence.
  package let words: String
  /// Where the property is declared.
  package let place: SourcePlace?
  /// What was asked.
  package let terms: Terms
  /// The question that the evidence answers; nil where no engine decides such a claim, or where there are several.
  package let obligation: Obligation?
  /// The numbers.
  package let numbers: AnswerNumbers
  /// The evidence.
  package let findings: Findings
  /// Images of the law, where there is one and the claim speaks of images.
  package var images: SampleImages?
  /// Whether a replay was made and does not show that the antecedent can hold.
  package var nonVacuityNotShown = false
  /// What the issuer says beside the evidence, which no replay checks, by name.
  package var remarks: [String: String] = [:]
}
