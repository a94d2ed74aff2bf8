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

let package = Package(
  name: "dspec",
  targets: [
    .target(name: "RigorousArithmetic", swiftSettings: kernelSettings, linkerSettings: [.linkedLibrary("m")]),
    .target(name: "TensorGraph", dependencies: ["RigorousArithmetic"], swiftSettings: settings),
    .target(name: "VerificationProblem", dependencies: ["TensorGraph", "RigorousArithmetic"], swiftSettings: settings),
    .target(name: "LeafRules", dependencies: ["VerificationProblem", "TensorGraph", "RigorousArithmetic"], swiftSettings: kernelSettings),
    .target(name: "Evidence", dependencies: ["TensorGraph"], swiftSettings: settings),
    .target(name: "BranchAndBound", dependencies: ["LeafRules", "Evidence", "VerificationProblem", "TensorGraph", "RigorousArithmetic"], swiftSettings: settings),
    .executableTarget(name: "Benchmarks", dependencies: ["BranchAndBound", "LeafRules", "VerificationProblem", "TensorGraph", "RigorousArithmetic"], path: "Tests/Benchmarks", swiftSettings: settings),
    .testTarget(name: "LeafRulesTests", dependencies: ["LeafRules", "VerificationProblem", "TensorGraph", "RigorousArithmetic"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
