package import Certificates
import DSpecSemantics
import Diagnostics
package import Evidence
import Lowering
package import RigorousArithmetic
package import VerificationProblem

/// What replay found of one property.
package struct PropertyReplay: Sendable {
  /// The record in the certificate.
  package let record: PropertyRecord
  /// Derived bounds, where the evidence gives some.
  package let bounds: Interval?
  /// Leaves that were closed again.
  package let leaves: Int
  /// Why the property's answer is not supported in full; nil when it is.
  package let hole: String?
  /// Whether the claim is a proved implication, for which no case that meets its antecedent is shown.
  package var mayBeVacuous: Bool { record.verdict == .proved && isImplication }
  let isImplication: Bool

  /// Whether the answer rests on samples whose author chose the seed, since nothing that was published later enters it.
  package let hasChosenSeed: Bool

  init(
    record: PropertyRecord, bounds: Interval?, leaves: Int, hole: String?, isImplication: Bool,
    hasChosenSeed: Bool = false
  ) {
    self.record = record
    self.bounds = bounds
    self.leaves = leaves
    self.hole = hole
    self.isImplication = isImplication
    self.hasChosenSeed = hasChosenSeed
  }
}

/// The outcome of a replay.
package struct ReplayReport: Sendable {
  /// Each recorded property.
  package let properties: [PropertyReplay]
  /// Properties of the specification that the certificate does not answer.
  package let uncovered: [String]

  /// Steps that only an unreplayed solver vouches for.
  package var holes: [String] {
    properties.compactMap { item in item.hole.map { "\(item.record.id): \($0)" } }
  }
}

/// Replays a certificate.
///
/// It reads specification and models again, derives every question and every answer anew, and compares them with what
/// is recorded. It never searches.
package struct BundleReplay: Sendable {
  private let contents: CertificateContents
  private let workers: Int

  /// A replay of a certificate whose structure and digests are checked.
  package init(_ contents: CertificateContents, workers: Int) {
    self.contents = contents
    self.workers = workers
  }

  /// Replays everything.
  ///
  /// - Parameters:
  ///   - progress: told the name of each property before its turn.
  ///   - derived: given every question before anything is compared, then the masses of leaves property by property.
  /// - Throws: `ReplayError` at the first step that does not hold; `CertificateError` where a file cannot be read; what
  ///   `derived` throws.
  package func run(
    progress: ((String) -> Void)? = nil, derived: ((Derivation) throws -> Void)? = nil
  ) async throws -> ReplayReport {
    if contents.predicate.spec.language == .vnnlib {
      return try await NetworkReplay(contents: contents, workers: workers).run(
        progress: progress, derived: derived)
    }
    return try await BundleReplay.run(
      BundleReading(contents, derived: derived), workers: workers, progress: progress, derived: derived)
  }

  /// Replays the evidence of a certificate that was read.
  package static func run(
    _ reading: BundleReading, workers: Int, progress: ((String) -> Void)? = nil,
    derived: ((Derivation) throws -> Void)? = nil
  ) async throws -> ReplayReport {
    var replays: [PropertyReplay] = []
    for answer in reading.answers {
      progress?(answer.record.id)
      replays.append(try await replay(answer, reading, workers, derived))
    }
    return ReplayReport(properties: replays, uncovered: reading.uncovered)
  }

  private static func replay(
    _ answer: BundleReading.Answer, _ reading: BundleReading, _ workers: Int,
    _ derived: ((Derivation) throws -> Void)?
  ) async throws -> PropertyReplay {
    let (record, property, step) = (answer.record, answer.property, answer.record.id)
    guard let lowered = answer.lowered, let evidence = try reading.evidence(of: answer) else {
      return PropertyReplay(
        record: record, bounds: nil, leaves: 0, hole: nil, isImplication: property.hasImplication)
    }
    let plan = property.samplePlan.map {
      EvidenceCheck.SamplePlan(
        count: $0.count, confidence: $0.confidence,
        seed: SampleSeed.derive(
          lowered.obligation, count: $0.count, checkpoint: reading.seedCheckpoint))
    }
    let checked = try await EvidenceCheck.check(
      lowered.obligation, evidence, plan: plan, workers: workers, keepsMasses: derived != nil)
    if !checked.masses.isEmpty { try derived?(Derivation(property, checked.masses)) }
    let (verdict, grade) = EvidenceVerdict.of(evidence, checked, lowered.obligation)
    guard record.verdict == verdict, record.grade == grade else {
      throw ReplayError(
        .verdict, step: step,
        "recorded is `\(record.verdict.rawValue)` (\(record.grade.rawValue)), the evidence gives "
          + "`\(verdict.rawValue)` (\(grade.rawValue))")
    }
    guard record.leaves == checked.leaves else {
      throw ReplayError(
        .record, step: step, "\(record.leaves) leaves recorded, \(checked.leaves) in the evidence")
    }
    let measure = checked.measure
    guard record.bounds == nil || measure != nil else {
      throw ReplayError(.boundNotMet, step: step, "bounds are recorded that the evidence does not give")
    }
    try RecordCheck.bounds(record.bounds, measure, step: step)
    return PropertyReplay(
      record: record, bounds: measure, leaves: checked.leaves, hole: nil,
      isImplication: property.hasImplication,
      hasChosenSeed: grade == .sampled && reading.seedCheckpoint == nil)
  }
}

/// The verdict and grade that evidence supports.
package enum EvidenceVerdict {
  /// What checked evidence amounts to.
  package static func of(
    _ evidence: ProofEvidence, _ checked: CheckedEvidence, _ obligation: Obligation
  ) -> (Verdict, Grade) {
    switch evidence {
    case .samples:
      switch checked.holds {
      case .some(true): return (.supported, .sampled)
      case .some(false): return (.contradicted, .sampled)
      case nil: return (.unknown, .sampled)
      }
    case .trees:
      var grade = Grade.bound
      if case .forall = obligation.question { grade = .proof }
      switch checked.holds {
      case .some(true): return (.proved, grade)
      case .some(false): return (.refuted, grade)
      case nil: return (.unknown, grade)
      }
    case .witness: return (.refuted, .proof)
    }
  }
}
