package import Certificates
import DSpecSemantics
import Diagnostics
import Evidence
package import Lowering
import Replay
import RigorousArithmetic
import VerificationProblem

/// Puts answers into a certificate and writes the bundle.
package struct CertificateAssembly: Sendable {
  private let project: Project
  private let library: ModelLibrary
  private let outcomes: [PropertyOutcome]
  private let supersedes: [ContentDigest]
  private let seedCheckpoint: SeedCheckpoint?
  private let committedBefore: CommitmentRecord?

  /// A certificate of a project's answers.
  ///
  /// - Parameters:
  ///   - supersedes: Payload digests of the certificates that it takes the place of, each once.
  ///   - seedCheckpoint: What the seeds of samples were derived from besides the questions.
  ///   - committedBefore: That the specification was fixed before.
  package init(
    _ project: Project, _ library: ModelLibrary, _ outcomes: [PropertyOutcome],
    supersedes: [ContentDigest] = [], seedCheckpoint: SeedCheckpoint? = nil,
    committedBefore: CommitmentRecord? = nil
  ) {
    self.committedBefore = committedBefore
    self.supersedes = supersedes
    self.seedCheckpoint = seedCheckpoint
    self.project = project
    self.library = library
    self.outcomes = outcomes
  }

  /// Days for which a certificate counts unless said otherwise.
  package static let validDays = 365

  /// Files that no certificate can hold end a run before the first search, not after the last.
  package static func checkPaths(_ project: Project, _ library: ModelLibrary) throws {
    let names =
      project.spec.sources.sourceFiles.map(\.name) + (library.modelFiles + library.dataFiles).map(\.path)
    for name in names { _ = try relative(name) }
  }

  /// Signs and writes the bundle; nothing is left behind on failure.
  package func write(to path: String, key: any Signer, issuedAt seconds: Int) throws -> ContentDigest {
    var content = BundleContent(spec: [:], models: [:], data: [:])
    for file in project.spec.sources.sourceFiles {
      content.spec[try Self.relative(file.name)] = .bytes(file.utf8)
    }
    var spec = try SpecRecord(project)
    spec.committedBefore = committedBefore
    var models: [FileRecord] = []
    for file in library.modelFiles {
      let record = try FileRecord(file)
      models.append(record)
      content.models?[record.name] = .bytes(file.bytes)
    }
    var datasets: [FileRecord] = []
    for file in library.dataFiles {
      let record = try FileRecord(file)
      datasets.append(record)
      content.data?[record.name] = .bytes(file.bytes)
    }
    var properties: [PropertyRecord] = []
    for outcome in outcomes {
      var evidence: [FileRecord] = []
      if let bytes = try outcome.evidence?.readableBytes(of: outcome.property.name) {
        let digest = ContentDigest(of: bytes)
        content.evidence[digest] = .bytes(bytes)
        evidence = [
          FileRecord(name: try Self.relative("sha256/\(digest.hex)"), digest: digest, size: bytes.count)
        ]
      }
      properties.append(record(outcome, evidence: evidence))
    }
    let period = try CertificatePeriod(issuedAt: seconds, key: key, path: path)
    let hasSamples = outcomes.contains { $0.grade == .sampled && $0.evidence != nil }
    var predicate = CompliancePredicate(
      issuedAt: period.issuedAt, expiresAt: period.expiresAt, issuerKeyID: period.issuer,
      tool: DSpecVersion.record,
      spec: spec, models: models, datasets: datasets,
      samplers: project.spec.samplers.compactMap { library.samplers[$0.name]?.record },
      arithmetic: StandingAssumptions.arithmetic(outcomes.map(\.property.arithmetic)),
      scope: scope, properties: properties, supersedes: supersedes,
      seedCheckpoint: hasSamples ? seedCheckpoint : nil)
    StandingRecords(project.spec, library, models: models, answers: properties.map(\.answered)).complete(
      &predicate)
    predicate.assumptions = StandingAssumptions.list(
      seeds: StandingAssumptions.seeds(predicate),
      hasSinglePrecision: outcomes.contains { $0.property.arithmetic == .float32AnyOrder },
      hasOracles: !predicate.oracles.isEmpty)
    let envelope = try Envelope(signing: Statement(predicate: predicate).payload(), with: [key])
    try BundleWriter.write(envelope, content, to: path)
    return ContentDigest(of: envelope.payload)
  }

  static func relative(_ path: String) throws(CertificateError) -> RelativePath {
    guard let name = RelativePath(path) else {
      throw CertificateError(
        .path, at: path, "a certificate can only hold files below the project's folder",
        fix: "name a folder above all files with `--project FOLDER`, or move the file")
    }
    return name
  }

  private func record(_ outcome: PropertyOutcome, evidence: [FileRecord]) -> PropertyRecord {
    let property = outcome.property
    let obligation = outcome.lowered.map { ContentDigest(of: $0.obligation.canonicalBytes) }
    return PropertyRecord(
      id: property.name, title: property.title ?? "", hazards: property.hazards, text: property.claimText,
      formula: ContentDigest(of: Array(property.canonicalText.utf8)),
      obligation: obligation ?? ContentDigest(of: []), verdict: outcome.verdict, grade: outcome.grade,
      requestedGrade: property.weakestGrade,
      bounds: evidence.isEmpty
        ? nil : outcome.bounds.flatMap { PropertyBounds(lower: $0.lower, upper: $0.upper) },
      threshold: property.recordedThresholds, evidence: evidence, leaves: outcome.leaves,
      nodes: outcome.nodes,
      note: outcome.note, details: outcome.details, sampling: sampling(outcome),
      chunks: chunks(outcome))
  }

  private func chunks(_ outcome: PropertyOutcome) -> ChunkRecord? {
    guard case .trees(let trees)? = outcome.evidence else { return nil }
    return (try? EvidenceChunks(trees))?.record
  }

  private func sampling(_ outcome: PropertyOutcome) -> SamplingRecord? {
    guard case .samples(let samples)? = outcome.evidence, let plan = outcome.property.samplePlan,
      case .measure(_, let bounds)? = outcome.lowered?.obligation.question
    else { return nil }
    return SampleSeed.record(
      samples, bounds: bounds, confidence: plan.confidence, checkpoint: seedCheckpoint?.digest)
  }

  private var scope: [String] {
    StandingScope.lines(
      project.spec, answered: Set(outcomes.map(\.property.name)),
      decided: Set(outcomes.filter(\.verdict.isDecided).map(\.property.name)))
  }
}

extension ProofEvidence {
  /// The bytes of the evidence, which decode again: what no checker could read is not signed.
  func readableBytes(of name: String) throws(CertificateError) -> [UInt8] {
    let bytes = encoded
    do {
      _ = try ProofEvidence(decoding: bytes)
    } catch {
      throw CertificateError(
        .write, at: name, "its evidence cannot be read again: \(error)",
        fix: "leave the property out with `--property`, and report this")
    }
    return bytes
  }
}

/// When a certificate is issued, how long it counts, and whose it is.
struct CertificatePeriod {
  let issuedAt: Timestamp
  let expiresAt: Timestamp
  let issuer: ContentDigest

  init(issuedAt seconds: Int, key: any Signer, path: String) throws(CertificateError) {
    guard let issuedAt = Timestamp(secondsSince1970: seconds),
      let expiresAt = Timestamp(secondsSince1970: seconds + CertificateAssembly.validDays * 86_400),
      let issuer = ContentDigest(hex: key.verificationKey.keyID)
    else {
      throw CertificateError(.write, at: path, "the clock is out of range", fix: "set the clock")
    }
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
    self.issuer = issuer
  }
}

/// The version of the tool.
package enum DSpecVersion {
  /// Semantic version.
  package static let text = "0.1.0"

  /// How certificates name the tool.
  static var record: ToolRecord { ToolRecord(name: "dspec", version: text) }
}
