import Certificates
import SeededDraws
import Testing

/// Applies an edit at a path of names and positions inside a value.
func edited(
  _ value: JSONValue, _ path: ArraySlice<String>, _ edit: (JSONValue?) -> JSONValue?
) throws -> JSONValue {
  let step = try #require(path.first)
  let rest = path.dropFirst()
  switch value {
  case .object(var object):
    if rest.isEmpty {
      object[step] = edit(object[step])
    } else {
      object[step] = try edited(try #require(object[step]), rest, edit)
    }
    return .object(object)
  case .array(var elements):
    let index = try #require(Int(step))
    if rest.isEmpty {
      if let new = edit(elements[index]) { elements[index] = new } else { elements.remove(at: index) }
    } else {
      elements[index] = try edited(elements[index], rest, edit)
    }
    return .array(elements)
  default: throw EditFailure()
  }
}

struct EditFailure: Error {}

/// The sample's payload with one value replaced or removed, and its identifier derived anew on request.
func editedPayload(_ path: String, _ new: JSONValue?, renamed: Bool = true) throws -> [UInt8] {
  let base = try JSONValue.parse(try Statement(predicate: try Samples.predicate()).payload())
  var value = try edited(base, path.split(separator: "/").map(String.init)[...]) { _ in new }
  #expect(value != base, "a mutation must change something")
  if renamed, let predicate = value.objectValue?["predicate"], var body = predicate.objectValue {
    body["certificateId"] = nil
    let digest = ContentDigest(of: try JSONValue.object(body).canonicalBytes()).hex
    let variant = ["8", "9", "a", "b"][Int(try #require(UInt8(String(Array(digest)[16]), radix: 16))) & 3]
    let digits = Array(digest)
    let name = [0..<8, 8..<12, 13..<16, 17..<20, 20..<32].map { String(digits[$0]) }
    body["certificateId"] = .string(
      "urn:uuid:\(name[0])-\(name[1])-8\(name[2])-\(variant)\(name[3])-\(name[4])")
    value = try edited(value, ["predicate"]) { _ in .object(body) }
  }
  return try value.canonicalBytes()
}

@Suite struct StatementTests {
  @Test func sampleReadsBack() throws {
    let statement = Statement(predicate: try Samples.predicate())
    let payload = try statement.payload()
    #expect(try Statement(payload: payload) == statement)
    #expect(try Statement(payload: payload).payload() == payload)
    let object = try #require(try JSONValue.parse(payload).objectValue)
    #expect(object.names.sorted() == ["_type", "predicate", "predicateType", "subject"])
    #expect(try statement.subjects().map(\.name) == ["model.manifest.json", "spec.manifest.json"])
    var bare = try Samples.predicate()
    bare.models = []
    #expect(try Statement(predicate: bare).subjects().map(\.name) == ["spec.manifest.json"])
    #expect(try Statement(payload: try Statement(predicate: bare).payload()).predicate == bare)
  }

  @Test func identifierFollowsFromTheContent() throws {
    let predicate = try Samples.predicate()
    let name = try predicate.certificateID()
    #expect(name == (try Samples.predicate().certificateID()))
    #expect(
      name.wholeMatch(of: /urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
        != nil)
    var other = predicate
    other.properties[2].nodes += 1
    #expect(try other.certificateID() != name)
    let forged = try editedPayload("predicate/properties/2/nodes", 7, renamed: false)
    #expect(refusal { _ = try Statement(payload: forged) } == .certificateID)
    #expect(throws: Never.self) {
      _ = try Statement(payload: try editedPayload("predicate/properties/2/nodes", 7))
    }
  }

  @Test(
    arguments: [
      ("_type", "https://in-toto.io/Statement/v0.1", CertificateError.Code.statementType),
      ("predicateType", "https://slsa.dev/provenance/v1", .predicateType), ("extra", 1, .unknownField),
      ("subject", [], .subject), ("subject/0/digest/sha256", "00", .fieldValue),
      ("subject/0/size", 1, .unknownField),
      ("subject/0/digest/sha512", "00", .unknownField), ("subject/1/name", "other.json", .subject),
      ("subject/1", nil, .subject), ("predicate", nil, .missingField), ("predicate", "x", .fieldKind),
      ("predicate/extra", 1, .unknownField), ("predicate/tool/digest", "x", .unknownField),
      ("predicate/issuer/role", "x", .unknownField), ("predicate/spec/owner", "x", .unknownField),
      ("predicate/spec/language", "dspec", .fieldValue),
      ("predicate/spec/language", "vnnlib-2.0", .fieldValue),
      ("predicate/spec/language", "VNNLIB-1.0", .fieldValue), ("predicate/spec/language", 1, .fieldKind),
      ("predicate/models/0/mode", "x", .unknownField), ("predicate/samplers/0/eta", "0/1", .unknownField),
      ("predicate/arithmetic/tf64", false, .unknownField), ("predicate/assumptions/0/by", "x", .unknownField),
      ("predicate/properties/0/confidence", "x", .unknownField),
      ("predicate/properties/0/bounds/middle", "0x1p+0", .unknownField),
      ("predicate/properties/0/evidence/0/x", "x", .unknownField),
      ("predicate/schemaVersion", "1.0.1", .version),
      ("predicate/schemaVersion", "0.9.0", .version), ("predicate/schemaVersion", 1, .version),
      ("predicate/schemaVersion", nil, .missingField), ("predicate/minimumChecker", "1.3.1", .version),
      ("predicate/minimumChecker", "2.0.0", .version),
      ("predicate/minimumChecker", "1.2.9", .version), ("predicate/minimumChecker", "1.0", .fieldValue),
      ("predicate/critical", ["future"], .critical), ("predicate/critical", [1], .critical),
      ("predicate/critical", nil, .missingField), ("predicate/issuedAt", "2026-11-22", .fieldValue),
      ("predicate/issuedAt", "2026-02-30T00:00:00Z", .fieldValue),
      ("predicate/issuedAt", "2028-01-01T00:00:00Z", .fieldValue),
      ("predicate/issuedAt", "2026-11-22T20:00:00+00:00", .fieldValue),
      ("predicate/issuer/keyid", "abc", .fieldValue),
      ("predicate/spec/name", "absent.dspec", .fieldValue), ("predicate/spec/name", "../fair.dspec", .path),
      ("predicate/spec/parameters/epsilon", "0.1", .number),
      ("predicate/spec/parameters/epsilon", "1/0", .number),
      ("predicate/spec/parameters/epsilon", "-0/1", .number),
      ("predicate/spec/parameters/epsilon", 1, .fieldKind),
      ("predicate/spec/parameters/\u{E9}", "1/1", .fieldValue),
      ("predicate/models/0/name", "/etc/passwd", .path),
      ("predicate/models/0/name", "a/../b", .path), ("predicate/models/0/name", "a\\b", .path),
      ("predicate/models/0/name", "a\u{0}b", .path), ("predicate/models/0/name", "VAE.onnx", .path),
      ("predicate/models/0/name", "vae.onnx/x", .path), ("predicate/models/0/name", 1, .fieldKind),
      ("predicate/models/0/size", -1, .fieldValue), ("predicate/models/0/size", "1", .fieldKind),
      ("predicate/models/0/sha256", .string(String(repeating: "A", count: 64)), .fieldValue),
      ("predicate/models/1", nil, .subject), ("predicate/models/0/size", 99, .subject),
      ("predicate/samplers/0/coefficients/0/0", "nan", .nonFinite),
      ("predicate/samplers/0/coefficients/0/0", "0.5", .number),
      ("predicate/samplers/0/coefficients/0", ["0x1p+0"], .fieldKind),
      ("predicate/samplers/0/timesteps/0", "999", .fieldKind),
      ("predicate/arithmetic/claim", "exact", .fieldValue),
      ("predicate/assumptions/0/discharged", 1, .fieldKind),
      ("predicate/scope/0", "a\u{1B}[2J", .fieldValue), ("predicate/scope/0", "a\u{202E}b", .fieldValue),
      ("predicate/properties/0/verdict", "PROVED", .fieldValue),
      ("predicate/properties/0/verdict", "supported", .grade),
      ("predicate/properties/1/verdict", "proved", .grade),
      ("predicate/properties/0/grade", "attacked", .grade),
      ("predicate/properties/2/verdict", "proved", .evidenceMissing),
      ("predicate/properties/0/evidence", [], .evidenceMissing),
      ("predicate/properties/0/id", "Leak", .fieldValue),
      ("predicate/properties/0/bounds/lower", "inf", .nonFinite),
      ("predicate/properties/0/bounds/lower", "-0x0p+0", .nonFinite),
      ("predicate/properties/0/bounds/lower", "0x1p+0", .nonFinite),
      ("predicate/properties/0/bounds", .object([:]), .missingField),
      ("predicate/properties/0/bounds", .null, .fieldKind),
      ("predicate/properties/0/formula", nil, .missingField),
      ("predicate/properties/0/leaves", -1, .fieldValue),
      ("predicate/extensions", [], .fieldKind), ("predicate/expiresAt", "2026-11-22T20:00:00Z", .fieldValue),
    ] as [(String, JSONValue?, CertificateError.Code)])
  func mutationsAreRefused(path: String, new: JSONValue?, expected: CertificateError.Code) throws {
    let payload = try editedPayload(path, new)
    #expect(refusal { _ = try Statement(payload: payload) } == expected)
  }

  @Test func otherSpellingsOfThePayloadAreRefused() throws {
    let payload = try Statement(predicate: try Samples.predicate()).payload()
    let text = String(decoding: payload, as: UTF8.self)
    let others: [(String, CertificateError.Code)] = [
      (text + "\n", .nonCanonical), (" " + text, .nonCanonical),
      (text.replacing("größer", with: "gr\\u00f6\\u00dfer"), .nonCanonical),
      (text.replacing(",\"predicateType\"", with: ", \"predicateType\""), .nonCanonical),
      ("\u{FEFF}" + text, .jsonByteOrderMark),
      (text.replacing("\"nodes\":23", with: "\"nodes\":23,\"no\\u0064es\":23"), .jsonDuplicateKey),
      (text.replacing("\"nodes\":23", with: "\"nodes\":23.0"), .jsonNumber),
      (text.replacing("\"nodes\":23", with: "\"nodes\":NaN"), .jsonNonFinite),
      (text + text, .jsonTrailingData),
    ]
    for (other, expected) in others {
      #expect(other != text)
      #expect(refusal { _ = try Statement(payload: Array(other.utf8)) } == expected)
    }
    for part in 0..<64 {
      #expect(
        refusal { _ = try Statement(payload: Array(payload.prefix(payload.count * part / 64))) } == .truncated
      )
    }
  }

  @Test func mutatedPayloadsNeverTrap() throws {
    var generator = SeededGenerator(seed: 1)
    let payload = try Statement(predicate: try Samples.predicate()).payload()
    let base = try JSONValue.parse(payload)
    var paths: [[String]] = []
    collectPaths(base, [], &paths)
    let values: [JSONValue?] = [
      nil, .null, 0, -1, .integer(JSONValue.largestInteger), "", "x", [], .object([:]), true, [[[]]],
    ]
    for path in paths {
      for value in values {
        let other = try edited(base, path[...]) { _ in value }
        guard other != base else { continue }
        #expect(throws: CertificateError.self) { try Statement(payload: try other.canonicalBytes()) }
      }
    }
    for _ in 0..<1500 {
      var bytes = payload
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
        1 << UInt8.random(in: 0...7, using: &generator)
      #expect(throws: CertificateError.self) { try Statement(payload: bytes) }
    }
  }

  private func collectPaths(_ value: JSONValue, _ path: [String], _ paths: inout [[String]]) {
    if !path.isEmpty { paths.append(path) }
    for member in value.objectValue?.members ?? [] {
      collectPaths(member.value, path + [member.name], &paths)
    }
    for (index, element) in (value.arrayValue ?? []).enumerated() {
      collectPaths(element, path + ["\(index)"], &paths)
    }
  }

  @Test func whatAReaderWouldRefuseIsNotWritten() throws {
    let edits: [(CertificateError.Code, (inout CompliancePredicate) -> Void)] = [
      (.grade, { $0.properties[0].verdict = .supported }),
      (.evidenceMissing, { $0.properties[0].evidence = [] }),
      (.fieldValue, { $0.properties[0].title = "\u{7}" }),
      (.jsonIntegerRange, { $0.properties[0].nodes = .max }),
      (.critical, { $0.critical = ["x"] }), (.version, { $0.minimumChecker = Version(9, 0, 0) }),
      (.nonFinite, { $0.samplers = [Self.sampler(.infinity)] }),
      (.nonFinite, { $0.samplers = [Self.sampler(.nan)] }),
      (.path, { $0.datasets += $0.datasets }), (.fieldValue, { $0.properties[0].details["ä"] = "x" }),
      (.jsonIntegerRange, { $0.extensions["x"] = .integer(.max) }),
    ]
    for (expected, edit) in edits {
      var predicate = try Samples.predicate()
      edit(&predicate)
      let statement = Statement(predicate: predicate)
      #expect(refusal { _ = try statement.payload() } == expected)
    }
  }

  private static func sampler(_ value: Double) -> SamplerRecord {
    SamplerRecord(
      name: "s", kind: "ddim", steps: 1, prediction: "epsilon", timesteps: [1],
      coefficients: [StepCoefficients(latent: value, prediction: 0)], schedule: [:])
  }
}

@Suite struct ValueTests {
  @Test(arguments: ["0", "7", "-7", "0/1", "3/4", "-3/4", "dark", "Lighting.dark", "a_1.b2.C"])
  func parametersAreRead(text: String) throws {
    var predicate = try Samples.predicate()
    predicate.spec = SpecRecord(
      root: predicate.spec.root, sources: predicate.spec.sources, parameters: ["Module.epsilon": text])
    let payload = try Statement(predicate: predicate).payload()
    #expect(try Statement(payload: payload).predicate.spec.parameters == ["Module.epsilon": text])
  }

  @Test(arguments: [
    "", "-", "-0", "-0/1", "00", "01/2", "1/0", "1/02", "1/-2", "1/2/3", "/2", "1/", "+1", "1.5", "1e3",
    "a..b", ".a", "a.",
    "1a", "a b", "größe", "0x1p+0", "--1", " 1",
  ])
  func otherParametersAreRefused(text: String) throws {
    var predicate = try Samples.predicate()
    predicate.spec = SpecRecord(
      root: predicate.spec.root, sources: predicate.spec.sources, parameters: ["epsilon": text])
    let statement = Statement(predicate: predicate)
    #expect(refusal { _ = try statement.payload() } == .number)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (1_000_000_000, "2001-09-09T01:46:40Z"),
    (1_795_377_600, "2026-11-22T20:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
    (4_107_542_399, "2100-02-28T23:59:59Z"),
    (4_107_542_400, "2100-03-01T00:00:00Z"),
  ])
  func timestampsOfSeconds(seconds: Int, text: String) {
    #expect(Timestamp(secondsSince1970: seconds)?.text == text)
    #expect(Timestamp(text)?.text == text)
  }

  @Test(arguments: [
    "", "2026-11-22T20:00:00", "2026-11-22t20:00:00Z", "2026-11-22T20:00:00z", "2026-11-22 20:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
    "2026-11-22T24:00:00Z",
    "2026-11-22T20:60:00Z", "2026-11-22T20:00:60Z", "2026-11-22T20:00:00.0Z", "+026-11-22T20:00:00Z",
  ])
  func otherTimesAreRefused(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func secondsOutsideTheCalendarAreRefused() {
    for seconds in [-1, 253_402_300_800, .max, .min] { #expect(Timestamp(secondsSince1970: seconds) == nil) }
  }

  @Test(arguments: [
    "a", "a/b.c", "größe.bin", "a b", ".hidden", "...", "unet/model-00001-of-00002.safetensors",
  ])
  func pathsAreRead(text: String) {
    #expect(RelativePath(text)?.text == text)
  }

  @Test(arguments: [
    "", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", "a\\b", "\\\u{301}", "C:a", "a\u{0}",
    "a\nb", "a\u{7F}",
    "a\u{202E}b", String(repeating: "a", count: 256), String(repeating: "a/", count: 32) + "a",
    (0..<5).map { _ in String(repeating: "a", count: 250) }.joined(separator: "/"),
  ])
  func otherPathsAreRefused(text: String) {
    #expect(RelativePath(text) == nil)
  }

  @Test(arguments: ["1.0.0", "0.0.1", "999999.1.20"])
  func versionsAreRead(text: String) {
    #expect(Version(text)?.description == text)
  }

  @Test(arguments: [
    "", "1", "1.0", "1.0.0.0", "01.0.0", "1.-1.0", "1.+1.0", "1.0.a", "1.0.1000000", "1..0", " 1.0.0",
  ])
  func otherVersionsAreRefused(text: String) {
    #expect(Version(text) == nil)
  }

  @Test func versionsAreOrderedByNumber() {
    #expect(Version(1, 9, 0) < Version(1, 10, 0))
    #expect(Version(1, 10, 0) < Version(2, 0, 0))
    #expect(!(Version(1, 0, 0) < Version(1, 0, 0)))
  }

  @Test func exitCodesFollowTheVerdicts() {
    typealias Answer = (verdict: Verdict, grade: Grade, requested: Grade)
    let cases: [([Answer], ExitCode)] = [
      ([], .undecided), ([(.proved, .proof, .proof)], .holds), ([(.proved, .bound, .proof)], .holds),
      ([(.supported, .sampled, .sampled)], .holds), ([(.supported, .sampled, .bound)], .undecided),
      ([(.supported, .sampled, .attacked)], .holds), ([(.unknown, .attacked, .attacked)], .undecided),
      ([(.vacuous, .proof, .proof)], .undecided), ([(.undefined, .bound, .bound)], .undecided),
      ([(.refuted, .attacked, .proof)], .violated), ([(.contradicted, .sampled, .sampled)], .violated),
      ([(.unknown, .proof, .proof), (.refuted, .proof, .proof)], .violated),
      ([(.proved, .proof, .proof), (.unknown, .proof, .proof), (.proved, .proof, .proof)], .undecided),
    ]
    for (answers, expected) in cases { #expect(ExitCode.summary(of: answers) == expected) }
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3])
    #expect(ReplayExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3])
  }

  @Test func gradesCarryOnlyTheirVerdicts() {
    for grade in Grade.allCases {
      #expect(grade.allows(.proved) == [.proof, .bound, .accounting, .derived].contains(grade))
      #expect(grade.allows(.refuted) == (grade != .sampled))
      #expect(grade.allows(.supported) == (grade == .sampled))
      #expect(grade.allows(.contradicted) == (grade == .sampled))
      #expect(grade.allows(.unknown) && grade.allows(.vacuous) && grade.allows(.undefined))
    }
  }
}
