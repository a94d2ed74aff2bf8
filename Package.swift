// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// Fused multiply-add and 256-bit vectors for the numerical kernels. Results do not depend on it: every fused
// operation is written as one.
#if arch(x86_64)
let kernelSettings: [SwiftSetting] =
  settings + [.unsafeFlags(["-Xcc", "-march=x86-64-v3", "-enforce-exclusivity=unchecked"])]
// 512-bit vectors, for the one target that is called only where the processor has them.
let wideSettings: [SwiftSetting] =
  settings + [.unsafeFlags(["-Xcc", "-march=x86-64-v4", "-enforce-exclusivity=unchecked"])]
#else
let kernelSettings: [SwiftSetting] = settings
let wideSettings: [SwiftSetting] = settings
#endif

func target(_ name: String, _ dependencies: [Target.Dependency] = [], kernels: Bool = false) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: kernels ? kernelSettings : settings,
    linkerSettings: name == "RigorousArithmetic" ? [.linkedLibrary("m")] : [])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

/// Graphs and the question asked of them.
let problem: [Target.Dependency] = ["RigorousArithmetic", "TensorGraph", "VerificationProblem"]

let package = Package(
  name: "dspec",
  products: [
    .executable(name: "dspec", targets: ["dspec"]),
    .executable(name: "dspec-replay", targets: ["dspec-replay"]),
    .executable(name: "dspec-lsp", targets: ["dspec-lsp"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // MARK: Language
    target("Diagnostics"),
    target("DSpecSyntax", ["Diagnostics"]),
    target("DSpecSemantics", ["DSpecSyntax", "Diagnostics", "RigorousArithmetic"]),

    // MARK: Model
    target("TensorGraph", ["RigorousArithmetic"]),
    .target(
      name: "ModelFormats", dependencies: ["TensorGraph", "RigorousArithmetic", protobuf],
      exclude: ["Schema/onnx-subset.proto"], swiftSettings: settings),
    target("DiffusionModels", ["TensorGraph", "RigorousArithmetic"]),

    // MARK: Problem
    target("VerificationProblem", ["TensorGraph", "RigorousArithmetic"]),
    target("Lowering", problem + ["Diagnostics", "DSpecSemantics", "DiffusionModels", "ModelFormats"]),
    .systemLibrary(name: "CProcessor"),
    .target(name: "WideKernels", swiftSettings: wideSettings),
    target("CellMasses", problem, kernels: true),
    target(
      "LeafRules", problem + ["CProcessor", "CellMasses", "Evidence", "SampleLaw", "WideKernels"],
      kernels: true),

    // MARK: Engines
    target("BranchAndBound", problem + ["CellMasses", "LeafRules", "Evidence"]),
    target("SMT", problem),
    .systemLibrary(name: "CZ3", pkgConfig: "z3", providers: [.apt(["libz3-dev"])]),
    target("Z3Solver", ["SMT", "CZ3", "RigorousArithmetic"]),
    target(
      "SpecAnalysis",
      [
        "DSpecSemantics", "Diagnostics", "RigorousArithmetic", "SMT", "SampleLaw", "Statistics",
        "VerificationProblem",
      ]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    target("Inference", ["TensorGraph", "RigorousArithmetic", "COpenBLAS"]),
    target("Falsification", problem + ["Inference", "Statistics"]),
    target("Sampling", problem + ["SampleLaw", "Inference", "Statistics"]),

    // MARK: Trusted
    target("RigorousArithmetic", kernels: true),
    target("Statistics", ["RigorousArithmetic"]),
    target("SampleLaw", problem + ["Statistics"]),
    target("Evidence", ["TensorGraph", "VerificationProblem"]),
    target("ExactLeaves", problem + ["CellMasses", "Evidence"], kernels: true),
    target("Certificates", [asn1, crypto, cryptoExtras]),
    target("TimeStamping", ["Certificates", asn1, crypto, cryptoExtras]),
    target("TransparencyLog", ["Certificates"]),
    target(
      "CertificateAttestations", ["Certificates", "TimeStamping", "TransparencyLog", argumentParser]),
    target(
      "Replay",
      problem + [
        "Certificates", "DSpecSemantics", "DSpecSyntax", "Diagnostics", "DiffusionModels", "Evidence",
        "ExactLeaves",
        "CellMasses", "LeafRules", "Lowering", "ModelFormats",
        "SampleLaw", "Statistics",
      ]),

    // MARK: Learning
    target("Training", ["Inference", "DiffusionModels", "TensorGraph", "RigorousArithmetic"]),

    // MARK: Surfaces
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    target(
      "Reports",
      problem + [
        "CZlib", "CellMasses", "Certificates", "DSpecSemantics", "Diagnostics", "Evidence", "LeafRules",
        "Lowering",
        "Replay",
        "SampleLaw", "SpecDocuments",
      ]),
    target("SpecLibrary"),
    target("LanguageServer", ["DSpecSemantics", "DSpecSyntax", "Diagnostics", "RigorousArithmetic"]),
    .executableTarget(
      name: "dspec-lsp", dependencies: ["DSpecSyntax", "Diagnostics", "LanguageServer", "SpecLibrary"],
      swiftSettings: settings),
    target("SpecDocuments", ["DSpecSemantics", "RigorousArithmetic"]),
    target(
      "Verifier",
      problem + [
        "BranchAndBound", "Certificates", "DSpecSemantics", "Diagnostics", "Evidence", "Falsification",
        "LeafRules",
        "Lowering", "ModelFormats", "Replay", "Reports", "SampleLaw", "Sampling", "SMT",
        "SpecLibrary", "Statistics", "Z3Solver",
      ]),
    .executableTarget(
      name: "dspec",
      dependencies: problem + [
        "BranchAndBound", "CertificateAttestations", "Certificates", "DSpecSemantics", "DSpecSyntax",
        "Diagnostics", "Inference",
        "Lowering",
        "ModelFormats",
        "Replay", "Reports", "SMT", "SpecAnalysis", "SpecDocuments", "SpecLibrary", "TimeStamping",
        "Training", "TransparencyLog", "Verifier", "Z3Solver",
        argumentParser,
      ], swiftSettings: settings),
    .executableTarget(
      name: "dspec-replay",
      dependencies: [
        "CertificateAttestations", "Certificates", "Replay", "RigorousArithmetic", argumentParser,
      ],
      swiftSettings: settings),

    // MARK: Tests
    .executableTarget(
      name: "Benchmarks",
      dependencies: problem + [
        "BranchAndBound", "Certificates", "DSpecSemantics", "DSpecSyntax", "Diagnostics", "Evidence",
        "LeafRules",
        "LanguageServer", "Lowering", "Replay", "Verifier",
      ], path: "Tests/Benchmarks", swiftSettings: settings),
    .target(name: "BuiltPrograms", path: "Tests/BuiltPrograms", swiftSettings: settings),
    .target(name: "SeededDraws", path: "Tests/SeededDraws", swiftSettings: settings),
    .target(
      name: "SMTDraws", dependencies: ["RigorousArithmetic", "SMT", "SeededDraws", "TensorGraph"],
      path: "Tests/SMTDraws", swiftSettings: settings),
    .executableTarget(
      name: "Fuzz", dependencies: ["DSpecSemantics", "DSpecSyntax", "Diagnostics", "SeededDraws"],
      path: "Tests/Fuzz",
      swiftSettings: settings),
    .target(
      name: "Tampering",
      dependencies: problem + [
        "BranchAndBound", "Certificates", "DSpecSemantics", "Evidence", "LeafRules", "Lowering",
        "ModelFormats",
        "Replay", "Verifier",
      ], path: "Tests/Tampering", swiftSettings: settings),
    .executableTarget(
      name: "FuzzBundles",
      dependencies: problem + [
        "Certificates", "DSpecSemantics", "Evidence", "Lowering", "Replay", "SampleLaw", "SeededDraws",
        "Tampering",
      ], path: "Tests/FuzzBundles", swiftSettings: settings),
    .systemLibrary(name: "CMPFR", pkgConfig: "mpfr", providers: [.apt(["libmpfr-dev"])]),
    tests(
      "Architecture", problem + ["Evidence", "Inference", "LeafRules", "ModelFormats", "SMT"]),
    tests("Certificates", ["Certificates", "SeededDraws", crypto]),
    tests("CommandLine", ["BuiltPrograms", "Certificates"]),
    tests(
      "Conformance",
      problem + [
        "BranchAndBound", "Certificates", "DSpecSemantics", "DSpecSyntax", "Diagnostics", "DiffusionModels",
        "Lowering", "ModelFormats", "Replay", "SMT", "SpecAnalysis", "Verifier", "Z3Solver",
      ]),
    tests(
      "DSpecSemantics", ["DSpecSemantics", "DSpecSyntax", "Diagnostics", "RigorousArithmetic", "SeededDraws"]),
    tests("DSpecSyntax", ["DSpecSyntax", "Diagnostics", "SeededDraws"]),
    tests("Diagnostics", ["Diagnostics", "SeededDraws"]),
    tests("DiffusionModels", ["DiffusionModels", "RigorousArithmetic", "SeededDraws", "TensorGraph"]),
    tests("ExactLeaves", problem + ["CellMasses", "Evidence", "ExactLeaves", "LeafRules", "SeededDraws"]),
    tests("Falsification", problem + ["Falsification", "Statistics"]),
    tests("Inference", ["Inference", "TensorGraph", "RigorousArithmetic"]),
    tests(
      "LanguageServer", ["DSpecSemantics", "DSpecSyntax", "Diagnostics", "LanguageServer", "SeededDraws"]),
    tests(
      "LeafRules",
      problem + [
        "CMPFR", "CProcessor", "CellMasses", "Evidence", "ExactLeaves", "LeafRules", "SampleLaw",
        "SeededDraws",
        "WideKernels",
      ]),
    tests("Lowering", problem + ["Lowering"]),
    tests("ModelFormats", problem + ["ModelFormats", "SeededDraws", protobuf]),
    tests(
      "Replay",
      problem + [
        "CellMasses", "Certificates", "DSpecSemantics", "DiffusionModels", "Evidence", "ExactLeaves",
        "LeafRules",
        "Lowering", "Replay", "SampleLaw", "Tampering", "Verifier",
      ]),
    tests(
      "Reports",
      problem + [
        "BranchAndBound", "BuiltPrograms", "CZlib", "Certificates", "DSpecSemantics", "Diagnostics",
        "Evidence",
        "LeafRules",
        "Lowering", "Replay",
        "Reports", "Tampering", "Verifier",
      ]),
    tests("RigorousArithmetic", ["CMPFR", "RigorousArithmetic", "SeededDraws"]),
    tests("SMT", problem + ["SMT", "SMTDraws", "SeededDraws"]),
    tests("SampleLaw", problem + ["SampleLaw", "Statistics"]),
    tests("Sampling", problem + ["Sampling", "SampleLaw", "Statistics"]),
    tests(
      "SpecAnalysis",
      ["DSpecSemantics", "Diagnostics", "RigorousArithmetic", "SMT", "SpecAnalysis", "Z3Solver"]),
    tests(
      "SpecDocuments",
      ["DSpecSemantics", "DSpecSyntax", "Diagnostics", "SpecDocuments", "SpecLibrary", "Verifier"]),
    tests("Statistics", ["Statistics", "RigorousArithmetic"]),
    tests(
      "Tamper",
      problem + [
        "BuiltPrograms", "Certificates", "Evidence", "LeafRules", "ModelFormats", "Replay", "Tampering",
        "Verifier", crypto,
      ]),
    tests(
      "TimeStamping",
      ["CertificateAttestations", "Certificates", "TimeStamping", "TransparencyLog", argumentParser]),
    tests("Training", ["Training", "TensorGraph"]),
    tests("TransparencyLog", ["Certificates", "SeededDraws", "TransparencyLog"]),
    tests(
      "Verifier",
      problem + [
        "BranchAndBound", "Certificates", "DSpecSemantics", "Evidence", "Falsification", "Inference",
        "LeafRules",
        "Lowering", "ModelFormats", "Replay", "SMT", "SampleLaw", "SeededDraws", "Tampering", "Verifier",
        "Z3Solver",
      ]),
    tests("Z3Solver", problem + ["SMT", "SMTDraws", "SeededDraws", "Z3Solver"]),
  ],
  swiftLanguageModes: [.v6]
)
