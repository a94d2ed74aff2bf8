package import Certificates
import DSpecSemantics
import Evidence
import Lowering
import Replay
package import VerificationProblem

/// What a key holder states who asks another question and keeps the old answers: all that follows from specification and
/// models is derived honestly, so that only the evidence can give him away.
package struct DerivedStatement {
  /// The statement with every derived member replaced; verdicts, grades, bounds and evidence are left as they were.
  package let statement: JSONValue
  /// The questions by the names of the properties.
  package let questions: [String: Obligation]

  /// Derives it from the files of an image.
  ///
  /// - Throws: an error where the files ask no question.
  package init(_ image: BundleImage, _ statement: JSONValue) throws {
    if statement.value(at: "predicate/spec/language") == .string("vnnlib-1.0") {
      (self.statement, questions) = try Self.network(image, statement)
    } else {
      (self.statement, questions) = try Self.pipeline(image, statement)
    }
  }

  // MARK: VNN-LIB

  private static func network(
    _ image: BundleImage, _ statement: JSONValue
  ) throws -> (JSONValue, [String: Obligation]) {
    guard let property = statement.value(at: "predicate/spec/name")?.stringValue,
      let network = statement.value(at: "predicate/models/0/name")?.stringValue,
      let text = image["spec/" + property], let model = image["models/" + network]
    else { throw EditFailure("no network or no formula") }
    let question = NetworkQuestion(
      network: NetworkQuestion.File(name: network, bytes: model),
      property: NetworkQuestion.File(name: property, bytes: text),
      instance: try VNNLIBInstance(network: model, named: network, property: text, named: property))
    let derived = question.record(.unknown, of: question.obligation).json
    var statement = statement
    for member in ["id", "title", "hazards", "text", "formula", "obligation", "threshold"] {
      try statement.set("predicate/properties/0/\(member)", derived.value(at: member))
    }
    let standing = StandingRecords(
      network: FileRecord(name: try path(network), content: model), bytes: model,
      answers: [
        FrameworkMappings.Answered(id: property, hazards: [], isDecided: isDecided(statement, 0))
      ])
    try statement.set("predicate/model", standing.model?.json)
    try statement.set("predicate/mappings", .array(standing.mappings.map(\.json)))
    try statement.set(
      "predicate/properties/0/details/boxes", .string("\(question.instance.queries.count)"))
    try statement.set("predicate/scope", .array(question.scope.map { .string($0) }))
    var questions: [String: Obligation] = [:]
    for (index, query) in question.instance.queries.enumerated() { questions["\(index)"] = query.obligation }
    return (statement, questions)
  }

  private static func path(_ text: String) throws -> RelativePath {
    guard let path = RelativePath(text) else { throw EditFailure("`\(text)` is no path") }
    return path
  }

  // MARK: The language

  private struct Sources: SourceLoader {
    let image: BundleImage

    func bytes(at path: String) -> [UInt8]? { image["spec/" + path] }
  }

  private struct Artifacts: ArtifactSource {
    let image: BundleImage

    func bytes(at path: String, as role: ArtifactRole) throws -> [UInt8] {
      guard let bytes = image[(role == .dataset ? "data/" : "models/") + path] else {
        throw EditFailure("no file `\(path)`")
      }
      return bytes
    }
  }

  private static func pipeline(
    _ image: BundleImage, _ statement: JSONValue
  ) throws -> (JSONValue, [String: Obligation]) {
    var parameters: [String: String] = [:]
    for member in statement.value(at: "predicate/spec/parameters")?.objectValue?.members ?? [] {
      parameters[member.name] = member.value.stringValue
    }
    let root = statement.value(at: "predicate/spec/name")?.stringValue ?? ""
    let checked = SpecificationChecker.check(
      root: root, loader: Sources(image: image), parameters: parameters)
    guard let spec = checked.spec else { throw EditFailure("the specification has errors") }
    let library = try ModelLibrary(spec, from: Artifacts(image: image))
    let lowering = SpecLowering(spec, library)
    var statement = statement
    var questions: [String: Obligation] = [:]
    var answered: [Property] = []
    var decided: Set<String> = []
    var hasSamples = false
    for (index, record) in (statement.value(at: "predicate/properties")?.arrayValue ?? []).enumerated() {
      guard let name = record.value(at: "id")?.stringValue, let property = spec.property(named: name) else {
        continue
      }
      answered.append(property)
      if isDecided(statement, index) { decided.insert(name) }
      hasSamples = hasSamples || record.value(at: "grade") == .string("sampled")
      let obligation = try lowering.lower(property).obligation
      questions[name] = obligation
      let members: [(String, JSONValue)] = [
        ("title", .string(property.title ?? "")), ("text", .string(property.claimText)),
        ("hazards", .array(property.hazards.map { .string($0) })),
        ("formula", .string(ContentDigest(of: Array(property.canonicalText.utf8)).hex)),
        ("obligation", .string(ContentDigest(of: obligation.canonicalBytes).hex)),
        ("threshold", .array(property.recordedThresholds.map { .string($0) })),
        ("requestedGrade", .string(property.weakestGrade.rawValue)),
      ]
      for (member, value) in members { try statement.set("predicate/properties/\(index)/\(member)", value) }
    }
    let arithmetics = answered.map(\.arithmetic)
    let files = try library.modelFiles.map { FileRecord(name: try path($0.path), content: $0.bytes) }
    let standing = StandingRecords(
      spec, library, models: files,
      answers: answered.map {
        FrameworkMappings.Answered(id: $0.name, hazards: $0.hazards, isDecided: decided.contains($0.name))
      })
    let hasCheckpoint = statement.value(at: "predicate/seedCheckpoint") != nil
    let assumptions = StandingAssumptions.list(
      seeds: !hasSamples ? .none : hasCheckpoint ? .checkpoint : .chosenByTheAuthor,
      hasSinglePrecision: arithmetics.contains(.float32AnyOrder), hasOracles: !standing.oracles.isEmpty)
    let scope = StandingScope.lines(spec, answered: Set(answered.map(\.name)), decided: decided)
    let samplers = spec.samplers.compactMap { library.samplers[$0.name]?.record.json }
    try statement.set("predicate/arithmetic", StandingAssumptions.arithmetic(arithmetics).json)
    try statement.set("predicate/model", standing.model?.json)
    try statement.set("predicate/oracles", list(standing.oracles.map(\.json)))
    try statement.set("predicate/mappings", list(standing.mappings.map(\.json)))
    try statement.set("predicate/spec/languageVersion", standing.languageVersion.map { .string($0) })
    try statement.set("predicate/spec/canonicalAst", standing.canonicalAST.map { .string($0.hex) })
    for (index, record) in (statement.value(at: "predicate/properties")?.arrayValue ?? []).enumerated() {
      let claim = record.value(at: "id")?.stringValue.flatMap { standing.arithmetics[$0] }
      try statement.set("predicate/properties/\(index)/arithmetic", claim.map { .string($0.rawValue) })
    }
    try statement.set("predicate/assumptions", .array(assumptions.map(\.json)))
    try statement.set("predicate/scope", .array(scope.map { .string($0) }))
    try statement.set("predicate/samplers", .array(samplers))
    return (statement, questions)
  }

  /// A list that is left out where it is empty.
  private static func list(_ elements: [JSONValue]) -> JSONValue? {
    elements.isEmpty ? nil : .array(elements)
  }
}

/// Whether a statement calls a property decided.
private func isDecided(_ statement: JSONValue, _ index: Int) -> Bool {
  let word = statement.value(at: "predicate/properties/\(index)/verdict")?.stringValue ?? ""
  return Verdict(rawValue: word)?.isDecided ?? false
}
