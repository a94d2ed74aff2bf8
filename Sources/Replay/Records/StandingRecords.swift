package import Certificates
package import DSpecSemantics
package import Lowering
import ModelFormats

/// What a certificate states besides its answers and follows from its files: the identity of the models, the canonical form
/// of the specification, oracles and mappings.
package struct StandingRecords: Sendable {
  /// The model files together; nil where there are none.
  package let model: ModelRecord?
  /// The version of the language, and the digest of the sources without comments and layout.
  package let languageVersion: String?
  package let canonicalAST: ContentDigest?
  /// Networks that judge.
  package let oracles: [OracleRecord]
  /// What the answers are evidence towards.
  package let mappings: [MappingRecord]
  /// The arithmetic of each answered claim that is not about real numbers, by property.
  package let arithmetics: [String: ArithmeticRecord.Claim]

  /// The records of a specification, some of whose properties are answered.
  package init(
    _ spec: TypedSpec, _ library: ModelLibrary, models: [FileRecord], answers: [FrameworkMappings.Answered]
  ) {
    model = Self.model(models, library.modelFiles.map(\.bytes))
    languageVersion = SpecificationChecker.languageVersion
    canonicalAST = CanonicalSources.digest(spec.sources.sourceFiles)
    oracles = Self.oracles(spec, library)
    mappings = FrameworkMappings.list(answers, hazards: spec.hazards)
    var arithmetics: [String: ArithmeticRecord.Claim] = [:]
    for answer in answers {
      guard let property = spec.property(named: answer.id), property.arithmetic != .real else { continue }
      arithmetics[answer.id] = StandingAssumptions.claim([property.arithmetic])
    }
    self.arithmetics = arithmetics
  }

  /// The records of an answer about a network and a VNN-LIB file.
  package init(network: FileRecord, bytes: [UInt8], answers: [FrameworkMappings.Answered]) {
    model = Self.model([network], [bytes])
    languageVersion = nil
    canonicalAST = nil
    oracles = []
    mappings = FrameworkMappings.list(answers, hazards: [])
    arithmetics = [:]
  }

  private static func model(_ files: [FileRecord], _ contents: [[UInt8]]) -> ModelRecord? {
    guard !files.isEmpty else { return nil }
    var whole: WeightInventory? = WeightInventory()
    for bytes in contents {
      guard let one = WeightInventory(of: bytes), var sum = whole, sum.add(one) else {
        whole = nil
        break
      }
      whole = sum
    }
    return ModelRecord(
      omsRoot: ModelRecord.omsRoot(of: files), parameters: whole?.count, dtypes: whole?.types.sorted() ?? [])
  }

  /// The networks that no sampler runs, where there is a sampler: what is done with its samples is their judgement.
  private static func oracles(_ spec: TypedSpec, _ library: ModelLibrary) -> [OracleRecord] {
    guard !spec.samplers.isEmpty else { return [] }
    let run = Set(spec.samplers.flatMap { [$0.denoiser] + ($0.decoder.map { [$0] } ?? []) })
    return spec.networks.compactMap { network in
      guard !run.contains(network.name) else { return nil }
      return RelativePath(library.path(of: network)).map { OracleRecord(name: network.name, file: $0) }
    }
  }

  /// Puts the records into a predicate.
  package func complete(_ predicate: inout CompliancePredicate) {
    predicate.model = model
    predicate.spec.languageVersion = languageVersion
    predicate.spec.canonicalAST = canonicalAST
    predicate.oracles = oracles
    predicate.mappings = mappings
    for index in predicate.properties.indices {
      predicate.properties[index].arithmetic = arithmetics[predicate.properties[index].id]
    }
  }

  /// Checks that a certificate states them.
  func check(_ predicate: CompliancePredicate) throws(ReplayError) {
    func demand<Value: Equatable>(
      _ recorded: Value, _ derived: Value, none: Value, _ step: String
    ) throws(ReplayError) {
      guard recorded == derived else {
        throw ReplayError(
          .record, step: step,
          recorded == none ? "nothing is stated" : "the record is not the one that the files give")
      }
    }
    try demand(predicate.model, model, none: nil, "model")
    try demand(predicate.spec.languageVersion, languageVersion, none: nil, "spec.languageVersion")
    try demand(predicate.spec.canonicalAST, canonicalAST, none: nil, "spec.canonicalAst")
    try demand(predicate.oracles, oracles, none: [], "oracles")
    try demand(predicate.mappings, mappings, none: [], "mappings")
    for record in predicate.properties {
      try demand(record.arithmetic, arithmetics[record.id], none: nil, "\(record.id), arithmetic")
    }
    guard predicate.seedCheckpoint == nil || predicate.hasSamples else {
      throw ReplayError(.record, step: "seedCheckpoint", "no answer rests on samples")
    }
  }
}

extension PropertyRecord {
  /// What a mapping has to know of it.
  package var answered: FrameworkMappings.Answered {
    FrameworkMappings.Answered(id: id, hazards: hazards, isDecided: verdict.isDecided)
  }
}
