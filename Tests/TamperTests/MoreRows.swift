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
      try $0.alignMappings()
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
    Row(53, "an older checker demanded", by: .keyHolder, .refused("VERSION")) {
      try $0.set("minimumChecker", "1.2.0")
    },
    Row(53, "no chunks", by: .keyHolder, .accepted) { try $0.set("chunks", of: .neverUnsafe, nil) },
    Row(53, "an earlier certificate", by: .keyHolder, .accepted) {
      try $0.set("supersedes", [.string(ContentDigest(of: [1]).hex)])
    },
    // An issuer may assume more than is standing, and may not call anything shown that nothing shows.
    Row(53, "an assumption more", by: .keyHolder, .accepted) { try $0.assume("A6", isDischarged: false) },
    Row(53, "an assumption called discharged", by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.assume("A6", isDischarged: true)
    },
    Row(
      53, "an assumption that he may not add", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH"),
      each: [("A6", true), ("A3", false), ("A5", false)]
    ) { try $0.assume($1.0, isDischarged: $1.1) },
    Row(53, "a scope line more", by: .keyHolder, .refused("RECORD_MISMATCH")) { try $0.claimScope() },
    Row(53, "a scope line more", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH")) { try $0.claimScope() },
    Row(51, "in the details", .unsat, by: .anybody, .refused("SIGNATURE")) {
      try $0.set("properties/0/details/answer", "sat")
      try $0.keepSignatures()
    },
  ]
}

extension Attempt {
  /// Adds an assumption that nothing asks for.
  mutating func assume(_ id: String, isDischarged: Bool) throws {
    let stated = statement.value(at: "predicate/assumptions")?.arrayValue ?? []
    try set(
      "assumptions",
      .array(
        stated + [["discharged": .bool(isDischarged), "id": .string(id), "text": "prompts are English"]]))
  }

  /// Adds a line of scope that nothing shows.
  mutating func claimScope() throws {
    let stated = statement.value(at: "predicate/scope")?.arrayValue ?? []
    try set("scope", .array(stated + ["everything holds in float16 too"]))
  }
}
