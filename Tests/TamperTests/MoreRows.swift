import Certificates
import Tampering

/// Rows on what the format here has and the list does not: 48 to 51.
enum MoreRows {
  static let rows: [Row] = [
    Row(48, "all assumptions", by: .keyHolder, .refused("RECORD_MISMATCH")) { try $0.set("assumptions", []) },
    Row(48, "all assumptions", .unsat, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("assumptions", [])
    },
    Row(48, "one of them", by: .keyHolder, .refused("RECORD_MISMATCH"), each: [0, 1, 2]) {
      try $0.set("assumptions/\($1)", nil)
    },
    Row(48, "one of them, called discharged", by: .keyHolder, .refused("RECORD_MISMATCH"), each: [0, 1, 2]) {
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
    Row(51, "in the details", .unsat, by: .anybody, .refused("SIGNATURE")) {
      try $0.set("properties/0/details/answer", "sat")
      try $0.keepSignatures()
    },
  ]
}
