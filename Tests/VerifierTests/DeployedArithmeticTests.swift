import BranchAndBound
import Certificates
import DSpecSemantics
import Foundation
import LeafRules
import Lowering
import ModelFormats
import Replay
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem
import Verifier

/// Claims about single precision and about weights in half precision, from the text to the replayed certificate.
@Suite struct DeployedArithmeticTests {
  private func small(_ text: String) throws -> SmallProject {
    try SmallProject { files in
      guard let index = files.firstIndex(where: { $0.path.hasSuffix(".dspec") }) else { return }
      files[index].bytes += Array(text.utf8)
    }
  }

  private func property(_ name: String, _ threshold: String, _ arithmetic: String, domain: String = "F")
    -> String
  {
    """
    property \(name) {
      mitigates: Unsafe
      claim: forall z in \(domain): unsafe(G(z, Topic.bright)) <= \(threshold)
      evidence: proof
      arithmetic: \(arithmetic)
    }

    """
  }

  private func decide(_ small: SmallProject, _ name: String) async throws -> PropertyOutcome {
    let property = try #require(small.project.spec.property(named: name))
    let lowered = try SpecLowering(small.project.spec, small.library).lower(property)
    return await PropertyRun(budget: SearchBudget(nodes: 2_000)).decide(lowered)
  }

  /// The probability at one point, enclosed.
  private func value(_ arithmetic: String) throws -> Interval {
    let small = try small("domain F: Latent[2] = points([1.25, -0.5])\n" + property("Any", "50%", arithmetic))
    defer { small.remove() }
    let found = try #require(small.project.spec.property(named: "Any"))
    let item = try SpecLowering(small.project.spec, small.library).lower(found).obligation.cases[0]
    return try #require(try item.enclosure(at: [0]))[0][0].sigmoid()
  }

  @Test func aMarginBelowRoundingProvesTheRealClaimOnly() async throws {
    let real = try value("real")
    let computed = try value("float32(any_order)")
    #expect(computed.lower < real.lower && computed.upper > real.upper)
    #expect(computed.upper - computed.lower < 1e-3)
    let near = real.upper + (computed.upper - real.upper) / 8
    let far = computed.upper + 1e-4
    let small = try small(
      "domain F: Latent[2] = points([1.25, -0.5])\n"
        + property("Real", "\(near)", "real").replacing("Real", "Plain")
        + property("Close", "\(near)", "float32(any_order)")
        + property("Clear", "\(far)", "float32(any_order)")
        + property("Wrong", "\(computed.lower - 1e-4)", "float32(any_order)"))
    defer { small.remove() }
    #expect(try await decide(small, "Plain").verdict == .proved)
    #expect(try await decide(small, "Close").verdict == .unknown)
    #expect(try await decide(small, "Clear").verdict == .proved)
    #expect(try await decide(small, "Wrong").verdict == .refuted)
  }

  @Test func certificatesStateTheArithmeticAndReplay() async throws {
    let small = try small(property("Deployed", "99%", "float32(any_order)", domain: "Z"))
    defer { small.remove() }
    let outcomes = try await small.outcomes()
    #expect(outcomes.map(\.verdict).allSatisfy { $0 == .proved })
    let bundle = try small.bundle(outcomes)
    _ = try await small.replay(bundle)
    let predicate = try UnverifiedCertificate(bundle: bundle).check().predicate
    #expect(predicate.arithmetic.claim == .real)
    #expect(predicate.scope.contains("in arithmetic float32(any_order): Deployed"))
    #expect(predicate.assumptions.contains { $0.id == "A3" })

    let relabelled = try small.resigned(bundle) { $0.arithmetic = ArithmeticRecord(claim: .float32AnyOrder) }
    await #expect(throws: ReplayError.self) { _ = try await small.replay(relabelled) }
    let silent = try small.resigned(bundle) { $0.assumptions.removeAll { $0.id == "A3" } }
    await #expect(throws: ReplayError.self) { _ = try await small.replay(silent) }
    // The evidence of the real claim in place of the other's.
    let alone = try small.bundle([outcomes[outcomes.count - 1]])
    #expect(try UnverifiedCertificate(bundle: alone).check().predicate.arithmetic.claim == .float32AnyOrder)
    _ = try await small.replay(alone)
  }

  /// What is folded in real numbers may round when it is computed: a large bias taken back.
  @Test func nothingIsFoldedThatMayRound() throws {
    for folding in [GraphBuilder.Folding.exact, .moves] {
      var builder = GraphBuilder(folding: folding)
      let x = try builder.input("x", shape: Shape([1]))
      let one = try Tensor(shape: Shape([1, 1]), values: [1])
      let up = try builder.apply(
        .linear(Linear(weights: one, bias: Tensor(shape: Shape([1]), values: [1e6]))), [x])
      let down = builder.constant(try Tensor(shape: Shape([1]), values: [-1e6]))
      let sum = try builder.apply(.add, [up, down])
      let graph = try builder.build(outputs: [sum])
      let atom = Predicate.atom(Atom(.element(0), .lessOrEqual, .rational(Rational(0))))
      let item = ObligationCase(
        label: "", weight: Rational(1), graph: graph, predicate: atom, arithmetic: .float32AnyOrder)
      let value = try #require(try item.enclosure(at: [0.3]))[0][0]
      // Single precision has a spacing of 1/16 at a million.
      let computed = Double(Float(0.3) + Float(1e6) + Float(-1e6))
      #expect(value.lower <= computed && computed <= value.upper || folding == .exact)
      #expect((value.upper - value.lower > 0.05) == (folding == .moves))
    }
  }

  @Test func weightsInHalfPrecisionAreRoundedOnes() async throws {
    let small = try small(
      property("Stored", "99%", "real", domain: "Z")
        + property("Half", "99%", "float16(weights)", domain: "Z"))
    defer { small.remove() }
    let lowering = SpecLowering(small.project.spec, small.library)
    let graphs = try ["Stored", "Half"].map { name in
      try lowering.lower(#require(small.project.spec.property(named: name))).obligation.cases[0].graph
    }
    var compared = 0
    for (stored, half) in zip(graphs[0].nodes, graphs[1].nodes) {
      guard case .linear(let first) = stored.operation, case .linear(let second) = half.operation else {
        continue
      }
      for (a, b) in zip(first.weights.values, second.weights.values) {
        compared += 1
        #expect(WeightFormat.half(a) == b)
      }
    }
    #expect(compared > 20)
    #expect(try await decide(small, "Half").verdict == .proved)
  }

  @Test func halfPrecisionRoundsToNearestEven() throws {
    #if arch(x86_64) || arch(arm64)
    var state: UInt64 = 3
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(Float(bitPattern: UInt32(truncatingIfNeeded: state >> 32)))
      guard value.isFinite else { continue }
      let expected = Float16(value)
      #expect(WeightFormat.half(value) == (expected.isFinite ? Double(expected) : nil), "\(value)")
    }
    #endif
    let ties: [(Double, Double?)] = [
      (0, 0), (0x1p-25, 0), (0x1.8p-25, 0x1p-24), (1 + 0x1p-11, 1), (1 + 0x3p-11, 1 + 0x1p-9), (65504, 65504),
      (65519, 65504), (65520, nil), (-65520, nil), (-0x1p-14, -0x1p-14),
    ]
    for (value, expected) in ties { #expect(WeightFormat.half(value) == expected, "\(value)") }
  }
}

extension String {
  fileprivate func replacing(_ name: String, _ other: String) -> String {
    replacingOccurrences(of: "property \(name) ", with: "property \(other) ")
  }
}
