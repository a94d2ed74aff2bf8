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
    #expect(predicate.arithmetic == ArithmeticRecord(claim: .mixed, flushToZero: false, tf32: false))
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

  // MARK: What the graph does not show

  /// A file changed after it was written: the name of one operator by another's of the same length.
  private func renamed(
    _ path: String, from name: String, to other: String, _ text: String,
    folding: GraphBuilder.Folding = .exact, changing graph: (inout GraphBuilder) throws -> Int
  ) throws -> SmallProject {
    var builder = GraphBuilder(folding: folding)
    let output = try graph(&builder)
    let written = try ONNXWriter().bytes(of: builder.build(outputs: [output]), file: path)
    var bytes = written
    // The field of a node's operator and the length of its name stand before it.
    let field: [UInt8] = [0x22, UInt8(name.utf8.count)]
    let (old, new) = (field + Array(name.utf8), field + Array(other.utf8))
    for start in 0...(bytes.count - old.count) where Array(bytes[start..<start + old.count]) == old {
      bytes.replaceSubrange(start..<start + old.count, with: new)
    }
    return try SmallProject { files in
      var digest: String?
      for index in files.indices where files[index].path == path {
        digest = ContentDigest(of: files[index].bytes).hex
        files[index].bytes = bytes
      }
      for index in files.indices where files[index].path.hasSuffix(".dspec") {
        var specification = String(decoding: files[index].bytes, as: UTF8.self) + text
        if let digest {
          specification = specification.replacingOccurrences(of: digest, with: ContentDigest(of: bytes).hex)
        } else {
          specification = specification.replacingOccurrences(of: "DIGEST", with: ContentDigest(of: bytes).hex)
        }
        files[index].bytes = Array(specification.utf8)
      }
      if digest == nil { files.append((path, bytes)) }
    }
  }

  /// A sum of constants in a denoiser or a decoder, which a program rounds and the graph does not show, leaves a claim
  /// about the sampler open.
  @Test(arguments: ["models/denoiser.onnx", "models/decoder.onnx"])
  func aSamplerIsNoBetterThanItsNetworks(path: String) async throws {
    let text =
      property("Plain", "99%", "real", domain: "Z")
      + property("Deployed", "99%", "float32(any_order)", domain: "Z")
    for (second, isKnown) in [(1, true), (0x1p-40, false)] {
      let small = try renamed(path, from: "Add", to: "Add", text, folding: .moves) { builder in
        let z = try builder.input("z", shape: Shape([1, 2]))
        let isDenoiser = path.contains("denoiser")
        var value = z
        if isDenoiser {
          for (name, count) in [("t", 4), ("c", 2)] {
            let index = try builder.input(name, shape: Shape([1]), kind: .index)
            let table = builder.constant(
              try Tensor(shape: Shape([count, 2]), values: (0..<2 * count).map { Double($0) / 16 }))
            value = try builder.apply(.add, [value, builder.apply(.gather, [table, index])])
          }
        } else {
          let weights = try Tensor(shape: Shape([4, 2]), values: [0.5, 0, 0, 0.5, -0.25, 0.25, 0.25, -0.25])
          value = try builder.apply(
            .linear(Linear(weights: weights, bias: Tensor(shape: Shape([4]), values: [0, 0, 0, 0]))), [value])
        }
        let numbers = [isKnown ? 0.5 : Double(Float(0.1)), second]
        let width = isDenoiser ? 2 : 4
        let constants = try numbers.map {
          builder.constant(
            try Tensor(shape: Shape([1, width]), values: [Double](repeating: $0, count: width)))
        }
        return try builder.apply(.add, [value, builder.apply(.add, constants)])
      }
      defer { small.remove() }
      let lowering = SpecLowering(small.project.spec, small.library)
      _ = try lowering.lower(#require(small.project.spec.property(named: "Plain")))
      let deployed = try #require(small.project.spec.property(named: "Deployed"))
      if isKnown {
        _ = try lowering.lower(deployed)
      } else {
        let error = #expect(throws: LoweringError.self) { try lowering.lower(deployed) }
        #expect("\(String(describing: error))".contains("Add"))
      }
    }
  }

  /// Two logistic scores that round to one: the earlier case is taken, whatever their arguments.
  @Test func saturatedScoresTie() async throws {
    let claims = ["real", "float32(any_order)"].enumerated().map { index, arithmetic in
      """
      property Kind\(index) {
        mitigates: Unsafe
        claim: forall z in F: kind(G(z, Topic.bright)) == Topic.bright
        evidence: proof
        arithmetic: \(arithmetic)
      }

      """
    }
    let text =
      """
      domain F: Latent[2] = points([1.25, -0.5])
      network kind: (x: Image[2, 2] in [0, 1]) -> Topic {
        artifact: onnx("models/kind.onnx", sha256: "DIGEST")
      }

      """ + claims.joined()
    for (second, isEqual) in [(30.0, true), (21.0, true), (0.0, false)] {
      let small = try renamed("models/kind.onnx", from: "Sigmoid", to: "Sigmoid", text) { builder in
        let x = try builder.input("x", shape: Shape([1, 4]))
        let zero = try Tensor(shape: Shape([2, 4]), values: [Double](repeating: 0, count: 8))
        let first = isEqual ? 20.0 : -3
        let scores = try builder.apply(
          .linear(Linear(weights: zero, bias: Tensor(shape: Shape([2]), values: [first, second]))), [x])
        return try builder.apply(.smooth(.sigmoid), [scores])
      }
      defer { small.remove() }
      let isTied = Float(1 / (1 + exp(-second))) == Float(1 / (1 + exp(-20.0)))
      #expect(isTied == isEqual)
      #expect(try await decide(small, "Kind0").verdict == .proved)
      #expect(try await decide(small, "Kind1").verdict == (isEqual ? .unknown : .proved))
    }
  }

  /// A computed probability may pass one by its rounding, so that a threshold just above decides nothing.
  @Test func thresholdsNextToOneAreOpen() async throws {
    let small = try small(
      property("Plain", "1.0000001", "real", domain: "Z")
        + property("Next", "1.0000001", "float32(any_order)", domain: "Z")
        + property("Beyond", "1.001", "float32(any_order)", domain: "Z"))
    defer { small.remove() }
    #expect(try await decide(small, "Plain").verdict == .proved)
    let next = try #require(small.project.spec.property(named: "Next"))
    #expect(throws: LoweringError.self) { try SpecLowering(small.project.spec, small.library).lower(next) }
    #expect(try await decide(small, "Beyond").verdict == .proved)
  }

  /// The probability shown for a bound of the argument is one that the claim itself, with its rounded function, meets.
  @Test func shownProbabilitiesCoverTheFunctionsRounding() throws {
    for argument in [-300.0, -40, -3, -0.1, 0, 0.1, 2, 7] {
      let shown = SingleRounding.probability(ofLogit: Interval(argument))
      let upper = try #require(Rational(exactly: shown.upper))
      #expect(Threshold.logit(upper).enclosure(in: .float32AnyOrder).lower >= argument)
      guard shown.lower > 0, let lower = Rational(exactly: shown.lower) else { continue }
      #expect(Threshold.logit(lower).enclosure(in: .float32AnyOrder).upper <= argument)
    }
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
