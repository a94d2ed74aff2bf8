package import Certificates
import DSpecSemantics
import Evidence
import LeafRules
import Lowering
package import Replay
import RigorousArithmetic
import SpecDocuments
import VerificationProblem

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

  /// Record, property and question.
  package let answer: BundleReading.Answer
  /// Whether it stands.
  package let standing: Standing
  /// The claim as a sentence.
  package let words: String
  /// Where the property is declared.
  package let place: SourcePlace?
  /// The numbers.
  package let numbers: AnswerNumbers
  /// The evidence.
  package let findings: Findings
  /// Images of the law, where there is one and the claim speaks of images.
  package let images: SampleImages?
  /// Whether a replay was made and does not show that the antecedent can hold.
  package let nonVacuityNotShown: Bool

  /// The record.
  package var record: PropertyRecord { answer.record }

  /// Reads one answer.
  ///
  /// - Throws: `ReplayError` where record and evidence contradict one another, `CertificateError` where a file cannot be
  ///   read.
  package init(_ answer: BundleReading.Answer, of reading: BundleReading) async throws {
    let record = answer.record
    self.answer = answer
    standing = Standing(record.verdict, record.grade, requested: record.requestedGrade)
    words = ClaimWords.sentence(answer.property.claim) + "."
    place = SourcePlace(answer.property.span, in: reading.spec.sources)
    nonVacuityNotShown = answer.mayBeVacuous
    let evidence = try reading.evidence(of: answer)
    let interval = record.bounds.map { Interval($0.lower ?? -.infinity, $0.upper ?? .infinity) }
    var hasWitness = false
    if case .witness = evidence { hasWitness = true }
    numbers = AnswerNumbers(bounds: interval, lowered: answer.lowered, hasWitness: hasWitness)
    findings = try await PropertyReport.findings(evidence, answer, seedCheckpoint: reading.seedCheckpoint)
    images = PropertyReport.images(evidence, answer.lowered)
  }

  private static func findings(
    _ evidence: ProofEvidence?, _ answer: BundleReading.Answer, seedCheckpoint: ContentDigest?
  ) async throws -> Findings {
    guard let evidence, let lowered = answer.lowered else { return .none }
    let (record, step) = (answer.record, answer.record.id)
    switch (evidence, lowered.obligation.question) {
    case (.trees(let trees), let question):
      let tally: TreeTally
      do {
        tally = try TreeTally(trees)
      } catch {
        throw ReplayError(.treeShape, step: step, error.description)
      }
      guard tally.leaves == record.leaves else {
        throw ReplayError(
          .record, step: step, "\(record.leaves) leaves recorded, \(tally.leaves) in the evidence")
      }
      if case .forall = question, record.verdict == .proved, tally.rules[.open] != nil {
        throw ReplayError(.verdict, step: step, "`proved` is recorded and the evidence leaves cells open")
      }
      return .trees(tally, try await CellStudies(trees, lowered.obligation, answer: answer))
    case (.witness(let caseIndex, let point), .forall):
      guard record.verdict == .refuted else {
        throw ReplayError(.verdict, step: step, "a witness refutes, recorded is `\(record.verdict.rawValue)`")
      }
      return .witness(try WitnessStudy(lowered, caseIndex: caseIndex, point: point))
    case (.samples(let samples), .measure(_, let bounds)):
      guard record.grade == .sampled else {
        throw ReplayError(.verdict, step: step, "samples are no evidence of grade `\(record.grade.rawValue)`")
      }
      return .samples(
        try SampleStudy(
          samples, bounds,
          seed: SampleSeed.derive(lowered.obligation, count: samples.count, checkpoint: seedCheckpoint),
          plan: answer.property.samplePlan, answer: answer))
    case (.witness, .measure), (.samples, .forall):
      throw ReplayError(.evidenceKind, step: step, "evidence of this kind does not answer the question")
    }
  }

  /// The first images of the law; nil also where one cannot be drawn, since they prove nothing.
  private static func images(_ evidence: ProofEvidence?, _ lowered: LoweredProperty?) -> SampleImages? {
    guard let lowered else { return nil }
    var seed = SampleSeed.derive(lowered.obligation, count: SampleImages.count)
    if case .samples(let record) = evidence { seed = record.seed }
    return try? SampleImages(lowered, seed: seed)
  }
}
