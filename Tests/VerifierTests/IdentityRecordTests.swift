import BranchAndBound
import Certificates
import DSpecSemantics
import Diagnostics
import Evidence
import Foundation
import Lowering
import ModelFormats
import Replay
import Testing
import Verifier

/// What a certificate states besides its answers follows from its files, and replay derives it again.
@Suite struct IdentityRecordTests {
  private static let sampled = """
    property Seldom {
      claim: P[z ~ PZ, c ~ T: unsafe(G(z, c)) > 30%] <= 5%
      evidence: sampled(n: 500, confidence: 99%)
    }
    property Often {
      claim: P[z ~ PZ, c ~ T: unsafe(G(z, c)) < 30%] >= 90%
      evidence: sampled(n: 500, confidence: 99%)
    }

    """

  private func project(_ text: String = sampled, replacing: [(String, String)] = []) throws -> SmallProject {
    try SmallProject { files in
      var specification = String(decoding: files[0].bytes, as: UTF8.self) + text
      for (old, new) in replacing { specification = specification.replacingOccurrences(of: old, with: new) }
      files[0].bytes = Array(specification.utf8)
    }
  }

  private func outcomes(_ small: SmallProject, seed: SeedCheckpoint? = nil) async throws -> [PropertyOutcome]
  {
    let lowering = SpecLowering(small.project.spec, small.library)
    var outcomes: [PropertyOutcome] = []
    for property in small.project.spec.properties {
      let run = PropertyRun(budget: SearchBudget(nodes: 20_000, workers: 1), seedCheckpoint: seed?.digest)
      outcomes.append(await run.decide(try lowering.lower(property)))
    }
    return outcomes
  }

  private func write(
    _ small: SmallProject, _ outcomes: [PropertyOutcome], seed: SeedCheckpoint? = nil,
    supersedes: [ContentDigest] = []
  ) throws -> CertificateContents {
    let path = small.folder + "/out.dcert"
    _ = try CertificateAssembly(
      small.project, small.library, outcomes, supersedes: supersedes, seedCheckpoint: seed
    ).write(to: path, key: small.key, issuedAt: 1_800_000_000)
    return try UnverifiedCertificate(bundle: path).check()
  }

  @Test func recordsFollowFromTheFiles() async throws {
    let small = try project()
    defer { small.remove() }
    let contents = try write(small, try await outcomes(small))
    let predicate = contents.predicate
    _ = try await BundleReplay(contents, workers: 1).run()
    // Denoiser 8 + 4 + 16 + 8 + 8 + 2, decoder 8 + 4 and two limits, head 8 + 2 + 2 + 1.
    #expect(predicate.model?.parameters == 46 + 14 + 13)
    #expect(predicate.model?.dtypes.isEmpty == false)
    #expect(
      predicate.oracles == [
        OracleRecord(name: "unsafe", file: try #require(RelativePath("models/head.onnx")))
      ])
    #expect(predicate.spec.languageVersion == "1.0")
    #expect(predicate.samplers.first?.noise == "none" && predicate.samplers.first?.scheduleDigest != nil)
    #expect(predicate.mappings.map(\.framework) == ["EU AI Act", "EU AI Act", "ISO/IEC 42001"])
    #expect(predicate.arithmetic == ArithmeticRecord())
    #expect(predicate.assumptions.map(\.id) == ["A1", "A2", "A4", "A5"])
    let seldom = try #require(predicate.properties.first { $0.id == "Seldom" }?.sampling)
    let often = try #require(predicate.properties.first { $0.id == "Often" }?.sampling)
    #expect(seldom.n == 500 && seldom.delta == "1/100" && seldom.method == "clopper-pearson")
    #expect(seldom.seedDerivation == "dspec sample seed 1" && seldom.prng == "chacha20")
    // Few samples are suspicious, and few are not seen to be harmless.
    #expect(seldom.failures < 50 && often.failures < 100)
  }

  // MARK: Seeds

  @Test func seedsDeriveFromALaterCheckpoint() async throws {
    let small = try project()
    defer { small.remove() }
    let checkpoint = SeedCheckpoint(of: Array("example.org/log\n7\nabc\n".utf8))
    let plain = try await outcomes(small)
    let later = try await outcomes(small, seed: checkpoint)
    #expect(plain.map(\.verdict) == later.map(\.verdict))
    #expect(plain.last?.evidence != later.last?.evidence)

    let contents = try write(small, later, seed: checkpoint)
    let report = try await BundleReplay(contents, workers: 1).run()
    #expect(report.properties.allSatisfy { !$0.hasChosenSeed })
    #expect(contents.predicate.seedCheckpoint == checkpoint)
    #expect(contents.predicate.properties.last?.sampling?.seedDerivation == "dspec sample seed 2")
    #expect(contents.predicate.assumptions.contains { $0.id == "A4" && $0.text.hasPrefix("the checkpoint") })

    // Samples that do not derive from what is stated.
    for (outcomes, seed) in [(plain, checkpoint as SeedCheckpoint?), (later, nil)] {
      let contents = try write(small, outcomes, seed: seed)
      await #expect {
        _ = try await BundleReplay(contents, workers: 1).run()
      } throws: { ($0 as? ReplayError)?.code == .seedRule }
    }
    let chosen = try await BundleReplay(write(small, plain), workers: 1).run()
    #expect(chosen.properties.filter(\.hasChosenSeed).map(\.record.id) == ["Seldom", "Often"])
    let assumptions = try write(small, plain).predicate.assumptions
    #expect(assumptions.contains { $0.id == "A4" && $0.text.hasPrefix("seed chosen by the author") })
  }

  /// Samples of another checkpoint are no answer to reuse.
  @Test func answersAreReusedForTheSameCheckpointOnly() async throws {
    let small = try project()
    defer { small.remove() }
    let checkpoint = SeedCheckpoint(of: [1, 2, 3])
    _ = try write(small, try await outcomes(small, seed: checkpoint), seed: checkpoint)
    let earlier = try #require(
      EarlierCertificate(bundle: small.folder + "/out.dcert", key: small.key.verificationKey))
    let lowering = SpecLowering(small.project.spec, small.library)
    for property in small.project.spec.properties {
      let lowered = try lowering.lower(property)
      let isSampled = property.samplePlan != nil
      func isReused(_ checkpoint: ContentDigest?) async -> Bool {
        await earlier.outcome(for: lowered, seedCheckpoint: checkpoint, workers: 1) != nil
      }
      #expect(await isReused(checkpoint.digest))
      #expect(await isReused(nil) != isSampled)
      #expect(await isReused(ContentDigest(of: [4])) != isSampled)
    }
  }

  // MARK: The specification

  private func canonical(_ text: String) -> ContentDigest {
    CanonicalSources.digest([SourceFile(name: "a.dspec", utf8: Array(text.utf8))])
  }

  @Test func commentsAndLayoutAreNotInTheCanonicalForm() {
    let base = canonical("dspec 1.0\nparam a: Real = 1\n")
    #expect(base == canonical("// A comment.\ndspec   1.0\n\n\n  param a : Real=1 // more\n"))
    #expect(base == canonical("\u{FEFF}dspec 1.0\n/// Documentation.\nparam a: Real = 1"))
    #expect(base != canonical("dspec 1.0\nparam a: Real = 10\n"))
    #expect(base != canonical("dspec 1.0\nparam b: Real = 1\n"))
    #expect(base != canonical("dspec 1.0\nparam a: Real = (1)\n"))
    // Texts are kept byte for byte, and lengths keep tokens apart.
    #expect(canonical("hazard h \"a b\" {}") != canonical("hazard h \"a  b\" {}"))
    #expect(canonical("param ab: Real = 1") != canonical("param a b: Real = 1"))
  }

  @Test func filesAndTheirNamesAreInTheCanonicalForm() {
    func digest(_ files: [(String, String)]) -> ContentDigest {
      CanonicalSources.digest(files.map { SourceFile(name: $0.0, utf8: Array($0.1.utf8)) })
    }
    let base = digest([("a", "x"), ("b", "y")])
    #expect(base == digest([("b", "y // z"), ("a", "x")]))
    #expect(base != digest([("a", "y"), ("b", "x")]))
    #expect(base != digest([("a", "x y")]))
    #expect(
      CanonicalSources.bytes([SourceFile(name: "a", utf8: Array("x  <= // c\n 10%".utf8))])
        == Array("dspec ast 1\n1\na\n3\n1 x\n2 <=\n3 10%\n".utf8))
  }

  @Test func aCommentChangesTheSourceAndNotTheForm() async throws {
    let (one, other) = (try project(), try project(replacing: [("// A tiny", "// Another tiny")]))
    defer {
      one.remove()
      other.remove()
    }
    let digests = [one, other].map { CanonicalSources.digest($0.project.spec.sources.sourceFiles) }
    #expect(digests[0] == digests[1])
    #expect(one.project.spec.sources.sourceFiles[0].utf8 != other.project.spec.sources.sourceFiles[0].utf8)
  }

  // MARK: Mappings

  @Test func hazardsAreMappedByTheirLabels() throws {
    let small = try project(
      """
      hazard Nude { code: "sxc" source: "MLCommons AILuminate 1.0" }
      hazard Theft { code: "ncr" source: "MLCommons AILuminate 1.0" }
      hazard Advice { code: "spc" source: "MLCommons AILuminate 1.0" }
      hazard Own { code: "sxc" source: "somebody else" }
      hazard Broad { maps: [Nude, Theft, Own] }
      property HA { mitigates: Nude claim: forall z in Z: unsafe(G(z, Topic.plain)) <= 99% evidence: proof }
      property HB { mitigates: Broad claim: forall z in Z: unsafe(G(z, Topic.plain)) <= 99% evidence: proof }
      property HC { mitigates: Own claim: forall z in Z: unsafe(G(z, Topic.plain)) <= 99% evidence: proof }
      property HD { mitigates: Advice claim: forall z in Z: unsafe(G(z, Topic.plain)) <= 99% evidence: proof }
      property HE { mitigates: Theft claim: forall z in Z: unsafe(G(z, Topic.plain)) <= 99% evidence: proof }
      """)
    defer { small.remove() }
    let properties = ["HA", "HB", "HC", "HD", "HE"].compactMap { small.project.spec.property(named: $0) }
    let list = FrameworkMappings.list(
      properties.map { FrameworkMappings.Answered(id: $0.name, hazards: $0.hazards, isDecided: true) },
      hazards: small.project.spec.hazards)
    // What nothing decides is evidence towards nothing.
    #expect(
      FrameworkMappings.list(
        properties.map { FrameworkMappings.Answered(id: $0.name, hazards: $0.hazards, isDecided: false) },
        hazards: small.project.spec.hazards
      ).isEmpty)
    #expect(list.allSatisfy { $0.text.hasPrefix("evidence towards ") && !$0.text.contains("complian") })
    let found = list.map { "\($0.framework), \($0.reference): \($0.properties.joined())" }
    #expect(
      found == [
        "EU AI Act, Annex IV(2)(g): HAHBHCHDHE", "EU AI Act, Annex XI, section 2: HAHBHCHDHE",
        "ISO/IEC 42001, A.6.2.4: HAHBHCHDHE",
        "NIST AI 600-1, Dangerous, Violent, or Hateful Content: HBHE",
        "NIST AI 600-1, Obscene, Degrading, and/or Abusive Content: HAHB", "AILuminate 1.0, ncr: HBHE",
        "AILuminate 1.0, spc: HD", "AILuminate 1.0, sxc: HAHB",
      ])
    #expect(FrameworkMappings.list([], hazards: []).isEmpty)
  }

  // MARK: Arithmetic

  @Test func theArithmeticOfEachClaimIsStated() async throws {
    func property(_ name: String, _ arithmetic: String) -> String {
      "property \(name) { claim: forall z in Z: unsafe(G(z, Topic.plain)) <= 99% arithmetic: \(arithmetic) evidence: proof }\n"
    }
    let small = try project(property("Half", "float16(weights)") + property("Single", "float32(any_order)"))
    defer { small.remove() }
    let all = try await outcomes(small)
    func arithmetic(_ names: Set<String>) throws -> (ArithmeticRecord, [ArithmeticRecord.Claim?]) {
      let contents = try write(small, all.filter { names.contains($0.property.name) })
      return (contents.predicate.arithmetic, contents.predicate.properties.map(\.arithmetic))
    }
    let half = try arithmetic(["Half"])
    #expect(half.0 == ArithmeticRecord(claim: .float16Weights, flushToZero: false, tf32: false))
    #expect(half.1 == [.float16Weights])
    let both = try arithmetic(["NeverUnsafe", "Half", "Single"])
    #expect(both.0 == ArithmeticRecord(claim: .mixed, flushToZero: false, tf32: false))
    #expect(both.1 == [nil, .float16Weights, .float32AnyOrder])
    let real = try arithmetic(["NeverUnsafe"])
    #expect(real.0 == ArithmeticRecord())
    _ = try await BundleReplay(write(small, all), workers: 2).run()
  }

  @Test func weightsAreCounted() throws {
    #expect(WeightInventory(of: [1, 2, 3]) == nil)
    #expect(WeightInventory(of: []) == nil)
    var sum = WeightInventory()
    for (path, bytes) in try StartingProject.files() where path.hasSuffix(".onnx") {
      let one = try #require(WeightInventory(of: bytes))
      #expect(one.count > 0 && one.types.count == 1)
      let fits = sum.add(one)
      #expect(fits)
    }
    #expect(sum.count == 73)
  }
}
