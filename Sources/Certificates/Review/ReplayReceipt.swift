/// What a reviewer's replay of a certificate found.
package struct ReplayReceipt: Hashable, Sendable {
  /// The type under which it stands in a statement.
  package static let type = "https://dspec.dev/replay-receipt/v1"

  /// The outcome in a word.
  package enum Result: String, Hashable, Sendable, CaseIterable {
    /// Every step was derived again.
    case valid
    /// Every step that is there and was asked for was, but some property of the specification is not answered, or only some
    /// chunks of the evidence were asked for.
    case partial
    /// A step rests on a solver that is not replayed.
    case holey
    /// A step does not hold.
    case invalid
  }

  /// The program that replayed.
  package struct Checker: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// Its version.
    package var version: String
    /// SHA-256 of the program, if it could be read.
    package var digest: ContentDigest?

    /// Makes a record.
    package init(name: String, version: String, digest: ContentDigest?) {
      self.name = name
      self.version = version
      self.digest = digest
    }
  }

  /// How much of the evidence was replayed.
  package struct Coverage: Hashable, Sendable {
    /// Chunks of trees that were.
    package var chunks: Int
    /// All chunks of trees of claims about every point.
    package var of: Int
    /// Answers of which only the structure was checked.
    package var structureOnly: [String]

    /// Makes a record.
    package init(chunks: Int, of: Int, structureOnly: [String]) {
      self.chunks = chunks
      self.of = of
      self.structureOnly = structureOnly
    }

    /// In words.
    package var text: String {
      "\(chunks) of \(of) chunks"
        + (structureOnly.isEmpty ? "" : ", nothing of \(structureOnly.joined(separator: ", "))")
    }
  }

  /// One property as the replay derived it.
  package struct Property: Hashable, Sendable {
    /// Its name.
    package var id: String
    /// The verdict.
    package var verdict: Verdict
    /// The kind of evidence behind it.
    package var grade: Grade
    /// Leaves that were closed again.
    package var leaves: Int

    /// Makes a record.
    package init(id: String, verdict: Verdict, grade: Grade, leaves: Int) {
      self.id = id
      self.verdict = verdict
      self.grade = grade
      self.leaves = leaves
    }
  }

  /// Why a replay ended early.
  package struct Failure: Hashable, Sendable {
    /// The stable code.
    package var code: String
    /// The step.
    package var step: String
    /// The reason in words.
    package var reason: String

    /// Makes a record.
    package init(code: String, step: String, reason: String) {
      self.code = code
      self.step = step
      self.reason = reason
    }
  }

  /// When, by the reviewer's clock.
  package var reviewedAt: Timestamp
  /// What replayed.
  package var checker: Checker
  /// The outcome.
  package var result: Result
  /// Why it is invalid; nil for other results.
  package var failure: Failure?
  /// Keys that signed the certificate and that the reviewer trusts; empty where the signature was not examined.
  package var trustedSigners: [String]
  /// The properties, empty where the replay ended early.
  package var properties: [Property]
  /// Properties of the specification that the certificate does not answer.
  package var uncovered: [String]
  /// Steps that only an unreplayed solver vouches for.
  package var holes: [String]
  /// How much of the evidence was replayed; nil where all of it was.
  package var coverage: Coverage?
  /// What was derived again in exact arithmetic after a replay of all; nil where that was not asked for.
  package var exact: Exact?

  /// Makes a receipt.
  package init(
    reviewedAt: Timestamp, checker: Checker, result: Result, failure: Failure? = nil,
    trustedSigners: [String] = [], properties: [Property] = [], uncovered: [String] = [],
    holes: [String] = [],
    coverage: Coverage? = nil, exact: Exact? = nil
  ) {
    self.coverage = coverage
    self.exact = exact
    self.reviewedAt = reviewedAt
    self.checker = checker
    self.result = result
    self.failure = failure
    self.trustedSigners = trustedSigners
    self.properties = properties
    self.uncovered = uncovered
    self.holes = holes
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(
      value, at: place,
      fields: ["checker", "holes", "properties", "result", "reviewedAt", "trustedSigners", "uncovered"],
      optional: ["coverage", "exact", "failure"])
    reviewedAt = try reader.timestamp("reviewedAt")
    let program = try FieldReader(
      reader.value("checker"), at: reader.at("checker"), fields: ["name", "version"], optional: ["digest"])
    checker = Checker(
      name: try program.string("name"), version: try program.string("version"),
      digest: program.has("digest") ? try program.digest("digest") : nil)
    result = try reader.word("result")
    if reader.has("failure") {
      let fields = try FieldReader(
        reader.value("failure"), at: reader.at("failure"), fields: ["code", "reason", "step"])
      failure = Failure(
        code: try fields.string("code"), step: try fields.string("step"), reason: try fields.string("reason"))
    }
    trustedSigners = try reader.strings("trustedSigners")
    properties = try reader.list("properties") { (value, place) throws(CertificateError) in
      let fields = try FieldReader(value, at: place, fields: ["grade", "id", "leaves", "verdict"])
      return Property(
        id: try fields.string("id"), verdict: try fields.word("verdict"), grade: try fields.word("grade"),
        leaves: try fields.count("leaves"))
    }
    uncovered = try reader.strings("uncovered")
    holes = try reader.strings("holes")
    if reader.has("coverage") {
      let fields = try FieldReader(
        reader.value("coverage"), at: reader.at("coverage"), fields: ["chunks", "of", "structureOnly"])
      let coverage = Coverage(
        chunks: try fields.count("chunks"), of: try fields.count("of"),
        structureOnly: try fields.strings("structureOnly"))
      guard coverage.chunks <= coverage.of else {
        throw fields.refuse(.fieldValue, "chunks", "more chunks were replayed than there are")
      }
      guard result != .valid else {
        throw reader.refuse(.fieldValue, "coverage", "a replay of some chunks is not `valid`")
      }
      self.coverage = coverage
    }
    if reader.has("exact") {
      exact = try Exact(reader.value("exact"), at: reader.at("exact"), properties: properties.map(\.id))
      guard result != .invalid, coverage == nil else {
        throw reader.refuse(
          .fieldValue, "exact", "exact arithmetic comes after a replay of all that found nothing invalid")
      }
    }
    guard (result == .invalid) == (failure != nil) else {
      throw reader.refuse(.fieldValue, "failure", "a reason goes with an invalid result and with no other")
    }
    guard (result == .holey) == !holes.isEmpty else {
      throw reader.refuse(.fieldValue, "holes", "holes go with a holey result and with no other")
    }
  }

  var json: JSONValue {
    var program: JSONObject = ["name": .string(checker.name), "version": .string(checker.version)]
    program["digest"] = checker.digest.map { .string($0.hex) }
    let rows = properties.map { item -> JSONValue in
      [
        "grade": .string(item.grade.rawValue), "id": .string(item.id), "leaves": .integer(item.leaves),
        "verdict": .string(item.verdict.rawValue),
      ]
    }
    var object: JSONObject = [
      "checker": .object(program), "holes": .array(holes.map { .string($0) }), "properties": .array(rows),
      "result": .string(result.rawValue), "reviewedAt": .string(reviewedAt.text),
      "trustedSigners": .array(trustedSigners.map { .string($0) }),
      "uncovered": .array(uncovered.map { .string($0) }),
    ]
    object["coverage"] = coverage.map {
      [
        "chunks": .integer($0.chunks), "of": .integer($0.of),
        "structureOnly": .array($0.structureOnly.map { .string($0) }),
      ]
    }
    object["exact"] = exact?.json
    object["failure"] = failure.map {
      ["code": .string($0.code), "reason": .string($0.reason), "step": .string($0.step)]
    }
    return .object(object)
  }
}
