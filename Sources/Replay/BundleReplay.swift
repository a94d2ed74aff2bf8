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

  private struct Source: ArtifactSource {
    let files: BundleFiles

    func bytes(at path: String) throws -> [UInt8] {
      guard let name = RelativePath(path) else {
        throw ReplayError(.specification, step: "spec", "`\(path)` is not a path inside the bundle")
      }
      if let data = try? files.data(name) { return data }
      return try files.model(name)
    }
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
    let predicate = contents.predicate
    if predicate.spec.language == .vnnlib {
      return try await NetworkReplay(contents: contents, workers: workers).run(progress: progress)
    }
    let spec = try specification(predicate)
    let library: ModelLibrary
    do {
      library = try ModelLibrary(spec, from: Source(files: contents.files))
    } catch {
      throw ReplayError(.model, step: "models", LoweringMessage.text(error))
    }
    if let derived {
      for property in spec.properties {
        guard let lowered = try? SpecLowering(spec, library).lower(property) else { continue }
        try derived(Derivation(property, lowered.obligation))
      }
    }
    try checkFiles(predicate, library)
    try RecordCheck.samplers(predicate.samplers, spec.samplers.compactMap { library.samplers[$0.name] })
    try LoopCheck.check(spec, library)
    try StandingAssumptions.check(predicate, spec)

    var replays: [PropertyReplay] = []
    var seen: Set<String> = []
    for record in predicate.properties {
      progress?(record.id)
      guard seen.insert(record.id).inserted else {
        throw ReplayError(.propertySet, step: record.id, "the property is recorded twice")
      }
      guard let property = spec.property(named: record.id) else {
        throw ReplayError(.propertySet, step: record.id, "the specification has no such property")
      }
      replays.append(try await replay(record, property, SpecLowering(spec, library), derived))
    }
    try StandingScope.check(predicate, spec)
    return ReplayReport(
      properties: replays, uncovered: spec.properties.map(\.name).filter { !seen.contains($0) })
  }

  private struct SpecFiles: SourceLoader {
    let files: BundleFiles

    func bytes(at path: String) -> [UInt8]? {
      RelativePath(path).flatMap { try? files.spec($0) }
    }
  }

  private func specification(_ predicate: CompliancePredicate) throws -> TypedSpec {
    let root = predicate.spec.root.text
    let checked = SpecificationChecker.check(
      root: root, loader: SpecFiles(files: contents.files), parameters: predicate.spec.parameters)
    guard let spec = checked.spec else {
      let first = checked.diagnostics.first { $0.severity == .error }
      throw ReplayError(.specification, step: root, first?.message ?? "the specification has errors")
    }
    let read = Set(spec.sources.sourceFiles.map(\.name))
    guard read == Set(predicate.spec.sources.map(\.name.text)) else {
      throw ReplayError(.specification, step: root, "the recorded sources are not those that it imports")
    }
    return spec
  }

  /// The recorded files are those that the specification names, with the digests that it declares.
  private func checkFiles(_ predicate: CompliancePredicate, _ library: ModelLibrary) throws(ReplayError) {
    for (recorded, loaded, step) in [
      (predicate.models, library.modelFiles, "models"), (predicate.datasets, library.dataFiles, "data"),
    ] {
      guard Set(recorded.map(\.name.text)) == Set(loaded.map(\.path)) else {
        throw ReplayError(.model, step: step, "the recorded files are not those that the specification names")
      }
      for file in loaded {
        guard let declared = file.declaredDigest else { continue }
        guard ContentDigest(of: file.bytes).hex == declared else {
          throw ReplayError(
            .model, step: file.path, "the file does not have the digest that the specification declares")
        }
      }
    }
  }

  private func replay(
    _ record: PropertyRecord, _ property: Property, _ lowering: SpecLowering,
    _ derived: ((Derivation) throws -> Void)?
  ) async throws -> PropertyReplay {
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
    let lowered: LoweredProperty
    do {
      lowered = try lowering.lower(property)
    } catch {
      // A claim without a back end has no decided verdict.
      guard !record.verdict.isDecided, record.evidence.isEmpty else {
        throw ReplayError(.obligation, step: step, LoweringMessage.text(error))
      }
      guard record.bounds == nil, record.leaves == 0 else {
        throw ReplayError(
          .boundNotMet, step: step, "bounds or leaves are recorded of a claim without evidence")
      }
      return PropertyReplay(
        record: record, bounds: nil, leaves: 0, hole: nil, isImplication: property.hasImplication)
    }
    guard record.obligation == ContentDigest(of: lowered.obligation.canonicalBytes) else {
      throw ReplayError(
        .obligation, step: step, "the recorded obligation is not the one that the claim gives")
    }
    guard record.evidence.count <= 1 else {
      throw ReplayError(.evidenceKind, step: step, "more than one piece of evidence")
    }
    guard let file = record.evidence.first else {
      guard !record.verdict.isDecided, record.bounds == nil, record.leaves == 0 else {
        throw ReplayError(
          .evidenceKind, step: step, "`\(record.verdict.rawValue)`, bounds or leaves without evidence")
      }
      return PropertyReplay(
        record: record, bounds: nil, leaves: 0, hole: nil, isImplication: property.hasImplication)
    }
    let evidence: ProofEvidence
    do {
      evidence = try ProofEvidence(decoding: contents.files.evidence(file.digest))
    } catch let error as EvidenceError {
      throw ReplayError(.treeShape, step: step, error.description)
    }
    let plan = property.samplePlan.map {
      EvidenceCheck.SamplePlan(
        count: $0.count, confidence: $0.confidence,
        seed: SampleSeed.derive(lowered.obligation, count: $0.count))
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
      isImplication: property.hasImplication)
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
