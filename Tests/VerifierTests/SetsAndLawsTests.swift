import BranchAndBound
import Certificates
import DSpecSemantics
import Foundation
import Inference
import Lowering
import ModelFormats
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem
import Verifier

/// Sets that are no boxes and laws that are no products: each is compared with boxes and points that mean the same.
@Suite struct SetsAndLawsTests {
  /// The starting project with further declarations at its end.
  private func small(_ text: String) throws -> SmallProject {
    try SmallProject { files in
      guard let index = files.firstIndex(where: { $0.path.hasSuffix(".dspec") }) else { return }
      files[index].bytes += Array(text.utf8)
    }
  }

  private func lowered(_ small: SmallProject, _ name: String) throws -> LoweredProperty {
    let property = try #require(small.project.spec.property(named: name))
    return try SpecLowering(small.project.spec, small.library).lower(property)
  }

  private static let claim = "unsafe(G(z, Topic.bright)) <= tau"

  private static let boxed = """
    property Boxed { mitigates: Unsafe claim: forall z in Z: \(claim) evidence: proof }

    """

  @Test func aSliceIsTheAffineImageOfItsCoefficients() throws {
    let small = try small(
      Self.boxed + """
        domain L: Latent[2] = slice(origin: [0.5, -1], directions: [[1, 0.25], [-2, 3]], lower: [-1, 0], upper: 1)
        property Sliced { mitigates: Unsafe claim: forall c in Topic, z in L: unsafe(G(z, c)) <= tau evidence: proof }
        """)
    defer { small.remove() }
    let sliced = try lowered(small, "Sliced").obligation
    guard case .forall(let region) = sliced.question else {
      Issue.record("the slice is no region")
      return
    }
    #expect(region.box.map(\.lower) == [Rational(-1), Rational(0)])
    #expect(region.box.map(\.upper) == [Rational(1), Rational(1)])
    #expect(sliced.cases.map(\.label) == ["c = plain", "c = bright"])
    var slice = BatchProgram(sliced.cases[1].graph)
    var box = BatchProgram(try lowered(small, "Boxed").obligation.cases[0].graph)
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let a = generator.uniform(-1, 1)
      let b = generator.uniform(0, 1)
      let z = [0.5 + a - 2 * b, -1 + 0.25 * a + 3 * b]
      let first = try slice.values(inputs: [a, b], batch: 1)
      let second = try box.values(inputs: z, batch: 1)
      #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-9 * max(1, abs($1)) })
    }
  }

  @Test func aProductOfBoxesIsABox() throws {
    let small = try small(
      """
      domain A: Latent[1] = box(-1, 2)
      domain B: Latent[1] = box(0, 1/3)
      domain AB: Latent[2] = product(A, B)
      domain Same: Latent[2] = box([-1, 0], [2, 1/3])
      dist NA: Latent[1] = normal(1, 2)
      dist UB: Latent[1] = uniform(B)
      dist NU: Latent[2] = product(NA, UB)
      property P1 { mitigates: Unsafe claim: forall z in AB: \(Self.claim) evidence: proof }
      property P2 { mitigates: Unsafe claim: forall z in Same: \(Self.claim) evidence: proof }
      property P3 { mitigates: Unsafe claim: P[z ~ NU: unsafe(G(z, Topic.bright)) > tau] <= 50% evidence: bound }
      """)
    defer { small.remove() }
    #expect(try lowered(small, "P1").obligation.question == lowered(small, "P2").obligation.question)
    guard case .measure(let law, _) = try lowered(small, "P3").obligation.question else {
      Issue.record("no law")
      return
    }
    let third = try #require(Rational(1).divided(by: Rational(3)))
    #expect(
      law == [
        .normal(mean: Rational(1), deviation: Rational(2)),
        .uniform(AxisRange(lower: Rational(0), upper: third)),
      ])
  }

  @Test func everyPointOfAFiniteSetIsDecided() async throws {
    let points = [[0.0, 0.0], [1, 1], [-2.5, 0.5], [3, -3], [0.25, 2]]
    let list = points.map { "[\($0[0]), \($0[1])]" }.joined(separator: ", ")
    let project = try small(Self.boxed)
    defer { project.remove() }
    var box = BatchProgram(try lowered(project, "Boxed").obligation.cases[0].graph)
    // The graph gives the head's logit; a threshold in probability is one in logits.
    let logits = try points.map { try box.values(inputs: $0, batch: 1)[0] }
    let greatest = try #require(logits.max())
    let unsafe = { (logit: Double) in 1 / (1 + exp(-logit)) }
    for (threshold, verdict) in [
      (unsafe(greatest) + 1e-6, Verdict.proved), (unsafe(greatest) - 1e-6, .refuted),
    ] {
      let finite = try small(
        """
        domain F: Latent[2] = points(\(list))
        property Finite { mitigates: Unsafe claim: forall z in F: unsafe(G(z, Topic.bright)) <= \(threshold) evidence: proof }
        """)
      defer { finite.remove() }
      let outcome = await PropertyRun(budget: SearchBudget(nodes: 1_000)).decide(
        try lowered(finite, "Finite"))
      #expect(outcome.verdict == verdict)
    }
  }

  /// Points whose coordinates are no doubles are taken as they are, up to the width of an enclosure: equality is left open.
  @Test func pointsAreExact() async throws {
    let small = try small(
      """
      domain F: Latent[2] = points([1/3, 0.5], [0.1, -2/3])
      domain One: Latent[1] = points([0.1])
      property Equal { mitigates: Unsafe claim: forall z in F: z[0] <= 1/3 evidence: proof }
      property More { mitigates: Unsafe claim: forall z in F: z[0] <= 1/3 + 1e-15 and z[1] <= 0.5 + 1e-15 evidence: proof }
      property Less { mitigates: Unsafe claim: forall z in F: z[0] < 1/3 - 1e-15 evidence: proof }
      property Tenth { mitigates: Unsafe claim: forall z in One: 0.3 - 1e-15 <= 3 * z[0] <= 0.3 + 1e-15 evidence: proof }
      property Shown { mitigates: Unsafe claim: forall z in F, c in Topic: unsafe(G(z, c)) <= 99% evidence: proof }
      property Dark { mitigates: Unsafe claim: forall z in F, c in Topic: unsafe(G(z, c)) <= 0.1% evidence: proof }
      property Both { mitigates: Unsafe claim: forall z in F, y in Z: l2(z, y) <= 9 evidence: proof }
      property Near { mitigates: Unsafe claim: forall z in F, y in Z: l2(z, y) <= 4 evidence: proof }
      """)
    defer { small.remove() }
    for (name, verdict) in [
      ("Equal", Verdict.unknown), ("More", .proved), ("Less", .refuted), ("Tenth", .proved),
      ("Shown", .proved),
      ("Dark", .refuted),
      ("Both", .proved), ("Near", .refuted),
    ] {
      let outcome = await PropertyRun(budget: SearchBudget(nodes: 2_000)).decide(try lowered(small, name))
      #expect(outcome.verdict == verdict, "\(name)")
    }
  }

  @Test func uniformLawsOnFiniteSetsCountPoints() async throws {
    let small = try small(
      """
      domain F: Latent[2] = points([0, 0], [1, 1], [1, 1], [-2, 0.5], [3, -3])
      domain Q: Latent[2] = box(-3, 3)
      property Count { mitigates: Unsafe claim: P[z ~ uniform(F), e ~ uniform(Q): z[0] > 0.5 or e[0] > 3] <= 51% evidence: bound }
      """)
    defer { small.remove() }
    let outcome = await PropertyRun(budget: SearchBudget(nodes: 1_000)).decide(try lowered(small, "Count"))
    let bounds = try #require(outcome.bounds)
    // Two of four different points; [1, 1] counts once.
    #expect(bounds.lower <= 0.5 && 0.5 <= bounds.upper && bounds.width < 1e-6)
    #expect(outcome.verdict == .proved)
  }

  @Test func empiricalLawsCountRecords() async throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
    let example = URL(fileURLWithPath: DigitsTests.path).deletingLastPathComponent()
    try FileManager.default.copyItem(at: example, to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let path = url.appendingPathComponent("digits.dspec").path
    let text =
      try String(contentsOfFile: path, encoding: .utf8) + """

        dist Seen: Image[8, 8] in [0, 1] = empirical(Protected)
        property Share { mitigates: Forbidden claim: 1% <= P[x ~ Seen: nsfw(x) > tau] <= 50% evidence: bound }
        property Every { mitigates: Forbidden claim: forall x in Protected: nsfw(x) <= 1 - 1e-9 evidence: proof }
        """
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let project = try Project(path: path, parameters: [:])
    let library = try project.library()
    let lowering = SpecLowering(project.spec, library)
    let head = try #require(library.networks["nsfw"])
    let records = try #require(library.datasets["Protected"])
    var program = BatchProgram(head)
    let hits = try records.count { try program.values(inputs: $0.nearest, batch: 1)[0] > 0.5 }
    let expected = Double(hits) / Double(records.count)
    let share = try #require(project.spec.property(named: "Share"))
    let outcome = await PropertyRun(budget: SearchBudget(nodes: 1_000)).decide(try lowering.lower(share))
    let bounds = try #require(outcome.bounds)
    #expect(bounds.lower <= expected && expected <= bounds.upper && bounds.width < 1e-6)
    let every = try #require(project.spec.property(named: "Every"))
    let all = await PropertyRun(budget: SearchBudget(nodes: 1_000)).decide(try lowering.lower(every))
    #expect(all.verdict == .proved)
    #expect(all.lowered?.obligation.cases.count == records.count)
  }

  @Test(arguments: [
    (
      "forall w in W, z in Z: unsafe(G.using(denoiser: w)(z, Topic.plain)) <= tau",
      "other weights of `denoiser`"
    ),
    ("forall e in Near, z in Z: unsafe(G(z, Topic.plain)) <= tau + e[0]", "the embedding of a prompt"),
    ("P[z ~ Mixed: unsafe(G(z, Topic.plain)) > tau] <= 10%", "a mixture"),
    ("P[z ~ uniform(Round): unsafe(G(z, Topic.plain)) > tau] <= 10%", "the uniform law on `Round`"),
    ("P[z ~ uniform(Thirds): unsafe(G(z, Topic.plain)) > tau] <= 10%", "no double"),
    ("forall z in Z, n in Noise: unsafe(H.noise(n)(z, Topic.plain)) <= tau", "given noise"),
    ("forall z in Z: unsafe(G(z, Topic.plain)) * unsafe(G(z, Topic.bright)) <= tau", "products"),
  ])
  func whatNoEngineDecidesIsUnknown(claim: String, reason: String) async throws {
    let grade = claim.hasPrefix("P[") ? "bound" : "proof"
    let small = try small(
      """
      domain W: Weights[denoiser] = ball(center: denoiser.weights, radius: 1e-3, norm: linf)
      domain Near: Embedding[4] = ball(center: prompt("a doctor"), radius: 0.1, norm: linf)
      domain Round: Latent[2] = ball(center: 0, radius: 1, norm: l2)
      domain Thirds: Latent[2] = points([1/3, 0])
      domain Noise: Latent[4, 2] = box(-6, 6)
      dist U: Latent[2] = uniform(Z)
      dist Mixed: Latent[2] = mixture([PZ, U], [30%, 70%])
      sampler H: (z: Latent[2], c: Topic) -> Image[2, 2] in [0, 1] {
        denoiser: denoiser
        decoder: decoder
        method: ddim(steps: 4, eta: 0.5, spacing: trailing)
        schedule: linear(train_steps: 1000, beta_start: 0.0001, beta_end: 0.02)
        prediction: x0
      }
      property Open { mitigates: Unsafe claim: \(claim) evidence: \(grade) }
      """)
    defer { small.remove() }
    let error = #expect(throws: LoweringError.self) { _ = try lowered(small, "Open") }
    guard case .noBackEnd(let text, _)? = error else {
      Issue.record("\(error.map { "\($0)" } ?? "")")
      return
    }
    #expect(text.contains(reason))
  }
}
