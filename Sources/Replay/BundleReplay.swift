package import Certificates
import DSpecSemantics
import Diagnostics
import Evidence
import Lowering
package import RigorousArithmetic
import VerificationProblem

/// What replay found of one property.
package struct PropertyReplay: Sendable {
  /// The record in the certificate.
  package let record: PropertyRecord
  /// Derived bounds, where the evidence gives some.
  package let bounds: Interval?
  /// What the bounds mean where they are of the argument of a logistic function or of a multiple of distances: those of the
  /// probability or the distances that the claim speaks of; nil elsewhere.
  package let written: Interval?
  /// Whether these are of a probability.
  package let boundsLogits: Bool
  /// Leaves that were closed again.
  package let leaves: Int
  /// Whether the claim is a proved implication, for which no point that meets its antecedent was found.
  package let mayBeVacuous: Bool
  /// Whether the answer rests on samples whose author chose the seed, since nothing that was published later enters it.
  package let hasChosenSeed: Bool
  /// What a partial replay replayed of it; nil where the whole certificate is replayed.
  package let part: ReplayedPart?

  /// Whether the verdict was derived, and does not hang on leaves that were left out.
  package var isReplayedInFull: Bool { part == nil || part == .whole }

  init(
    record: PropertyRecord, bounds: Interval?, written: Interval? = nil, boundsLogits: Bool = false,
    leaves: Int,
    mayBeVacuous: Bool, hasChosenSeed: Bool = false, part: ReplayedPart? = nil
  ) {
    self.part = part
    self.record = record
    self.bounds = bounds
    self.written = written
    self.boundsLogits = boundsLogits
    self.leaves = leaves
    self.mayBeVacuous = mayBeVacuous
    self.hasChosenSeed = hasChosenSeed
  }
}

/// The outcome of a replay.
package struct ReplayReport: Sendable {
  /// Each recorded property.
  package let properties: [PropertyReplay]
  /// Properties of the specification that the certificate does not answer.
  package let uncovered: [String]
  /// Modules under the name of the standard library that are none of its; see `StandardModules`.
  package internal(set) var foreignModules: [String] = []

  /// How much of the chunks of trees was replayed; nil where everything was.
  ///
  /// A replay of some chunks is never valid, also where it happens to have met every one of them.
  package var coverage: ReplayReceipt.Coverage? {
    guard properties.contains(where: { $0.part != nil }) || isPartial else { return nil }
    var coverage = ReplayReceipt.Coverage(chunks: 0, of: 0, structureOnly: [])
    for item in properties {
      switch item.part {
      case .chunks(let chunks, let count):
        coverage.chunks += chunks
        coverage.of += count
      case .structure: coverage.structureOnly.append(item.record.id)
      case .whole, nil: break
      }
    }
    return coverage
  }

  /// Whether only some chunks were asked for.
  var isPartial = false

  /// What exact arithmetic found; nil where it was not asked for.
  package internal(set) var exact: ExactFindings?
}

/// Replays a certificate.
///
/// It reads specification and models again, derives every question and every answer anew, and compares them with what
/// is recorded. It never searches.
package struct BundleReplay: Sendable {
  private let contents: CertificateContents
  private let workers: Int
  private let choice: DrawnChoice?
  private let state: ReplayState?
  private let exact: ExactExtent?

  /// A replay of a certificate whose structure and digests are checked.
  ///
  /// - Parameters:
  ///   - choice: The chunks of each answer's trees to replay; nil for everything.
  ///   - state: How far an earlier replay of everything has come, and where this one keeps how far it comes.
  ///   - exact: What is derived again in exact arithmetic after a replay of everything; nil for nothing.
  package init(
    _ contents: CertificateContents, workers: Int, choice: DrawnChoice? = nil, state: ReplayState? = nil,
    exact: ExactExtent? = nil
  ) {
    self.choice = choice
    self.state = choice == nil ? state : nil
    self.exact = exact
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
      let reading = try NetworkReading(contents, derived: derived)
      progress?(reading.record.id)
      let replay = NetworkReplay(reading: reading, workers: workers, choice: choice, state: state)
      var report = try await replay.run()
      if let exact { report.exact = try await derive(replay.subjects(), exact, progress) }
      return report
    }
    let reading = try BundleReading(contents, derived: derived)
    var report = try await BundleReplay.run(
      reading, workers: workers, choice: choice, state: state, progress: progress, derived: derived)
    if let exact { report.exact = try await derive(Self.subjects(reading), exact, progress) }
    return report
  }

  private func derive(
    _ subjects: [ExactReplay.Subject], _ extent: ExactExtent, _ progress: ((String) -> Void)?
  ) async throws -> ExactFindings {
    switch extent {
    case .leaves(let choice):
      progress?("leaves in exact arithmetic")
      return .leaves(try await ExactReplay.run(subjects, choice: choice, workers: workers))
    case .answers:
      return .answers(try await ExactReplay.answers(subjects, workers: workers, progress: progress))
    }
  }

  /// The answers that rest on trees.
  private static func subjects(_ reading: BundleReading) throws -> [ExactReplay.Subject] {
    try reading.answers.compactMap { answer in
      guard let lowered = answer.lowered, case .trees(let trees)? = try reading.evidence(of: answer) else {
        return nil
      }
      return ExactReplay.Subject(
        name: answer.record.id, verdict: answer.record.verdict, obligation: lowered.obligation, trees: trees)
    }
  }

  /// Replays the evidence of a certificate about a network that was read.
  package static func run(_ reading: NetworkReading, workers: Int) async throws -> ReplayReport {
    try await NetworkReplay(reading: reading, workers: workers).run()
  }

  /// Replays the evidence of a certificate that was read.
  package static func run(
    _ reading: BundleReading, workers: Int, choice: DrawnChoice? = nil, state: ReplayState? = nil,
    progress: ((String) -> Void)? = nil, derived: ((Derivation) throws -> Void)? = nil
  ) async throws -> ReplayReport {
    var replays: [PropertyReplay] = []
    for answer in reading.answers {
      progress?(answer.record.id)
      if let choice {
        replays.append(try await partialReplay(answer, reading, workers, choice))
      } else {
        replays.append(try await replay(answer, reading, workers, state, derived))
      }
    }
    return ReplayReport(
      properties: replays, uncovered: reading.uncovered,
      foreignModules: StandardModules.foreign(in: reading.spec.sources), isPartial: choice != nil)
  }

  /// Replays some chunks of an answer and the structure of all, and what can only be replayed as a whole not at all.
  ///
  /// Recorded bounds are not compared: leaves that are left out may reach beyond what the others give.
  private static func partialReplay(
    _ answer: BundleReading.Answer, _ reading: BundleReading, _ workers: Int, _ choice: DrawnChoice
  ) async throws -> PropertyReplay {
    let (record, step) = (answer.record, answer.record.id)
    func result(_ leaves: Int, _ part: ReplayedPart) -> PropertyReplay {
      PropertyReplay(
        record: record, bounds: nil, leaves: leaves,
        mayBeVacuous: answer.mayBeVacuous,
        hasChosenSeed: record.grade == .sampled && reading.seedCheckpoint == nil, part: part)
    }
    guard let lowered = answer.lowered, let evidence = try reading.evidence(of: answer) else {
      return result(0, .whole)
    }
    var selection: ChunkSelection?
    switch (lowered.obligation.question, evidence) {
    case (.measure(let law, _), .trees(let trees)):
      let leaves = try MeasureRule.structure(lowered.obligation, dimension: law.count, trees: trees)
      guard record.grade == .bound, record.leaves == leaves else {
        throw ReplayError(.record, step: step, "grade or number of leaves is not that of the evidence")
      }
      return result(0, .structure)
    case (.measure, .samples):
      guard record.grade == .sampled, record.leaves == 0 else {
        throw ReplayError(.record, step: step, "grade or number of leaves is not that of the evidence")
      }
      return result(0, .structure)
    case (_, .trees(let trees)):
      selection = try ChunkSelection(choice, trees, step: step)
    default: break
    }
    let checked = try await EvidenceCheck.check(
      lowered.obligation, evidence, plan: nil, workers: workers, chunks: selection)
    try AnswerCheck.compare(
      record, checked, evidence, lowered.obligation, isVacuity: lowered.isVacuity)
    return result(checked.chunks?.leaves ?? checked.leaves, checked.chunks?.part ?? .whole)
  }

  private static func replay(
    _ answer: BundleReading.Answer, _ reading: BundleReading, _ workers: Int, _ state: ReplayState?,
    _ derived: ((Derivation) throws -> Void)?
  ) async throws -> PropertyReplay {
    let (record, property) = (answer.record, answer.property)
    guard let lowered = answer.lowered, let evidence = try reading.evidence(of: answer) else {
      return PropertyReplay(
        record: record, bounds: nil, leaves: 0, mayBeVacuous: answer.mayBeVacuous)
    }
    let checked = try await AnswerCheck.derive(
      lowered, evidence, checkpoint: reading.seedCheckpoint, workers: workers, keepsMasses: derived != nil,
      state: state)
    if !checked.masses.isEmpty { try derived?(Derivation(property, checked.masses)) }
    try AnswerCheck.compare(
      record, checked, evidence, lowered.obligation, isVacuity: lowered.isVacuity)
    try AnswerCheck.compareBounds(record, checked)
    let measure = lowered.hasReadableBounds ? checked.measure : nil
    return PropertyReplay(
      record: record, bounds: measure,
      written: measure.flatMap(lowered.written), boundsLogits: lowered.boundsLogits,
      leaves: checked.leaves, mayBeVacuous: answer.mayBeVacuous,
      hasChosenSeed: record.grade == .sampled && reading.seedCheckpoint == nil)
  }
}
