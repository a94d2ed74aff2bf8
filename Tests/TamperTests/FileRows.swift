import Certificates
import Foundation
import Tampering

/// Rows on models, specification and the folder: 1 to 6 and 30 to 33.
enum FileRows {
  private static let head = "models/models/head.onnx"
  private static let decoder = "models/models/decoder.onnx"
  private static let denoiser = "models/models/denoiser.onnx"
  private static let specification = "spec/safety.dspec"

  /// Float32 values as they stand in a model.
  private static func bytes(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  static let models: [Row] = [
    Row(1, "a bias changes its sign", by: .anybody, .refused("MODEL_DIGEST")) {
      try $0.replace(bytes(-2.5), bytes(2.5), in: head)
    },
    Row(1, "a bias changes its sign", by: .keyHolder, .refused("MODEL_DIGEST")) {
      try $0.replace(bytes(-2.5), bytes(2.5), in: head)
    },
    Row(1, "the specification names the new digest", by: .keyHolder, .refused("FORMULA_DIGEST")) {
      try $0.replace(bytes(-2.5), bytes(2.5), in: head)
      try $0.nameFilesInSpecification()
    },
    Row(1, "questions and records are those of the new model", by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.replace(bytes(-2.5), bytes(2.5), in: head)
      try $0.nameFilesInSpecification()
      try $0.derive()
    },
    Row(1, "one unit in the last place of a weight", by: .anybody, .refused("MODEL_DIGEST")) {
      try $0.replace(bytes(-2.5), bytes(Float(-2.5).nextUp), in: head)
    },
    Row(2, "another model of the same size", by: .anybody, .refused("MODEL_DIGEST")) {
      try $0.replace(bytes(1), bytes(2), in: head)
    },
    Row(2, "another model of the same size", by: .keyHolder, .refused("MODEL_DIGEST")) {
      try $0.replace(bytes(1), bytes(2), in: head)
    },
    Row(2, "another network", .unsat, by: .keyHolder, .refused("FORMULA_DIGEST")) {
      try $0.replace(doubleBytes(1), doubleBytes(2), in: "models/net.onnx")
    },
    Row(2, "another network, with its question", .unsat, by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.replace(doubleBytes(1), doubleBytes(2), in: "models/net.onnx")
      try $0.derive()
    },
    Row(
      2, "a network, while the dataset of its name stays", .namesakes, by: .keyHolder,
      .refused("MODEL_DIGEST")
    ) {
      try $0.replace(bytes(-2.5), bytes(2.5), in: head)
    },
    Row(1, "the second of two stated digests is false", .namesakes, by: .keyHolder, .refused("MODEL_DIGEST"))
    {
      let digest = ContentDigest(of: $0.image[head] ?? []).hex
      try $0.replace(Array(digest.utf8), Array(String(repeating: "0", count: 64).utf8), in: specification)
      try $0.derive()
    },
    Row(3, "decoder and denoiser", by: .anybody, .refused("MODEL_MANIFEST")) {
      ($0.image[decoder], $0.image[denoiser]) = ($0.image[denoiser], $0.image[decoder])
    },
    Row(3, "decoder and denoiser", by: .keyHolder, .refused("MODEL_DIGEST")) {
      ($0.image[decoder], $0.image[denoiser]) = ($0.image[denoiser], $0.image[decoder])
    },
    Row(4, "one too many", by: .anybody, .refused("MODEL_MANIFEST")) {
      $0.image["models/models/second.onnx"] = $0.image[head]
    },
    Row(4, "one too few", by: .anybody, .refused("MODEL_MANIFEST")) { $0.image[head] = nil },
    Row(4, "one too many, listed", by: .keyHolder, .refused("MODEL_DIGEST")) {
      $0.image["models/models/second.onnx"] = $0.image[head]
      var list = $0.statement.value(at: "predicate/models")?.arrayValue ?? []
      list.append(["name": "models/second.onnx", "sha256": "", "size": 0])
      try $0.set("models", .array(list))
    },
    Row(4, "one too few, not listed", by: .keyHolder, .refused("MODEL_DIGEST")) {
      $0.image[head] = nil
      try $0.set(
        "models",
        .array(
          ($0.statement.value(at: "predicate/models")?.arrayValue ?? []).filter {
            $0.value(at: "name") != "models/head.onnx"
          }))
    },
    Row(
      4, "an empty folder", by: .anybody, .refused("BUNDLE"),
      each: ["models/more", "spec/a/b", "data/data/records", "evidence/more"]
    ) { $0.image.entries[$1] = .folder },
    Row(4, "an empty folder for no files", .unsat, by: .anybody, .refused("BUNDLE")) {
      $0.image.entries["data"] = .folder
    },
    Row(4, "a second network, listed", .unsat, by: .keyHolder, .refused("MODEL_DIGEST")) {
      $0.image["models/second.onnx"] = [1]
      var list = $0.statement.value(at: "predicate/models")?.arrayValue ?? []
      list.append(["name": "second.onnx", "sha256": "", "size": 0])
      try $0.set("models", .array(list))
    },
    Row(4, "no model at all", .unsat, by: .keyHolder, .refused("MODEL_DIGEST")) {
      $0.image["models/net.onnx"] = nil
      try $0.set("models", [])
    },
    Row(4, "no record of the data", by: .keyHolder, .refused("MODEL_DIGEST")) {
      $0.image["data/data/records.idx3-ubyte"] = nil
      try $0.set("datasets", [])
    },
  ]

  static let specifications: [Row] = [
    Row(5, "a digit", by: .anybody, .refused("SPEC_DIGEST")) { try $0.replace("= 50%", "= 49%") },
    Row(5, "a digit", by: .keyHolder, .refused("FORMULA_DIGEST")) { try $0.replace("= 50%", "= 49%") },
    Row(5, "a digit, with its question", by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.replace("= 50%", "= 1%")
      try $0.derive()
    },
    Row(5, "a formula", .unsat, by: .keyHolder, .refused("FORMULA_DIGEST")) {
      try $0.replace(Array("2.6".utf8), Array("2.4".utf8), in: "spec/claim.vnnlib")
    },
    Row(5, "a formula, with its question", .unsat, by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.replace(Array("2.6".utf8), Array("2.4".utf8), in: "spec/claim.vnnlib")
      try $0.derive()
    },
    Row(5, "a larger box, with its question", .unsat, by: .keyHolder, .refused("COVERAGE")) {
      try $0.replace(Array("(<= X_0 2)".utf8), Array("(<= X_0 2.25)".utf8), in: "spec/claim.vnnlib")
      try $0.derive()
    },
    Row(5, "a question that the witness does not meet", .sat, by: .keyHolder, .refused("WITNESS_INVALID")) {
      try $0.replace(Array("2.25".utf8), Array("2.6".utf8), in: "spec/claim.vnnlib")
      try $0.derive()
    },
    Row(5, "a formula without declarations", .unsat, by: .keyHolder, .refused("SPEC_INVALID")) {
      $0.image["spec/claim.vnnlib"] = Array("(assert (>= Y_0 1))".utf8)
    },
    Row(5, "no grammar derives it", by: .keyHolder, .refused("SPEC_INVALID")) {
      try $0.replace("dist T:", "dist T;")
    },
    Row(6, "a letter of a comment", by: .anybody, .refused("SPEC_DIGEST")) {
      try $0.replace("// A tiny", "// A Tiny")
    },
    // Who signs again states the same of the same question.
    Row(6, "a letter of a comment", by: .keyHolder, .accepted) { try $0.replace("// A tiny", "// A Tiny") },
  ]

  static func doubleBytes(_ value: Double) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  // MARK: The folder

  /// Numerators of the 64ths at which files are cut.
  private static let places = Array(0..<64)

  static let folders: [Row] = [
    Row(30, "the envelope", by: .anybody, .refused("TRUNCATED"), each: places) {
      $0.cut(BundleImage.certificate, $1)
    },
    Row(30, "a manifest", by: .anybody, .refused("TRUNCATED"), each: places) {
      $0.cut("model.manifest.json", $1)
    },
    Row(30, "the other manifest", by: .anybody, .refused("TRUNCATED"), each: places) {
      $0.cut("spec.manifest.json", $1)
    },
    Row(30, "the specification", by: .anybody, .refused("TRUNCATED"), each: places) {
      $0.cut(specification, $1)
    },
    Row(30, "a model", by: .anybody, .refused("TRUNCATED"), each: places) { $0.cut(head, $1) },
    Row(30, "data", by: .anybody, .refused("TRUNCATED"), each: places) {
      $0.cut("data/data/records.idx3-ubyte", $1)
    },
    Row(30, "evidence", by: .anybody, .refused("TRUNCATED"), each: places) {
      try $0.cut($0.base.evidencePath(of: "NeverUnsafe"), $1)
    },
    Row(30, "trees", by: .keyHolder, .refused("TREE_SHAPE"), each: places) {
      try $0.cut($0.base.evidencePath(of: "NeverUnsafe"), $1)
    },
    Row(30, "a witness", by: .keyHolder, .refused("TREE_SHAPE"), each: places) {
      try $0.cut($0.base.evidencePath(of: "NeverBright"), $1)
    },
    Row(30, "samples", by: .keyHolder, .refused("TREE_SHAPE"), each: places) {
      try $0.cut($0.base.evidencePath(of: "Seldom"), $1)
    },
    Row(
      30, "a model", .unsat, by: .keyHolder, .refusedAs(["MODEL_DIGEST", "SPEC_INVALID", "FORMULA_DIGEST"]),
      each: places
    ) { $0.cut("models/net.onnx", $1) },
    Row(
      30, "a formula", .unsat, by: .keyHolder, .refusedAs(["SPEC_INVALID", "FORMULA_DIGEST"]), each: places
    ) { $0.cut("spec/claim.vnnlib", $1) },
    Row(
      31, "ten gigabytes that are not there", by: .anybody, .refused("SIZE"),
      each: [head, specification, BundleImage.certificate, "data/data/records.idx3-ubyte"]
    ) { $0.image.entries[$1] = .sparse(10 << 30) },
    Row(31, "evidence of ten gigabytes", by: .anybody, .refused("SIZE")) {
      $0.image.entries[try $0.base.evidencePath(of: "NeverUnsafe")] = .sparse(10 << 30)
    },
    Row(31, "a byte more", by: .anybody, .refused("SIZE"), each: [head, specification]) {
      $0.image[$1] = ($0.image[$1] ?? []) + [0]
    },
    Row(31, "a size that is not the file's", by: .keyHolder, .refused("SIZE")) {
      let bytes = $0.image[head] ?? []
      $0.image[head] = Array(bytes.dropLast())
      $0.image = try $0.finished(by: .keyHolder)
      $0.image[head] = bytes
      $0.isSealed = true
    },
    Row(31, "a declared size beyond all limits", by: .keyHolder, .refused("SIZE")) {
      $0.image[specification] = nil
      try $0.set("spec/sources/0/size", .integer(10 << 30))
    },
    Row(32, "an archive beside the files", by: .anybody, .refused("BUNDLE")) {
      $0.image["bomb.zip"] = bomb
    },
    Row(32, "an archive among the models", by: .anybody, .refused("MODEL_MANIFEST")) {
      $0.image["models/bomb.zip"] = bomb
    },
    Row(32, "an archive for a model", by: .keyHolder, .refused("MODEL_DIGEST")) { $0.image[head] = bomb },
    Row(32, "an archive for a network", .unsat, by: .keyHolder, .refusedAs(["MODEL_DIGEST", "SPEC_INVALID"]))
    {
      $0.image["models/net.onnx"] = bomb
    },
    Row(32, "an archive for the specification", by: .keyHolder, .refused("SPEC_INVALID")) {
      $0.image[specification] = bomb
    },
    Row(32, "an archive for evidence", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeBytes(of: "NeverUnsafe") { $0 = bomb }
    },
  ]

  /// The head of an archive whose one entry claims to inflate four kilobytes to four gigabytes.
  private static let bomb: [UInt8] =
    [
      0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0x10, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1,
      0, 0, 0, 0x61,
    ]
    + [UInt8](repeating: 0, count: 4096)

  static let paths: [Row] = [
    Row(
      33, "a name that no path may have", by: .keyHolder, .refused("PATH"),
      each: [
        "../head.onnx", "/etc/passwd", "models/../head.onnx", "models\\head.onnx", "models/he\u{0}ad.onnx",
        "C:head",
        "models//head.onnx", "./head.onnx", "he\u{202E}ad.onnx", "",
      ]
    ) { try $0.set("models/2/name", .string($1)) },
    Row(
      33, "names that some file systems take for one", by: .keyHolder, .refused("PATH"),
      each: [("models/A.onnx", "models/a.onnx"), ("models/\u{E9}", "models/e\u{301}"), ("m", "m/n")]
    ) {
      try $0.set("models/1/name", .string($1.0))
      try $0.set("models/2/name", .string($1.1))
    },
    Row(33, "a name of evidence that leads out", by: .keyHolder, .refused("PATH")) {
      try $0.set("evidence/0/name", of: .neverUnsafe, "../../evidence")
    },
    Row(33, "a name of the specification that leads out", by: .keyHolder, .refused("PATH")) {
      try $0.set("spec/name", "../safety.dspec")
    },
    Row(
      33, "a link for a file", by: .anybody, .refused("PATH"),
      each: [head, specification, BundleImage.certificate, "model.manifest.json"]
    ) { $0.image.entries[$1] = .link("/etc/hostname") },
    Row(33, "a link to the very bytes", by: .anybody, .refused("PATH")) {
      $0.beside["head.onnx"] = $0.image[head]
      $0.image.entries[head] = .link("../../../head.onnx")
    },
    Row(33, "a link for a folder", by: .anybody, .refused("PATH")) { attempt in
      for path in attempt.image.paths where path.hasPrefix("models/") { attempt.image[path] = nil }
      attempt.image.entries["models"] = .link("/etc")
    },
    Row(33, "a folder for a file", by: .anybody, .refused("MODEL_MANIFEST")) {
      $0.image.entries[head] = .folder
    },
  ]
}

extension Attempt {
  /// Keeps so many 64ths of a file.
  mutating func cut(_ path: String, _ part: Int) {
    let bytes = image[path] ?? []
    image[path] = Array(bytes.prefix(bytes.count * part / 64))
  }
}
