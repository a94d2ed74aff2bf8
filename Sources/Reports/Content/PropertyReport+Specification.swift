import Certificates
import DSpecSemantics
import Evidence
import Lowering
package import Replay
import RigorousArithmetic
import SpecDocuments
import VerificationProblem

extension PropertyReport {
  /// Reads the answer to a property of a specification.
  ///
  /// - Throws: `ReplayError` where record and evidence contradict one another, `CertificateError` where a file cannot be
  ///   read.
  package init(_ answer: BundleReading.Answer, of reading: BundleReading) async throws {
    let (record, property, lowered) = (answer.record, answer.property, answer.lowered)
    let evidence = try reading.evidence(of: answer)
    let interval = record.bounds.map { Interval($0.lower ?? -.infinity, $0.upper ?? .infinity) }
    var hasWitness = false
    if case .witness = evidence { hasWitness = true }
    self.init(
      record: record, standing: Standing(record.verdict, record.grade, requested: record.requestedGrade),
      words: ClaimWords.sentence(property.claim) + ".",
      place: SourcePlace(property.span, in: reading.spec.sources), terms: Terms(property, lowered),
      obligation: lowered?.obligation,
      numbers: AnswerNumbers(bounds: interval, lowered: lowered, hasWitness: hasWitness),
      findings: try await Self.findings(evidence, answer, seedCheckpoint: reading.seedCheckpoint))
    images = Self.images(evidence, lowered)
    nonVacuityNotShown = answer.mayBeVacuous
    var drawn: Set<String> = []
    if case .trees(_, .some) = findings { drawn = Set(obligation?.cases.map(\.label) ?? []) }
    remarks = record.details.filter { !drawn.contains($0.key) }
  }

  private static func findings(
    _ evidence: ProofEvidence?, _ answer: BundleReading.Answer, seedCheckpoint: ContentDigest?
  ) async throws -> Findings {
    guard let evidence, let lowered = answer.lowered else { return .none }
    let (record, step) = (answer.record, answer.record.id)
    switch (evidence, lowered.obligation.question) {
    case (.trees(let trees), let question):
      let tally = try TreeTally(trees, of: record)
      if case .forall = question { try tally.checkVerdict(record) }
      return .trees(tally, try await CellStudies(trees, lowered.obligation, of: record))
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
          plan: answer.property.samplePlan, of: record))
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

extension PropertyReport.Terms {
  fileprivate init(_ property: Property, _ lowered: LoweredProperty?) {
    grades = property.evidence.map(HazardMatrix.text).joined(separator: " or ")
    reliesOn = property.reliesOn
    arithmetic = property.arithmetic
    if let lowered, lowered.scale == .logistic, case .forall = lowered.obligation.question {
      boundsLogits = true
    }
    unit = lowered?.unit ?? 1
    if lowered?.hasReadableBounds == false { boundedQuantity = nil }
    if case .measure(let claim) = property.claim, case .balancedErrorRate = claim.measure {
      isErrorRate = true
    }
  }
}
