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
let kernelSettings: [SwiftSetting] = settings + [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]
#else
let kernelSettings: [SwiftSetting] = settings
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
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

let package = Package(
  name: "dspec",
  products: [
    .executable(name: "dspec", targets: ["dspec"]),
    .executable(name: "dspec-replay", targets: ["dspec-replay"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
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
    target(
      "Lowering",
      [
        "Diagnostics", "DSpecSemantics", "DiffusionModels", "ModelFormats", "RigorousArithmetic", "TensorGraph",
        "VerificationProblem",
      ]),
    target("LeafRules", ["Statistics", "VerificationProblem", "TensorGraph", "RigorousArithmetic"], kernels: true),

    // MARK: Engines
    target("BranchAndBound", ["LeafRules", "Evidence", "VerificationProblem", "TensorGraph", "RigorousArithmetic"]),

    target("SMT", ["VerificationProblem", "TensorGraph", "RigorousArithmetic"]),
    .systemLibrary(name: "CZ3", pkgConfig: "z3", providers: [.apt(["libz3-dev"])]),
    target("Z3Solver", ["SMT", "CZ3", "RigorousArithmetic"]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    target("Inference", ["TensorGraph", "RigorousArithmetic", "COpenBLAS"]),
    target("Falsification", ["Inference", "Statistics", "VerificationProblem", "TensorGraph", "RigorousArithmetic"]),

    // MARK: Trusted
    target("RigorousArithmetic", kernels: true),
    target("Evidence", ["TensorGraph"]),
    target("Statistics", ["RigorousArithmetic"]),
    target("Certificates", [.product(name: "Crypto", package: "swift-crypto")]),
    target("Replay", ["Certificates", "Statistics", "DiffusionModels", "DSpecSemantics", "Diagnostics","Evidence", "LeafRules", "Lowering", "VerificationProblem", "TensorGraph", "RigorousArithmetic"]),

    // MARK: Learning
    target("Training", ["Inference", "DiffusionModels", "ModelFormats", "TensorGraph", "RigorousArithmetic"]),

    // MARK: Surfaces
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    target("Reports", ["CZlib"]),
    target(
      "Verifier",
      [
        "BranchAndBound", "Certificates", "DSpecSemantics", "Diagnostics", "Evidence", "Falsification", "LeafRules",
        "Lowering", "ModelFormats", "Replay", "Reports", "RigorousArithmetic", "SMT", "Statistics", "TensorGraph",
        "VerificationProblem", "Z3Solver",
      ]),
    .executableTarget(
      name: "dspec",
      dependencies: [
        "BranchAndBound", "Certificates", "DSpecSemantics", "Diagnostics", "Lowering", "Replay", "RigorousArithmetic",
        "Training", "Verifier", argumentParser,
      ], swiftSettings: settings),
    .executableTarget(
      name: "dspec-replay", dependencies: ["Certificates", "Replay", "RigorousArithmetic", argumentParser], swiftSettings: settings),

    .executableTarget(
      name: "Benchmarks",
      dependencies: ["BranchAndBound", "LeafRules", "VerificationProblem", "TensorGraph", "RigorousArithmetic"],
      path: "Tests/Benchmarks", swiftSettings: settings),
    tests("LeafRules", ["LeafRules", "VerificationProblem", "TensorGraph", "RigorousArithmetic"]),
  ],
  swiftLanguageModes: [.v6]
)
