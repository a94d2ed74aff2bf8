import Certificates
import Tampering

/// Rows on what the format here has and the list does not: 48 to 53.
enum MoreRows {
  static let rows: [Row] = [
    Row(48, "all assumptions", by: .keyHolder, .refused("RECORD_MISMATCH")) { try $0.set("assumptions", []) },
    Row(48, "all assumptions", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("assumptions", [])
    },
    Row(48, "one of them", by: .keyHolder, .refused("RECORD_MISMATCH"), each: [0, 1, 2, 3, 4]) {
      try $0.set("assumptions/\($1)", nil)
    },
    Row(
      48, "one of them, called discharged", by: .keyHolder, .refused("RECORD_MISMATCH"),
      each: [0, 1, 2, 3, 4]
    ) {
      try $0.set("assumptions/\($1)/discharged", true)
    },
    Row(48, "a word of one", by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("assumptions/0/text", "the model files are the deployed ones")
    },
    Row(48, "all assumptions", by: .anybody, .refused("SIGNATURE")) {
      try $0.set("assumptions", [])
      try $0.keepSignatures()
    },
    Row(48, "a line of the scope", by: .keyHolder, .refused("RECORD_MISMATCH"), each: [0, 1, 2]) {
      try $0.set("scope/\($1)", nil)
    },
    Row(48, "a line of the scope", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH"), each: [0, 1, 2]) {
      try $0.set("scope/\($1)", nil)
    },
    Row(49, "the words", by: .keyHolder, .refused("FORMULA_DIGEST"), each: ["title", "text"]) {
      try $0.set($1, of: .neverUnsafe, "Everything is safe")
    },
    Row(49, "the words", .unsat, by: .keyHolder, .refused("FORMULA_DIGEST"), each: ["title", "text"]) {
      try $0.set("properties/0/" + $1, "Everything is safe")
    },
    Row(
      49, "the hazards", by: .keyHolder, .refused("FORMULA_DIGEST"),
      each: [[], ["Unsafe", "Fire"]] as [JSONValue]
    ) {
      try $0.set("hazards", of: .neverUnsafe, $1)
    },
    Row(49, "the grade asked for", by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("requestedGrade", of: .neverUnsafe, "attacked")
    },
    Row(49, "the grade asked for", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("properties/0/requestedGrade", "attacked")
    },
    Row(49, "the title", by: .anybody, .refused("SIGNATURE")) {
      try $0.set("title", of: .neverUnsafe, "Everything is safe")
      try $0.keepSignatures()
    },
    Row(50, "of a formula, called a specification", .unsat, by: .keyHolder, .refused("SPEC_INVALID")) {
      try $0.set("spec/language", nil)
    },
    Row(50, "of a specification, called a formula", by: .keyHolder, .refused("MODEL_DIGEST")) {
      try $0.set("spec/language", "vnnlib-1.0")
    },
    Row(50, "a parameter", by: .keyHolder, .refused("FORMULA_DIGEST")) {
      try $0.set("spec/parameters/tau", "3/10")
    },
    Row(50, "a parameter that is not declared", by: .keyHolder, .refused("SPEC_INVALID")) {
      try $0.set("spec/parameters/rho", "3/10")
    },
    Row(50, "a parameter of a formula", .unsat, by: .keyHolder, .refused("SPEC_INVALID")) {
      try $0.set("spec/parameters/eps", "1")
    },
    Row(50, "a parameter", by: .anybody, .refused("SIGNATURE")) {
      try $0.set("spec/parameters/tau", "3/10")
      try $0.keepSignatures()
    },
    Row(51, "in the details", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("properties/0/details/answer", "sat")
    },
    Row(51, "in the inputs of the witness", .sat, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("properties/0/details/inputs", "0 0")
    },
    Row(51, "as single precision", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("arithmetic/claim", "f32-any-order")
    },
    Row(51, "as bounds of nothing", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("properties/0/bounds", ["upper": "0x1p+0"])
    },
    Row(51, "as another grade", .unsat, by: .keyHolder, .refused("VERDICT_MISMATCH")) {
      try $0.set("properties/0/grade", "bound")
    },
    Row(
      51, "as another verdict", .unsat, by: .keyHolder, .refused("VERDICT_MISMATCH"),
      each: ["refuted", "unknown"]
    ) {
      try $0.set("properties/0/verdict", .string($1))
    },
    Row(51, "as leaves", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("properties/0/leaves", 1_000)
    },
    Row(
      52, "left out", by: .keyHolder, .refused("RECORD_MISMATCH"),
      each: [
        "model", "oracles", "mappings", "spec/languageVersion", "spec/canonicalAst", "model/dtypes",
        "mappings/0", "arithmetic/flushToZero", "arithmetic/tf32",
      ]
    ) { try $0.set($1, nil) },
    Row(52, "left out", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH"), each: ["model", "mappings"]) {
      try $0.set($1, nil)
    },
    Row(
      52, "others", by: .keyHolder, .refused("RECORD_MISMATCH"),
      each: [
        ("model/parameters", 1), ("model/dtypes", ["float16"]), ("oracles/0/name", "decoder"),
        ("oracles/0/file", "models/decoder.onnx"), ("spec/languageVersion", "1.1"),
        ("spec/canonicalAst", .string(ContentDigest(of: []).hex)), ("mappings/0/framework", "US law"),
        ("mappings/0/text", "evidence towards compliance"), ("mappings/0/properties", ["NeverUnsafe"]),
        ("mappings/0/properties/0", "Nothing"), ("arithmetic/flushToZero", true), ("arithmetic/tf32", true),
        ("arithmetic/claim", "real"), ("arithmetic/claim", "f16-weights"),
        ("arithmetic", ["checker": "f64-a-priori", "claim": "real"]),
        ("seedCheckpoint", SeedCheckpoint(of: [1]).json),
      ] as [(String, JSONValue)]
    ) { try $0.set($1.0, $1.1) },
    Row(
      52, "others", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH"),
      each: [
        ("model/parameters", 1), ("spec/languageVersion", "1.0"),
        ("spec/canonicalAst", .string(ContentDigest(of: []).hex)),
        ("oracles", [["file": "net.onnx", "name": "net"]]), ("mappings/0/reference", "Annex V"),
        ("arithmetic/tf32", false), ("properties/0/arithmetic", "f16-weights"),
        ("seedCheckpoint", SeedCheckpoint(of: [1]).json),
      ] as [(String, JSONValue)]
    ) { try $0.set($1.0, $1.1) },
    Row(52, "the root of the models", by: .keyHolder, .refused("MODEL_MANIFEST")) {
      let root = $0.statement.value(at: "predicate/model/omsRoot")?.stringValue ?? ""
      try $0.spell(root, ContentDigest(of: []).hex)
    },
    Row(52, "the arithmetic of a claim", by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("arithmetic", of: .neverUnsafe, "f32-any-order")
    },
    Row(52, "no arithmetic of a claim", by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("arithmetic", of: .computed, nil)
    },
    Row(
      52, "chunks of the trees", by: .keyHolder, .refused("RECORD_MISMATCH"),
      each: [("count", 7), ("root", .string(ContentDigest(of: []).hex))] as [(String, JSONValue)]
    ) { try $0.set("chunks/" + $1.0, of: .neverUnsafe, $1.1) },
    Row(52, "chunks of the trees", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("properties/0/chunks/root", .string(ContentDigest(of: []).hex))
    },
    Row(
      52, "chunks of no trees", by: .keyHolder, .refused("RECORD_MISMATCH"),
      each: [PipelineProperty.seldom, .neverBright]
    ) { try $0.set("chunks", of: $1, $0.value("chunks", of: .neverUnsafe)) },
    Row(52, "a claim of compliance", by: .keyHolder, .refused("FIELD_VALUE")) {
      try $0.set("mappings/0/text", "compliant with Annex IV")
    },
    // A certificate for older checkers leaves out what they did not know, and states nothing that is not so.
    Row(53, "nothing that came with 1.3.0", by: .keyHolder, .accepted) { try $0.makeOlder() },
    Row(53, "nothing that came with 1.3.0", .unsat, by: .keyHolder, .accepted) { try $0.makeOlder() },
    Row(53, "no chunks", by: .keyHolder, .accepted) { try $0.set("chunks", of: .neverUnsafe, nil) },
    Row(53, "an earlier certificate", by: .keyHolder, .accepted) {
      try $0.set("supersedes", [.string(ContentDigest(of: [1]).hex)])
    },
    Row(53, "something else for an older checker", by: .keyHolder, .refused("RECORD_MISMATCH")) {
      let model = $0.statement.value(at: "predicate/model")
      try $0.makeOlder()
      try $0.set("model", model)
      try $0.set("model/parameters", 1)
    },
    Row(51, "in the details", .unsat, by: .anybody, .refused("SIGNATURE")) {
      try $0.set("properties/0/details/answer", "sat")
      try $0.keepSignatures()
    },
  ]
}

extension Attempt {
  /// States what a certificate for checker 1.2.0 stated.
  mutating func makeOlder() throws {
    try set("minimumChecker", "1.2.0")
    for member in ["model", "oracles", "mappings", "spec/languageVersion", "spec/canonicalAst"] {
      try set(member, nil)
    }
    try set("arithmetic", ["checker": "f64-a-priori", "claim": "real"])
    for index in (statement.value(at: "predicate/samplers")?.arrayValue ?? []).indices {
      try set("samplers/\(index)/noise", nil)
      try set("samplers/\(index)/scheduleDigest", nil)
    }
    for index in (statement.value(at: "predicate/properties")?.arrayValue ?? []).indices {
      try set("properties/\(index)/arithmetic", nil)
      try set("properties/\(index)/sampling", nil)
      try set("properties/\(index)/chunks", nil)
    }
    let assumptions = statement.value(at: "predicate/assumptions")?.arrayValue ?? []
    try set(
      "assumptions",
      .array(assumptions.filter { ![.string("A4"), .string("A5")].contains($0.value(at: "id") ?? .null) }))
  }
}
