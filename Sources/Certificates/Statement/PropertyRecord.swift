/// One property and its answer.
package struct PropertyRecord: Hashable, Sendable {
  /// Its name in the specification, unique in the certificate.
  package var id: String
  /// A line for people.
  package var title: String
  /// The hazards it speaks to.
  package var hazards: [String]
  /// The claim in canonical text.
  package var text: String
  /// Digest of the claim's formula.
  package var formula: ContentDigest
  /// Digest of the obligation's canonical bytes.
  package var obligation: ContentDigest
  /// The answer.
  package var verdict: Verdict
  /// The kind of evidence behind it.
  package var grade: Grade
  /// The weakest grade the specification accepts.
  package var requestedGrade: Grade
  /// The bounds reached, if any.
  package var bounds: PropertyBounds?
  /// What the bounds are compared with, as written: `<= 1/10`.
  package var threshold: [String]
  /// The files that show the answer.
  package var evidence: [FileRecord]
  /// Leaves of the split trees, all files together.
  package var leaves: Int
  /// Nodes visited by the search.
  package var nodes: Int
  /// A remark for people.
  package var note: String?
  /// Further facts by name.
  package var details: [String: String]
  /// The arithmetic of the claim; nil for real numbers, or where nothing is said.
  package var arithmetic: ArithmeticRecord.Claim?
  /// How samples were drawn and counted; nil where there are none, or nothing is said.
  package var sampling: SamplingRecord?
  /// The chunks of the trees; nil where there are none, or nothing is said.
  package var chunks: ChunkRecord?

  /// Makes a record.
  package init(
    id: String, title: String, hazards: [String] = [], text: String, formula: ContentDigest,
    obligation: ContentDigest, verdict: Verdict, grade: Grade, requestedGrade: Grade,
    bounds: PropertyBounds? = nil, threshold: [String] = [], evidence: [FileRecord] = [], leaves: Int = 0,
    nodes: Int = 0, note: String? = nil, details: [String: String] = [:],
    arithmetic: ArithmeticRecord.Claim? = nil, sampling: SamplingRecord? = nil,
    chunks: ChunkRecord? = nil
  ) {
    self.chunks = chunks
    self.arithmetic = arithmetic
    self.sampling = sampling
    self.id = id
    self.title = title
    self.hazards = hazards
    self.text = text
    self.formula = formula
    self.obligation = obligation
    self.verdict = verdict
    self.grade = grade
    self.requestedGrade = requestedGrade
    self.bounds = bounds
    self.threshold = threshold
    self.evidence = evidence
    self.leaves = leaves
    self.nodes = nodes
    self.note = note
    self.details = details
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(
      value, at: place,
      fields: [
        "details", "evidence", "formula", "grade", "hazards", "id", "leaves", "nodes", "obligation",
        "requestedGrade", "text", "threshold", "title", "verdict",
      ], optional: ["arithmetic", "bounds", "chunks", "note", "sampling"])
    id = try reader.string("id")
    title = try reader.string("title")
    hazards = try reader.strings("hazards")
    text = try reader.string("text")
    formula = try reader.digest("formula")
    obligation = try reader.digest("obligation")
    verdict = try reader.word("verdict")
    grade = try reader.word("grade")
    requestedGrade = try reader.word("requestedGrade")
    bounds = reader.has("bounds") ? try PropertyBounds(reader.value("bounds"), at: reader.at("bounds")) : nil
    threshold = try reader.strings("threshold")
    evidence = try reader.list("evidence", FileRecord.init(_:at:))
    leaves = try reader.count("leaves")
    nodes = try reader.count("nodes")
    note = reader.has("note") ? try reader.string("note") : nil
    details = try reader.stringMap("details")
    arithmetic = reader.has("arithmetic") ? try reader.word("arithmetic") : nil
    sampling =
      reader.has("sampling") ? try SamplingRecord(reader.value("sampling"), at: reader.at("sampling")) : nil
    chunks = reader.has("chunks") ? try ChunkRecord(reader.value("chunks"), at: reader.at("chunks")) : nil
    guard arithmetic != .real, arithmetic != .mixed else {
      throw reader.refuse(
        .fieldValue, "arithmetic", "a claim has one arithmetic, and `real` is not written down")
    }
    guard grade.allows(verdict) else {
      throw reader.refuse(
        .grade, "verdict", "grade `\(grade.rawValue)` cannot carry verdict `\(verdict.rawValue)`")
    }
    guard !verdict.isDecided || grade == .derived || !evidence.isEmpty else {
      throw reader.refuse(.evidenceMissing, "evidence", "verdict `\(verdict.rawValue)` names no evidence")
    }
    try RelativePath.checkDistinct(evidence.map(\.name), place: reader.at("evidence"))
  }

  /// The record as an object; what it does not say is left out.
  package var json: JSONValue {
    var object: JSONObject = [
      "details": .strings(details), "evidence": .array(evidence.map(\.json)), "formula": .string(formula.hex),
      "grade": .string(grade.rawValue), "hazards": .array(hazards.map { .string($0) }), "id": .string(id),
      "leaves": .integer(leaves), "nodes": .integer(nodes), "obligation": .string(obligation.hex),
      "requestedGrade": .string(requestedGrade.rawValue), "text": .string(text),
      "threshold": .array(threshold.map { .string($0) }), "title": .string(title),
      "verdict": .string(verdict.rawValue),
    ]
    object["bounds"] = bounds?.json
    object["note"] = note.map { .string($0) }
    object["arithmetic"] = arithmetic.map { .string($0.rawValue) }
    object["sampling"] = sampling?.json
    object["chunks"] = chunks?.json
    return .object(object)
  }
}
