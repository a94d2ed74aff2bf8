/// What a certificate states, version 1.0.0.
///
/// in-toto lets readers ignore unknown fields; this predicate does not: only `extensions` may hold them, and a
/// name in `critical` must be understood.
package struct CompliancePredicate: Hashable, Sendable {
  /// The type under which the predicate stands in a statement.
  package static let type = "https://dspec.dev/compliance-certificate/v1"
  /// The one version of the format read and written here.
  package static let schemaVersion = "1.0.0"
  /// The version of this checker, to compare with `minimumChecker`.
  package static let checkerVersion = Version(1, 3, 0)
  /// The first version whose certificates state all that a checker can derive besides the answers.
  package static let completeSince = Version(1, 3, 0)
  /// The extensions that this checker understands.
  static let understoodExtensions: Set<String> = []

  /// When it was issued.
  package var issuedAt: Timestamp
  /// When it stops counting; later than `issuedAt`.
  package var expiresAt: Timestamp
  /// The key of the issuer, 64 hexadecimal digits.
  package var issuerKeyID: ContentDigest
  /// The program that made it.
  package var tool: ToolRecord
  /// The oldest checker that may judge it.
  package var minimumChecker: Version
  /// The specification.
  package var spec: SpecRecord
  /// The model files.
  package var models: [FileRecord]
  /// The data files.
  package var datasets: [FileRecord]
  /// The samplers.
  package var samplers: [SamplerRecord]
  /// The arithmetic.
  package var arithmetic: ArithmeticRecord
  /// What the verdicts rest on.
  package var assumptions: [Assumption]
  /// What the verdicts cover, in lines for people.
  package var scope: [String]
  /// The properties and their answers.
  package var properties: [PropertyRecord]
  /// Payload digests of earlier certificates that this one takes the place of.
  package var supersedes: [ContentDigest]
  /// What the model files are together; nil where nothing is said.
  package var model: ModelRecord?
  /// Networks that the specification takes as judges.
  package var oracles: [OracleRecord]
  /// What the properties are evidence towards.
  package var mappings: [MappingRecord]
  /// What the seeds of samples derive from besides the questions, if anything.
  package var seedCheckpoint: SeedCheckpoint?
  /// Names of extensions without which the certificate must not be judged.
  package var critical: [String]
  /// Anything else.
  package var extensions: JSONObject

  /// Makes a predicate.
  package init(
    issuedAt: Timestamp, expiresAt: Timestamp, issuerKeyID: ContentDigest, tool: ToolRecord,
    minimumChecker: Version = Self.checkerVersion, spec: SpecRecord, models: [FileRecord] = [],
    datasets: [FileRecord] = [], samplers: [SamplerRecord] = [],
    arithmetic: ArithmeticRecord = ArithmeticRecord(),
    assumptions: [Assumption] = [], scope: [String] = [], properties: [PropertyRecord],
    supersedes: [ContentDigest] = [], model: ModelRecord? = nil, oracles: [OracleRecord] = [],
    mappings: [MappingRecord] = [], seedCheckpoint: SeedCheckpoint? = nil, critical: [String] = [],
    extensions: JSONObject = JSONObject()
  ) {
    self.supersedes = supersedes
    self.model = model
    self.oracles = oracles
    self.mappings = mappings
    self.seedCheckpoint = seedCheckpoint
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
    self.issuerKeyID = issuerKeyID
    self.tool = tool
    self.minimumChecker = minimumChecker
    self.spec = spec
    self.models = models
    self.datasets = datasets
    self.samplers = samplers
    self.arithmetic = arithmetic
    self.assumptions = assumptions
    self.scope = scope
    self.properties = properties
    self.critical = critical
    self.extensions = extensions
  }

  /// Whether some answer rests on samples.
  package var hasSamples: Bool { properties.contains { $0.grade == .sampled && !$0.evidence.isEmpty } }

  /// The evidence of all properties, each content once, ordered by digest.
  package var evidence: [FileRecord] {
    var seen: Set<ContentDigest> = []
    return properties.flatMap(\.evidence).filter { seen.insert($0.digest).inserted }
      .sorted { $0.digest < $1.digest }
  }
}
