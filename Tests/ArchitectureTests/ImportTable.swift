/// Which modules a target may import, and which names of modules exist at all.
///
/// The arrows are the architecture: language, model and problem know no engine, engines are untrusted, and what
/// `dspec-replay` reaches is what a reviewer must read.
enum ImportTable {
  /// Interval arithmetic and exact numbers, which every target may import.
  static let everywhere = "RigorousArithmetic"

  /// Modules of this package that a target may import, besides `everywhere`.
  ///
  /// A target that is no key here is unknown.
  static let allowed: [String: Set<String>] = [
    // Language
    "Diagnostics": [],
    "DSpecSyntax": ["Diagnostics"],
    "DSpecSemantics": language.subtracting(["DSpecSemantics"]),

    // Model
    "TensorGraph": [],
    "ModelFormats": ["TensorGraph"],
    "DiffusionModels": ["TensorGraph"],

    // Problem
    "VerificationProblem": ["TensorGraph"],
    "Lowering": language.union(model).union(["VerificationProblem"]),
    "CProcessor": [],
    "WideKernels": [],
    "CellMasses": ["TensorGraph", "VerificationProblem"],
    "LeafRules": [
      "CProcessor", "CellMasses", "Evidence", "SampleLaw", "Statistics", "TensorGraph", "VerificationProblem",
      "WideKernels",
    ],

    // Engines
    "SMT": ["TensorGraph", "VerificationProblem"],
    "CZ3": [],
    "SpecAnalysis": [
      "DSpecSemantics", "Diagnostics", "SMT", "SampleLaw", "Statistics", "VerificationProblem",
    ],
    "Z3Solver": ["CZ3", "SMT", "TensorGraph", "VerificationProblem"],
    "COpenBLAS": [],
    "Inference": ["COpenBLAS", "TensorGraph"],
    "Falsification": ["Inference", "Statistics", "TensorGraph", "VerificationProblem"],
    "Sampling": ["Inference", "SampleLaw", "Statistics", "TensorGraph", "VerificationProblem"],
    "BranchAndBound": [
      "CellMasses", "Evidence", "Falsification", "LeafRules", "SMT", "Statistics", "TensorGraph",
      "VerificationProblem",
    ],

    // Trusted
    "RigorousArithmetic": [],
    "CMPFR": [],
    "SampleLaw": ["Statistics", "VerificationProblem"],
    "Statistics": [],
    "Evidence": ["TensorGraph", "VerificationProblem"],
    "ExactLeaves": ["CellMasses", "Evidence", "TensorGraph", "VerificationProblem"],
    "Certificates": ["Evidence"],
    "TimeStamping": ["Certificates"],
    "TransparencyLog": ["Certificates"],
    "CertificateAttestations": ["Certificates", "TimeStamping", "TransparencyLog"],
    "Replay": trusted.subtracting([
      "CertificateAttestations", "Replay", "TimeStamping", "TransparencyLog",
    ]),

    // Learning
    "Training": ["DiffusionModels", "Inference", "Statistics", "TensorGraph"],

    // Surfaces
    "CZlib": [],
    // A page says in words what a property claims, as `dspec doc` does.
    "Reports": trusted.union(["CZlib", "SpecDocuments"]),
    "SpecDocuments": ["DSpecSemantics"],
    "SpecLibrary": [],
    "LanguageServer": language,
    "dspec-lsp": language.union(["LanguageServer", "SpecLibrary"]),
    "Verifier": trusted.union(engines).union(["Reports", "SpecLibrary"]),
    "dspec": trusted.union(engines).union(["Reports", "SpecDocuments", "SpecLibrary", "Training", "Verifier"]
    ),
    "dspec-replay": trusted.union(["Reports"]),
  ]

  private static let language: Set<String> = ["DSpecSemantics", "DSpecSyntax", "Diagnostics"]
  private static let model: Set<String> = ["DiffusionModels", "ModelFormats", "TensorGraph"]
  private static let trusted: Set<String> = language.union(model).union([
    "CellMasses", "CertificateAttestations", "Certificates", "Evidence", "ExactLeaves", "LeafRules",
    "Lowering", "Replay",
    "SampleLaw",
    "Statistics", "TimeStamping", "TransparencyLog", "VerificationProblem", "WideKernels",
  ])

  /// Targets that search.
  ///
  /// A wrong answer of theirs must not reach the checker.
  static let engines: Set<String> = [
    "BranchAndBound", "Falsification", "Inference", "SMT", "Sampling", "SpecAnalysis", "Z3Solver",
  ]

  /// What nothing in the checker may import, directly or not.
  static let untrusted: Set<String> = engines.union(["COpenBLAS", "CZ3", "Training", "Verifier"])

  /// Targets from which no untrusted module may be reached.
  static let checkers = ["Replay", "dspec-replay"]

  /// Who may import a module that wraps a C library.
  ///
  /// `CMPFR` is the reference in tests and has no place in a tool.
  static let wrappers: [String: Set<String>] = [
    "CMPFR": [],
    "COpenBLAS": ["Inference"],
    "CProcessor": ["LeafRules"],
    "CZ3": ["Z3Solver"],
    "CZlib": ["Reports"],
  ]

  /// Modules of other packages, and who may import them.
  static let packages: [String: Set<String>] = [
    "ArgumentParser": ["CertificateAttestations", "dspec", "dspec-replay"],
    "Crypto": ["Certificates", "TimeStamping"],
    "CryptoExtras": ["Certificates", "TimeStamping"],
    "SwiftASN1": ["Certificates", "TimeStamping"],
    "SwiftProtobuf": ["ModelFormats"],
    "Logging": ["BranchAndBound", "Falsification", "Sampling", "Training", "Verifier", "dspec"],
  ]

  /// Modules of the toolchain that bring the C library, and with it `libm`.
  static let system: Set<String> = ["Darwin", "Foundation", "FoundationEssentials", "Glibc", "Musl"]

  /// Modules of the toolchain that every target may import.
  static let toolchain: Set<String> = ["Dispatch", "Synchronization"]

  /// Targets whose numbers a proof rests on.
  ///
  /// `exp` and `log` of `libm` have no stated error, so nothing that offers
  /// them is in reach here.
  static let withoutSystem: Set<String> = [
    "CellMasses", "DiffusionModels", "Evidence", "ExactLeaves", "LeafRules", "RigorousArithmetic",
    "Statistics",
    "TensorGraph",
    "VerificationProblem",
  ]

  /// Why an import is forbidden; nil where it is allowed.
  static func objection(to module: String, in target: String) -> String? {
    guard let allowed = allowed[target] else { return "the target `\(target)` has no row in `ImportTable`" }
    if let importers = wrappers[module], !importers.contains(target) {
      return importers.isEmpty
        ? "`\(module)` is for tests only" : "only \(importers.sorted().quotedList) may import `\(module)`"
    }
    if let importers = packages[module] {
      return importers.contains(target) ? nil : "only \(importers.sorted().quotedList) may import `\(module)`"
    }
    if system.contains(module) {
      return withoutSystem.contains(target) ? "`\(target)` must stay free of the C library" : nil
    }
    if toolchain.contains(module) { return nil }
    if module == target { return "a module cannot import itself" }
    if module == everywhere || allowed.contains(module) { return nil }
    return Self.allowed[module] == nil
      ? "`\(module)` is unknown to `ImportTable`"
      : "`\(target)` may import \(allowed.union([everywhere]).sorted().quotedList) of this package"
  }
}

extension [String] {
  /// The elements in backticks, separated by commas.
  var quotedList: String { map { "`\($0)`" }.joined(separator: ", ") }
}
