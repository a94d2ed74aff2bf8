package import Certificates
package import DSpecSemantics
import Diagnostics
package import Evidence
package import Lowering
import VerificationProblem

/// A certificate's specification, models and questions, read again from its files and compared with its records:
/// all of a replay but the evidence.
package struct BundleReading: Sendable {
  /// A recorded answer beside the question that specification and models give.
  package struct Answer: Sendable {
    /// The record in the certificate.
    package let record: PropertyRecord
    /// The property in the specification.
    package let property: Property
    /// The question that the evidence answers; nil where no engine decides such a claim, and then nothing is decided.
    package let lowered: LoweredProperty?

    /// Whether what is proved may hold for want of points that meet an antecedent.
    package var mayBeVacuous: Bool {
      guard record.verdict == .proved, property.hasImplication else { return false }
      return !(lowered?.vacuity.map { AntecedentCheck.isMet($0.obligation) } ?? false)
    }
  }

  /// The specification.
  package let spec: TypedSpec
  /// Models and data.
  package let library: ModelLibrary
  /// The recorded answers, in the certificate's order.
  package let answers: [Answer]
  /// What the seeds of samples derive from besides the questions.
  package let seedCheckpoint: ContentDigest?
  private let files: BundleFiles

  /// Properties of the specification that the certificate does not answer.
  package var uncovered: [String] {
    let answered = Set(answers.map(\.record.id))
    return spec.properties.map(\.name).filter { !answered.contains($0) }
  }

  /// Reads a certificate whose structure and digests are checked.
  ///
  /// - Parameter derived: Given every question before anything is compared.
  /// - Throws: `ReplayError` at the first record that is not that of specification and models; `CertificateError`
  ///   where a file cannot be read; what `derived` throws.
  package init(_ contents: CertificateContents, derived: ((Derivation) throws -> Void)? = nil) throws {
    let predicate = contents.predicate
    guard predicate.spec.language == .dspec else {
      throw ReplayError(
        .specification, step: predicate.spec.root.text,
        "it is written in \(predicate.spec.language.rawValue) and no specification in dspec"
      )
    }
    files = contents.files
    spec = try BundleReading.specification(predicate, contents.files)
    do {
      library = try ModelLibrary(spec, from: Source(files: contents.files))
    } catch {
      throw ReplayError(.model, step: "models", LoweringMessage.text(error))
    }
    if let derived {
      let records = Dictionary(predicate.properties.map { ($0.id, $0) }) { first, _ in first }
      for property in spec.properties {
        guard let lowered = try? SpecLowering(spec, library).lower(property) else { continue }
        let asked = records[property.name].flatMap { try? lowered.asked(by: $0) } ?? lowered
        try derived(Derivation(property, asked.obligation))
      }
    }
    try BundleReading.checkFiles(predicate, library)
    try RecordCheck.samplers(
      predicate.samplers, spec.samplers.compactMap { [library] in library.samplers[$0.name] })
    try LoopCheck.check(spec, library)
    let standing = StandingRecords(
      spec, library, models: predicate.models, answers: predicate.properties.map(\.answered))
    try StandingAssumptions.check(predicate, spec, hasOracles: !standing.oracles.isEmpty)

    let lowering = SpecLowering(spec, library)
    var answers: [Answer] = []
    var seen: Set<String> = []
    for record in predicate.properties {
      guard seen.insert(record.id).inserted else {
        throw ReplayError(.propertySet, step: record.id, "the property is recorded twice")
      }
      guard let property = spec.property(named: record.id) else {
        throw ReplayError(.propertySet, step: record.id, "the specification has no such property")
      }
      answers.append(try BundleReading.answer(record, property, lowering))
    }
    try StandingScope.check(predicate, spec)
    try standing.check(predicate)
    self.answers = answers
    seedCheckpoint = predicate.seedCheckpoint?.digest
  }

  /// The evidence of an answer; nil where it has none.
  ///
  /// - Throws: `ReplayError` where it cannot be read or is not what the record says of it, `CertificateError` where its
  ///   file is not the certified one.
  package func evidence(of answer: Answer) throws -> ProofEvidence? {
    let evidence = try ProofEvidence(of: answer.record, in: files)
    var bounds: [VerificationProblem.MeasureBound] = []
    if case .measure(_, let asked)? = answer.lowered?.obligation.question { bounds = asked }
    try SampleCheck.record(
      answer.record, evidence, bounds: bounds, plan: answer.property.samplePlan, checkpoint: seedCheckpoint)
    try EvidenceChunks.check(answer.record, evidence)
    return evidence
  }

  private struct Source: ArtifactSource {
    let files: BundleFiles

    func bytes(at path: String, as role: ArtifactRole) throws -> [UInt8] {
      guard let name = RelativePath(path) else {
        throw ReplayError(.specification, step: "spec", "`\(path)` is not a path inside the bundle")
      }
      switch role {
      case .network: return try files.model(name)
      case .dataset: return try files.data(name)
      }
    }
  }

  private struct SpecFiles: SourceLoader {
    let files: BundleFiles

    func bytes(at path: String) -> [UInt8]? {
      RelativePath(path).flatMap { try? files.spec($0) }
    }
  }

  private static func specification(_ predicate: CompliancePredicate, _ files: BundleFiles) throws
    -> TypedSpec
  {
    let root = predicate.spec.root.text
    let checked = SpecificationChecker.check(
      root: root, loader: SpecFiles(files: files), parameters: predicate.spec.parameters)
    guard let spec = checked.spec else {
      let first = checked.diagnostics.first { $0.severity == .error }
      throw ReplayError(.specification, step: root, first?.message ?? "the specification has errors")
    }
    let read = Set(spec.sources.sourceFiles.map { Array($0.name.utf8) })
    guard read == Set(predicate.spec.sources.map { Array($0.name.text.utf8) }) else {
      throw ReplayError(.specification, step: root, "the recorded sources are not those that it imports")
    }
    return spec
  }

  /// The recorded files are those that the specification names, with the digests that it declares.
  private static func checkFiles(
    _ predicate: CompliancePredicate, _ library: ModelLibrary
  ) throws(ReplayError) {
    for (recorded, loaded, step) in [
      (predicate.models, library.modelFiles, "models"), (predicate.datasets, library.dataFiles, "data"),
    ] {
      // Bytes, since two texts may be equal and be two names.
      guard Set(recorded.map { Array($0.name.text.utf8) }) == Set(loaded.map { Array($0.path.utf8) }) else {
        throw ReplayError(.model, step: step, "the recorded files are not those that the specification names")
      }
      for file in loaded {
        let digest = ContentDigest(of: file.bytes).hex
        guard file.declared.allSatisfy({ $0.sha256 == digest }) else {
          throw ReplayError(
            .model, step: file.path, "the file does not have the digest that the specification declares")
        }
      }
    }
  }

  /// Refuses a record that a claim means nothing where it plainly means something; without evidence it is recorded and not
  /// derived that it means nothing.
  private static func checkMeaning(
    _ record: PropertyRecord, _ property: Property, _ lowered: LoweredProperty?
  ) throws(ReplayError) {
    guard record.verdict == .vacuous || record.verdict == .undefined else { return }
    func refusal(_ problem: String) -> ReplayError { ReplayError(.verdict, step: record.id, problem) }
    if case .forall = property.claim {
      guard record.verdict == .vacuous, property.hasImplication else {
        throw refusal("recorded is `\(record.verdict.rawValue)`, and the claim presupposes nothing")
      }
      if let vacuity = lowered?.vacuity, AntecedentCheck.isMet(vacuity.obligation) {
        throw refusal("recorded is `vacuous`, and some point meets what the claim presupposes")
      }
    } else if record.verdict == .vacuous {
      throw refusal("recorded is `vacuous`, and the claim is about no points")
    }
  }

  /// The record's claim, grade and question are those of the specification, and it names evidence where it decides.
  private static func answer(
    _ record: PropertyRecord, _ property: Property, _ lowering: SpecLowering
  ) throws -> Answer {
    let step = record.id
    guard record.formula == ContentDigest(of: Array(property.canonicalText.utf8)),
      record.text == property.claimText,
      record.title == (property.title ?? ""), record.hazards == property.hazards,
      record.threshold == property.recordedThresholds
    else { throw ReplayError(.obligation, step: step, "the recorded claim is not that of the specification") }
    guard record.requestedGrade == property.weakestGrade else {
      throw ReplayError(.record, step: step, "the recorded grade is not the one that the property asks for")
    }
    guard record.grade.allows(record.verdict) else {
      throw ReplayError(
        .verdict, step: step, "grade `\(record.grade.rawValue)` cannot give `\(record.verdict.rawValue)`")
    }
    let claim: LoweredProperty
    do {
      claim = try lowering.lower(property)
    } catch {
      // A claim without a back end has no decided verdict.
      guard !record.verdict.isDecided, record.evidence.isEmpty else {
        throw ReplayError(.obligation, step: step, LoweringMessage.text(error))
      }
      guard record.bounds == nil, record.leaves == 0 else {
        throw ReplayError(
          .boundNotMet, step: step, "bounds or leaves are recorded of a claim without evidence")
      }
      try checkMeaning(record, property, nil)
      return Answer(record: record, property: property, lowered: nil)
    }
    try checkMeaning(record, property, claim)
    let lowered = try claim.asked(by: record)
    guard record.obligation == ContentDigest(of: lowered.obligation.canonicalBytes) else {
      throw ReplayError(
        .obligation, step: step, "the recorded obligation is not the one that the claim gives")
    }
    guard record.evidence.count <= 1 else {
      throw ReplayError(.evidenceKind, step: step, "more than one piece of evidence")
    }
    guard
      !record.evidence.isEmpty || (!record.verdict.isDecided && record.bounds == nil && record.leaves == 0)
    else {
      throw ReplayError(
        .evidenceKind, step: step, "`\(record.verdict.rawValue)`, bounds or leaves without evidence")
    }
    return Answer(record: record, property: property, lowered: lowered)
  }
}

extension LoweredProperty {
  /// The question that the evidence of a record answers: whether no point meets what the claim presupposes where it shows that
  /// the claim is vacuous, else the claim's own.
  ///
  /// - Throws: `ReplayError` where the claim presupposes nothing.
  fileprivate func asked(by record: PropertyRecord) throws(ReplayError) -> LoweredProperty {
    guard record.verdict == .vacuous, !record.evidence.isEmpty else { return self }
    guard let vacuity else {
      throw ReplayError(
        .evidenceKind, step: record.id,
        "evidence for `vacuous`, and the claim presupposes nothing or too much to ask for")
    }
    return vacuity
  }
}

extension ProofEvidence {
  /// The evidence of a record; nil where it names none.
  ///
  /// - Throws: `ReplayError` where it cannot be read, `CertificateError` where its file is not the certified one.
  init?(of record: PropertyRecord, in files: BundleFiles) throws {
    guard let file = record.evidence.first else { return nil }
    do {
      try self.init(decoding: files.evidence(file.digest))
    } catch let error as EvidenceError {
      throw ReplayError(.treeShape, step: record.id, error.description)
    }
  }
}
