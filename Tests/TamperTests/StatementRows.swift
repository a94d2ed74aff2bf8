import Certificates
import Tampering

/// Rows on what is stated: 7 to 9, 16, 20, 23 to 29.
enum StatementRows {
  static let answers: [Row] = [
    Row(7, "without a word", by: .keyHolder, .refused("RECORD_MISMATCH")) { try $0.drop(.open) },
    Row(7, "without a word", by: .anybody, .refused("SIGNATURE")) {
      try $0.drop(.open)
      try $0.keepSignatures()
    },
    Row(7, "without a word, under the old identifier", by: .anybody, .refused("CERTIFICATE_ID")) { attempt in
      try attempt.drop(.open)
      let payload = try attempt.statement.canonicalBytes()
      try attempt.changeEnvelope { $0["payload"] = .string(base64(payload)) }
    },
    Row(7, "its evidence stays", by: .keyHolder, .refused("EVIDENCE_SURPLUS")) {
      let evidence = $0.image
      try $0.drop(.open)
      $0.image = evidence
    },
    Row(7, "another one in its place", by: .keyHolder, .refused("PROPERTY_SET")) {
      try $0.set("id", of: .open, "Closed")
    },
    Row(7, "more than one", .unsat, by: .keyHolder, .refused("PROPERTY_SET")) {
      var list = $0.statement.value(at: "predicate/properties")?.arrayValue ?? []
      var more = list[0]
      try more.set("id", "more.vnnlib")
      list.append(more)
      try $0.set("properties", .array(list))
    },
    Row(7, "the same one twice", by: .keyHolder, .refused("FIELD_VALUE")) {
      try $0.set("id", of: .open, "NeverUnsafe")
    },
    Row(7, "none at all", .unsat, by: .keyHolder, .refused("PROPERTY_SET")) { attempt in
      for path in attempt.image.paths where path.hasPrefix("evidence/") { attempt.image[path] = nil }
      try attempt.set("properties", [])
    },
    Row(8, "in the record", by: .keyHolder, .refused("FORMULA_DIGEST")) {
      try $0.set("threshold", of: .rarely, ["<= 1/10"])
    },
    Row(8, "in the text", by: .keyHolder, .refused("FORMULA_DIGEST")) {
      try $0.set("text", of: .rarely, .string("P[z ~ PZ, c ~ T: unsafe(G(z, c)) > 30%] <= 9%"))
    },
    Row(8, "in the specification", by: .keyHolder, .refused("FORMULA_DIGEST")) {
      try $0.replace("> 30%] <= 5%\n  evidence: bound", "> 30%] <= 9%\n  evidence: bound")
    },
    Row(8, "in the digest of the formula", by: .keyHolder, .refused("FORMULA_DIGEST")) {
      try $0.set("formula", of: .rarely, $0.value("formula", of: .neverUnsafe))
    },
    Row(8, "in the digest of the obligation", by: .keyHolder, .refused("FORMULA_DIGEST")) {
      try $0.set("obligation", of: .rarely, $0.value("obligation", of: .neverUnsafe))
    },
    Row(
      8, "in either digest", .unsat, by: .keyHolder, .refused("FORMULA_DIGEST"),
      each: ["formula", "obligation"]
    ) {
      try $0.set("properties/0/" + $1, .string(ContentDigest(of: []).hex))
    },
    Row(8, "in the record", by: .anybody, .refused("SIGNATURE")) {
      try $0.set("threshold", of: .rarely, ["<= 1/10"])
      try $0.keepSignatures()
    },
    Row(9, "with a cell of which nothing is claimed", by: .keyHolder, .refused("VERDICT_MISMATCH")) {
      try $0.set(verdict: "proved", of: .open)
    },
    // That a claim means nothing is no way out where it plainly means something.
    Row(
      9, "as meaningless", by: .keyHolder, .refused("VERDICT_MISMATCH"),
      each: [("vacuous", PipelineProperty.neverBright), ("undefined", .neverBright)]
    ) {
      $0.image[try $0.base.evidencePath(of: $1.1.rawValue)] = nil
      try $0.set("evidence", of: $1.1, [])
      for member in ["chunks", "sampling", "bounds"] { try $0.set(member, of: $1.1, nil) }
      try $0.set("leaves", of: $1.1, 0)
      try $0.set("grade", of: $1.1, "attacked")
      try $0.set(verdict: $1.0, of: $1.1)
    },
    Row(9, "without evidence", by: .keyHolder, .refused("EVIDENCE_MISSING")) {
      $0.image[try $0.base.evidencePath(of: "Open")] = nil
      try $0.set(verdict: "proved", of: .open)
      try $0.set("evidence", of: .open, [])
    },
    Row(9, "as following from others, without evidence", by: .keyHolder, .refused("EVIDENCE_MISSING")) {
      $0.image[try $0.base.evidencePath(of: "Open")] = nil
      try $0.set(verdict: "proved", of: .open)
      try $0.set("grade", of: .open, "derived")
      try $0.set("evidence", of: .open, [])
    },
    Row(9, "by samples", by: .keyHolder, .refused("GRADE")) {
      try $0.set(verdict: "proved", of: .seldom)
    },
    Row(
      9, "by the evidence of another property", by: .keyHolder, .refusedAs(["TREE_SHAPE", "BOUND_NOT_MET"])
    ) {
      $0.image[try $0.base.evidencePath(of: "Open")] = nil
      try $0.set(verdict: "proved", of: .open)
      try $0.set("evidence", of: .open, $0.value("evidence", of: .neverUnsafe))
      try $0.set("chunks", of: .open, $0.value("chunks", of: .neverUnsafe))
    },
    Row(9, "by the answer to no question", by: .keyHolder, .refused("EVIDENCE_MISSING")) {
      $0.image[try $0.base.evidencePath(of: "Open")] = nil
      try $0.set("evidence", of: .open, $0.value("evidence", of: .seldom))
    },
    Row(
      9, "another verdict", by: .keyHolder, .refused("VERDICT_MISMATCH"),
      each: [("refuted", PipelineProperty.neverUnsafe), ("unknown", .neverUnsafe), ("unknown", .neverBright)]
    ) { try $0.set(verdict: $1.0, of: $1.1) },
    Row(
      9, "with boxes of which nothing is claimed", .unsat, by: .keyHolder, .refused("VERDICT_MISMATCH"),
      each: [0, 1]
    ) {
      attempt, first in
      try attempt.changeTrees(of: "claim.vnnlib") { trees in
        trees.indices.map { $0 < first ? trees[$0] : trees[$0].with(nodes: [0x8F]) }
      }
    },
    Row(9, "a refutation called a proof", by: .keyHolder, .refused("VERDICT_MISMATCH")) {
      try $0.set(verdict: "proved", of: .neverBright)
    },
    Row(9, "in the payload", by: .anybody, .refused("SIGNATURE")) {
      try $0.set(verdict: "proved", of: .open)
      try $0.keepSignatures()
    },
  ]

  static let numbers: [Row] = [
    Row(
      16, "a bound that is no number", by: .keyHolder, .refused("NONFINITE"),
      each: ["nan", "inf", "-inf", "-0x0p+0"]
    ) { try $0.set("bounds", of: .rarely, ["lower": .string($1)]) },
    Row(16, "crossed bounds", by: .keyHolder, .refused("NONFINITE")) {
      try $0.set("bounds", of: .rarely, ["lower": "0x1p-1", "upper": "0x1p-2"])
    },
    Row(16, "a coefficient that is no number", by: .keyHolder, .refused("NONFINITE")) {
      try $0.set("samplers/0/coefficients/0/0", "nan")
    },
    Row(
      16, "another spelling", by: .keyHolder, .refused("NUMBER"),
      each: ["0.5", "0x1.0p-1", "0x1p-01", "0x.8p+0", "0X1p-1", "+0x1p-1", "0x1p-1075"]
    ) { try $0.set("bounds", of: .rarely, ["lower": .string($1)]) },
    Row(
      20, "steps", by: .keyHolder, .refused("SAMPLER_DIGEST"),
      each: [
        ("steps", 5), ("prediction", "eps"), ("kind", "ddpm"), ("schedule/eta", "1"), ("timesteps/0", 998),
        ("noise", "normal"), ("noise", nil), ("scheduleDigest", nil),
        ("scheduleDigest", .string(ContentDigest(of: []).hex)),
      ]
        as [(String, JSONValue?)]
    ) { try $0.set("samplers/0/" + $1.0, $1.1) },
    Row(20, "steps", by: .anybody, .refused("SIGNATURE")) {
      try $0.set("samplers/0/steps", 5)
      try $0.keepSignatures()
    },
    Row(20, "a coefficient by one unit in the last place", by: .keyHolder, .refused("SAMPLER_DIGEST")) {
      let path = "samplers/0/coefficients/0/0"
      let text = $0.statement.value(at: "predicate/" + path)?.stringValue ?? ""
      let next = PropertyBounds(lower: Double(text)?.nextUp, upper: nil)
      try $0.set(path, next?.json.value(at: "lower"))
    },
    Row(20, "none", by: .keyHolder, .refused("SAMPLER_DIGEST")) { try $0.set("samplers", []) },
    Row(20, "in the specification", by: .keyHolder, .refused("SAMPLER_DIGEST")) {
      try $0.replace("beta_end: 0.02", "beta_end: 0.03")
    },
    Row(
      20, "in the specification, with its records", by: .keyHolder,
      .refusedAs(["BOUND_NOT_MET", "SEED_RULE", "VERDICT_MISMATCH", "WITNESS_INVALID"])
    ) {
      try $0.replace("beta_end: 0.02", "beta_end: 0.04")
      try $0.derive()
    },
  ]

  // MARK: The format

  static let format: [Row] = [
    Row(23, "of provenance", by: .keyHolder, .refused("PREDICATE_TYPE")) {
      try $0.statement.set("predicateType", "https://slsa.dev/provenance/v1")
    },
    Row(23, "of a receipt", by: .keyHolder, .refused("PREDICATE_TYPE")) {
      try $0.statement.set("predicateType", "https://dspec.dev/replay-receipt/v1")
    },
    Row(23, "of the next version", by: .keyHolder, .refused("PREDICATE_TYPE")) {
      try $0.statement.set("predicateType", "https://dspec.dev/compliance-certificate/v2")
    },
    Row(23, "a statement of another type", by: .keyHolder, .refused("STATEMENT_TYPE")) {
      try $0.statement.set("_type", "https://in-toto.io/Statement/v0.1")
    },
    Row(
      24, "of the schema", by: .keyHolder, .refused("VERSION"), each: ["0.9.0", "1.0.1", "1.0"]
    ) { try $0.set("schemaVersion", .string($1)) },
    Row(24, "of the checker", by: .keyHolder, .refused("VERSION")) { try $0.set("minimumChecker", "9.0.0") },
    Row(25, "a name", by: .keyHolder, .refused("CRITICAL")) { try $0.set("critical", ["quantum"]) },
    Row(25, "a name that is an extension", by: .keyHolder, .refused("CRITICAL")) {
      try $0.set("extensions", ["quantum": 1])
      try $0.set("critical", ["quantum"])
    },
    Row(
      26, "anywhere", by: .keyHolder, .refused("UNKNOWN_FIELD"),
      each: [
        "verified", "tool/digest", "issuer/role", "spec/owner", "models/0/mode", "datasets/0/mode",
        "samplers/0/eta", "model/layers", "mappings/0/status", "oracles/0/trust",
        "properties/0/bounds/middle", "arithmetic/tf64", "assumptions/0/by", "properties/0/confidence",
        "properties/0/evidence/0/kind",
      ]
    ) { try $0.set($1, "x") },
    Row(26, "at the top", by: .keyHolder, .refused("UNKNOWN_FIELD")) { try $0.statement.set("valid", true) },
    Row(
      27, "in the payload", by: .keyHolder, .refused("JSON_DUPLICATE_KEY"),
      each: [
        ("\"critical\":[]", "\"critical\":[],\"critical\":[]"),
        ("\"verdict\":\"unknown\"", "\"verdict\":\"unknown\",\"verdict\":\"proved\""),
        ("\"verdict\":\"unknown\"", "\"verdict\":\"unknown\",\"v\\u0065rdict\":\"proved\""),
        ("\"_type\":", "\"_type\":\"x\",\"_type\":"),
      ]
    ) { try $0.spell($1.0, $1.1) },
    Row(
      27, "in the envelope", by: .anybody, .refused("JSON_DUPLICATE_KEY"),
      each: [
        ("\"payloadType\":", "\"payloadType\":\"x\",\"payloadType\":"),
        ("\"payloadType\":", "\"pay\\u006coadType\":\"x\",\"payloadType\":"),
        ("\"keyid\":", "\"sig\":\"\",\"keyid\":"),
        ("{", "{\"a\":{\"b\":1,\"b\":2},"),
      ]
    ) { $0.spellEnvelope($1.0, $1.1) },
    Row(28, "a byte-order mark before the envelope", by: .anybody, .refused("JSON_BOM")) {
      $0.image[BundleImage.certificate] = [0xEF, 0xBB, 0xBF] + ($0.image[BundleImage.certificate] ?? [])
    },
    Row(28, "a byte-order mark before the payload", by: .keyHolder, .refused("JSON_BOM")) {
      try $0.spell("{", "\u{FEFF}{")
    },
    Row(28, "bad UTF-8 in the envelope", by: .anybody, .refused("JSON_NOT_UTF8")) {
      try $0.replace(Array("keyid".utf8), [0xC0, 0x80], in: BundleImage.certificate)
    },
    Row(28, "bad UTF-8 in the payload", by: .keyHolder, .refused("JSON_NOT_UTF8")) {
      try $0.spell("critical", "critical")
      var payload = $0.payload ?? []
      payload[payload.count / 2] = 0xFF
      $0.payload = payload
    },
    Row(28, "half a pair in the envelope", by: .anybody, .refused("JSON_SURROGATE")) {
      $0.spellEnvelope("{", "{\"a\":\"\\ud800\",")
    },
    Row(28, "half a pair in the payload", by: .keyHolder, .refused("JSON_SURROGATE")) {
      try $0.spell("\"critical\":[]", "\"critical\":[\"\\udc00\"]")
    },
    Row(28, "ten thousand levels in the envelope", by: .anybody, .refused("JSON_DEPTH")) {
      $0.spellEnvelope("{", "{\"a\":" + deep + ",")
    },
    Row(28, "ten thousand levels in the payload", by: .keyHolder, .refused("JSON_DEPTH")) {
      try $0.spell("\"extensions\":{}", "\"extensions\":{\"a\":" + deep + "}")
    },
    Row(
      29, "another spelling of the same", by: .keyHolder, .refused("NONCANONICAL"),
      each: [
        ("\"critical\":[]", "\"critical\": []"), ("{", " {"), ("\"critical\"", "\"cr\\u0069tical\""),
        (
          "\"checker\":\"f64-a-priori\",\"claim\":\"mixed\"",
          "\"claim\":\"mixed\",\"checker\":\"f64-a-priori\""
        ),
      ]
    ) { try $0.spell($1.0, $1.1) },
    Row(29, "a line end", by: .keyHolder, .refused("NONCANONICAL")) {
      $0.payload = try $0.statement.canonicalBytes() + [10]
    },
  ]

  private static let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
}

extension Attempt {
  /// Computes everything anew but the signatures, which nobody without the key can make.
  mutating func keepSignatures() throws {
    image = try signer.sealed(image, statement)
    let old = base.image.envelope?["signatures"]
    try changeEnvelope { $0["signatures"] = old }
  }

  /// Leaves a property and its evidence out.
  mutating func drop(_ property: PipelineProperty) throws {
    image[try base.evidencePath(of: property.rawValue)] = nil
    try set("properties/\(base.index(of: property.rawValue))", nil)
  }
}
