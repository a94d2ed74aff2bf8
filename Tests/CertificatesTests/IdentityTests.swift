import Certificates
import Testing

/// What a certificate states besides its answers: every member is read strictly and left out where it says nothing.
@Suite struct IdentityTests {
  private static let digest = String(repeating: "0", count: 63) + "1"

  /// A predicate with every optional member.
  private static func full() throws -> CompliancePredicate {
    var predicate = try Samples.predicate()
    predicate.spec = SpecRecord(
      root: predicate.spec.root, sources: predicate.spec.sources, parameters: predicate.spec.parameters,
      languageVersion: "1.0", canonicalAST: ContentDigest(of: [1]))
    predicate.supersedes = [ContentDigest(of: [2]), ContentDigest(of: [3])]
    predicate.model = ModelRecord(
      omsRoot: ModelRecord.omsRoot(of: predicate.models), parameters: 12, dtypes: ["float32", "float64"])
    predicate.oracles = [OracleRecord(name: "head", file: Samples.path("vae.onnx"))]
    predicate.mappings = [
      MappingRecord(
        framework: "EU AI Act", reference: "Annex IV(2)(g)", text: "evidence towards testing",
        properties: ["Fair", "Leak"])
    ]
    predicate.seedCheckpoint = SeedCheckpoint(of: Array("a checkpoint\n".utf8))
    predicate.arithmetic = ArithmeticRecord(claim: .mixed, flushToZero: false, tf32: false)
    predicate.samplers = predicate.samplers.map(\.withDigest)
    predicate.properties[0].arithmetic = .float16Weights
    predicate.properties[1].sampling = SamplingRecord(
      n: 100, failures: 2, undecided: 1, delta: "1/100", method: "clopper-pearson", prng: "chacha20",
      seedDerivation: "dspec sample seed 2")
    return predicate
  }

  private static func payload() throws -> JSONValue {
    try JSONValue.parse(try Statement(predicate: try full()).payload())
  }

  @Test func everythingReadsBack() throws {
    let statement = Statement(predicate: try Self.full())
    #expect(try Statement(payload: try statement.payload()) == statement)
    #expect(
      try statement.subjects().map(\.name) == ["model.manifest.json", "model.oms-root", "spec.manifest.json"])
    #expect(try statement.subjects()[1].digest == statement.predicate.model?.omsRoot)
    #expect(statement.manifests.map(\.name) == ["model.manifest.json", "spec.manifest.json"])
  }

  /// A certificate that says nothing of these is written as it was before they existed.
  @Test func nothingIsWrittenWhereNothingIsSaid() throws {
    let object = try JSONValue.parse(try Statement(predicate: try Samples.predicate()).payload())
    let predicate = try #require(object.objectValue?["predicate"]?.objectValue)
    for name in ["mappings", "model", "oracles", "seedCheckpoint", "supersedes"] {
      #expect(predicate[name] == nil)
    }
    #expect(predicate["arithmetic"]?.objectValue?.names.sorted() == ["checker", "claim"])
  }

  @Test(
    arguments: [
      ("supersedes", [], CertificateError.Code.fieldValue), ("supersedes", ["abc"], .fieldValue),
      ("supersedes", [1], .fieldKind), ("supersedes", "abc", .fieldKind),
      ("supersedes", [.string(Self.digest), .string(Self.digest)], .fieldValue),
      ("model/omsRoot", .string(Self.digest), .modelManifest), ("model/omsRoot", nil, .missingField),
      ("model/parameters", -1, .fieldValue), ("model/parameters", "12", .fieldKind),
      ("model/parameters", nil, .fieldValue), ("model/dtypes", [], .fieldValue),
      ("model/dtypes", ["float64", "float32"], .fieldValue),
      ("model/dtypes", ["float32", "float32"], .fieldValue), ("model/layers", 3, .unknownField),
      ("model", [], .fieldKind), ("oracles", [], .fieldValue), ("oracles/0/file", "../x", .path),
      ("oracles/0/trust", "x", .unknownField), ("oracles/0/name", nil, .missingField),
      ("mappings", [], .fieldValue), ("mappings/0/text", "compliant with the act", .fieldValue),
      ("mappings/0/text", "Evidence towards testing", .fieldValue),
      ("mappings/0/text", "evidence towardscompliance", .fieldValue),
      ("mappings/0/text", " evidence towards testing", .fieldValue),
      ("mappings/0/properties", [], .fieldValue), ("mappings/0/properties", ["Fair", "Fair"], .fieldValue),
      ("mappings/0/status", "compliant", .unknownField), ("mappings/0/framework", nil, .missingField),
      ("seedCheckpoint/sha256", nil, .missingField), ("seedCheckpoint/sha256", "x", .fieldValue),
      ("seedCheckpoint/sha256", .string(Self.digest), .fieldValue),
      ("seedCheckpoint/text", "another", .fieldValue), ("seedCheckpoint/text", "", .fieldValue),
      ("seedCheckpoint/time", "now", .unknownField), ("arithmetic/flushToZero", "no", .fieldKind),
      ("arithmetic/tf32", 0, .fieldKind), ("arithmetic/claim", "f16", .fieldValue),
      ("spec/languageVersion", 1, .fieldKind), ("spec/canonicalAst", "x", .fieldValue),
      ("spec/committedBefore", "2026-01-01T00:00:00Z", .fieldKind),
      ("samplers/0/noise", 0, .fieldKind), ("samplers/0/scheduleDigest", "x", .fieldValue),
      ("samplers/0/guidanceScale", "7", .unknownField), ("properties/0/arithmetic", "real", .fieldValue),
      ("properties/0/arithmetic", "mixed", .fieldValue), ("properties/0/arithmetic", "f8", .fieldValue),
      ("properties/1/sampling/failures", 100, .fieldValue), ("properties/1/sampling/n", 2, .fieldValue),
      ("properties/1/sampling/undecided", 99, .fieldValue), ("properties/1/sampling/n", "100", .fieldKind),
      ("properties/1/sampling/delta", nil, .missingField), ("properties/1/sampling/p", 1, .unknownField),
    ] as [(String, JSONValue?, CertificateError.Code)])
  func otherValuesAreRefused(path: String, value: JSONValue?, code: CertificateError.Code) throws {
    let base = try Self.payload()
    var changed = try edited(base, ("predicate/" + path).split(separator: "/").map(String.init)[...]) { _ in
      value
    }
    #expect(changed != base)
    changed = try edited(changed, ["predicate", "certificateId"]) { _ in "urn:uuid:0" }
    #expect(refusal { _ = try Statement(payload: try changed.canonicalBytes()) } == code)
  }

  @Test func theRootOfTheModelsIsTheirSecondSubject() throws {
    let base = try Self.payload()
    for position in 0..<3 {
      let path = ["subject", "\(position)"]
      let less = try edited(base, path[...]) { _ in nil }
      #expect(refusal { _ = try Statement(payload: try less.canonicalBytes()) } == .subject)
    }
    let other = try edited(base, ["subject", "1", "digest", "sha256"]) { _ in .string(Self.digest) }
    #expect(refusal { _ = try Statement(payload: try other.canonicalBytes()) } == .subject)
  }

  // MARK: The root

  private func files(_ contents: [(String, String)]) -> [FileRecord] {
    contents.map { FileRecord(name: Samples.path($0.0), content: Array($0.1.utf8)) }
  }

  /// Row 3 of the tamper table: an exchange of names changes the manifest, while the contents are the same.
  @Test func namesAreInTheManifestAndNotInTheRoot() throws {
    let honest = files([("a.onnx", "one"), ("b.onnx", "two")])
    let swapped = files([("a.onnx", "two"), ("b.onnx", "one")])
    let renamed = files([("p/x.onnx", "one"), ("q.onnx", "two")])
    #expect(Set(honest.map(\.digest)) == Set(swapped.map(\.digest)))
    let manifests = try [honest, swapped, renamed].map { try Manifest(files: $0).bytes() }
    #expect(Set(manifests).count == 3)
    #expect(ModelRecord.omsRoot(of: honest) == ModelRecord.omsRoot(of: renamed))
    #expect(ModelRecord.omsRoot(of: honest) != ModelRecord.omsRoot(of: swapped))
    #expect(ModelRecord.omsRoot(of: honest) == ModelRecord.omsRoot(of: honest.reversed()))
  }

  /// Names are ordered component by component; `model_signing` 1.1.1 gives the same root for these files.
  @Test func theOrderIsThatOfComponents() {
    let (first, second) = (ContentDigest(of: Array("1".utf8)), ContentDigest(of: Array("2".utf8)))
    let root = ModelRecord.omsRoot(of: files([("a-b", "2"), ("a/b", "1")]))
    #expect(root == ContentDigest(of: first.bytes + second.bytes))
  }

  @Test func aCheckpointIsQuotedWhereItIsAShortText() {
    #expect(SeedCheckpoint(of: Array("größe\n1\n".utf8)).text == "größe\n1\n")
    #expect(SeedCheckpoint(of: [0xFF, 0xFE]).text == nil)
    #expect(SeedCheckpoint(of: Array("a\u{1B}[2K".utf8)).text == nil)
    #expect(SeedCheckpoint(of: [UInt8](repeating: 0x61, count: 4096)).text?.utf8.count == 4096)
    #expect(SeedCheckpoint(of: [UInt8](repeating: 0x61, count: 4097)).text == nil)
    #expect(SeedCheckpoint(of: []).text == nil)
    #expect(SeedCheckpoint(of: Array("x".utf8)).digest == ContentDigest(of: Array("x".utf8)))
  }
}
