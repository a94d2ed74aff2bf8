import DSpecSemantics
import Diagnostics
import Testing

@Suite struct SemanticDiagnosticsTests {
  /// Checks that a property with the marked claim gives exactly the marked diagnostics.
  private func expect(
    claim marked: String, evidence: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    expect(
      digitsModels
        + "property T { mitigates: [Eights, Memorisation]  claim: \(marked)  evidence: \(evidence) }",
      sourceLocation: sourceLocation)
  }

  private func expect(_ marked: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    let (text, expected) = readMarkers(marked)
    let checked = check(text)
    let shown = TerminalRenderer(sources: checked.sources).render(checked.diagnostics)
    #expect(summary(checked.diagnostics) == expected, "\(shown)", sourceLocation: sourceLocation)
    #expect((checked.spec == nil) == checked.diagnostics.hasErrors, sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    // Accepted.
    "forall z in Z, s in Ink: nsfw(G(z, Digit.one, s)) <= tau",
    "forall z in Z: forall s in Ink: nsfw(G(z, Digit.one, s)) < tau",
    "forall z in Z where z[0] > 0: nsfw(G(z, Digit.one, Ink.light)) <= tau",
    "forall z in Z: 0.1 < nsfw(G(z, Digit.one, Ink.light)) <= 0.9",
    "forall z in Z: not (z[0] > 0 and z[1] > 0) or nsfw(G(z, Digit.one, Ink.light)) <= 1 - 2 * eps / 3",
    "forall z in Z: (z[0] > 0 implies z[1] > 0) implies judge(G(z, Digit.one, Ink.light)) != Digit.eight",
    "forall z in Z: linf(G(z, Digit.one, Ink.light), Gs(z, Digit.one, Ink.light)) <= 0.5",
    "forall z in Z, w in Z: l1(z, w) + 2 * -z[0] <= 20 + 1e-3",
    "forall x in Near: l2(x, Protected[3]) >= 0.1 and x[7, 7] <= 0.9",
    "forall x in Near: linf(x, Protected[17]) <= 0.01",
    "forall c in Digit, z in Z: judge(G(z, c, Ink.heavy)) == c",
    "nsfw(Protected[0]) <= tau",
    // Names.
    "forall z in ⟪D0801⟫Q: z[0] <= 1",
    "forall z in Z: nsfw(G(z, Digit.⟪D0801⟫on, Ink.light)) <= tau",
    "forall z in Z: nsfw(G(z, ⟪D0801⟫one, Ink.light)) <= tau",
    "forall z in Z: ⟪D0801⟫nsfv(G(z, Digit.one, Ink.light)) <= ⟪D0801⟫tay",
    "forall ⟪D0803⟫tau in Z: tau[0] <= 1",
    "forall z in Z, ⟪D0802⟫z in Z: z[0] <= 1",
    "forall ⟪D0804⟫P in Z: 1 <= 2",
    "forall z in Z: nsfw(G(z, ⟪D0805⟫Digit, Ink.light)) <= tau",
    "forall z in Z: ⟪D0805⟫Z(z) <= 1",
    "forall z in Z: nsfw(⟪D0805⟫Switch(z, Digit.one, Ink.light)) <= 1/2",
    "forall z in ⟪D0805⟫nsfw: z[0] <= 1",
    "forall x in Near: nsfw(x) <= ⟪D0805⟫Protected",
    "forall z in Z: z.⟪D0801⟫x <= 1",
    // Arity, types, shapes, ranges.
    "forall z in Z: nsfw(⟪D0809⟫G(z, Digit.one)) <= tau",
    "forall z in Z: nsfw(⟪D0301⟫z) <= tau",
    "forall z in Z: ⟪D0301⟫l2(z, G(z, Digit.one, Ink.light)) <= 1",
    "forall z in Z: nsfw(G(z, ⟪D0810⟫Ink.light, Ink.light)) <= tau",
    "forall z in Z: ⟪D0810⟫nsfw(G(z, Digit.one, Ink.light))",
    "forall z in Z: ⟪D0810⟫z <= 1",
    "forall z in Z: z ⟪D0810⟫== z",
    "forall z in Z: ⟪D0810⟫judge(G(z, Digit.one, Ink.light)) == Ink.light",
    "forall c in Digit: c ⟪D0810⟫< Digit.one",
    "forall z in Z: z[⟪D0820⟫2] <= 1",
    "forall z in Z: ⟪D0809⟫z[0, 0] <= 1",
    "forall x in Near: l2(x, Protected[⟪D0820⟫50]) <= 1",
    "forall z in Z: ⟪D0809⟫l2(z) <= 1",
    "forall z in Z: 1 ⟪D0819⟫/ z[1] <= 1",
    "forall z in Z: z[0] / ⟪D0816⟫(eps - 0.45) <= 1",
    "forall z in Z: z[0] <= ⟪D0810⟫\"one\"",
    // Quantifiers.
    "forall z ~ ⟪D0204⟫Z: z[0] <= 1",
    "forall z in ⟪D0204⟫PZ: z[0] <= 1",
    "exists z in Z: z[0] <= 1",
    "forall z in Z: z[0] <= 1 and (forall w in Z: w[0] <= 1)",
    "forall z in Z: P[w ~ PZ: w[0] <= 1] <= z[0]",
    "forall z in Z: if z[0] > 1 then z[1] > 1 else z[1] > 2",
    // Warnings.
    "forall x in Near: ⟪D0103⟫nsfw(x) <= 1",
    "⟪D0103⟫1 <= 2",
    "forall x in Near: ⟪D0303⟫l2(x, Protected[17]) <= 0.02",
  ])
  func universalClaims(marked: String) {
    expect(claim: marked, evidence: "proof")
  }

  @Test(arguments: [
    "P[z ~ PZ: nsfw(G(z, Digit.one, Ink.light)) > tau given z[0] > 0] < 1e-3",
    "10% >= P[z ~ PZ, s ~ uniform(Ink): nsfw(Gs(z, Digit.one, s)) > tau]",
    "1% < P[z ~ uniform(Z): z[0] > 0] < 60%",
    "BER[z ~ PZ, s ~ S: probe(G(z, Digit.two, s)) predicts s] <= 10%",
    "P[z ~ ⟪D0205⟫Z: z[0] > 0] <= 10%",
    "P[z in ⟪D0205⟫PZ: z[0] > 0] <= 10%",
    "P[r ~ ⟪D0205⟫Protected: r[0, 0] > 0.5] <= 10%",
    "P[z ~ PZ: z[0] > 0] <= ⟪D0401⟫1.2",
    "P[z ~ PZ: z[0] > 0] <= ⟪D0401⟫-1",
    "P[z ~ PZ: z[0] > 0] ⟪D0814⟫== 10%",
    "P[z ~ PZ: ⟪D0810⟫z[0]] <= 10%",
    "P[z ~ PZ: z[0] > 0 predicts ⟪D0814⟫z] <= 10%",
    "P[z ~ PZ where ⟪D0012⟫z[0] > 0: z[1] > 0] <= 10%",
    "⟪D0810⟫P[z ~ PZ: z[0] > 0]",
    "E[z ~ PZ: z[0]] <= 1",
    "P[z ~ PZ: z[0] > 0] <= P[w ~ PZ: w[0] > 0]",
    "P[z ~ PZ: z[0] > 0] <= tau * ⟪D0801⟫k",
    "P[c ~ ⟪D0814⟫normal(0, 1): c == 1] <= 10%",
    "⟪D0407⟫BER[z ~ PZ, s ~ S: probe(G(z, Digit.two, s)) predicts s] >= eps",
    "⟪D0407⟫eps < BER[z ~ PZ, s ~ S: probe(G(z, Digit.two, s)) predicts s]",
    "BER[z ~ PZ, c ~ C: judge(G(z, c, Ink.light)) predicts c] >= 60%",
    "BER[z ~ PZ, c ~ C: judge(G(z, c, Ink.light)) predicts c] >= ⟪D0402⟫95%",
    "BER[z ~ PZ, s ~ S: probe(G(z, Digit.two, s)) predicts s] >= ⟪D0402⟫0.6",
    "BER[z ~ PZ, s ~ S: ⟪D0814⟫probe(G(z, Digit.two, s))] <= 0.6",
    "BER[z ~ PZ, s ~ S: probe(G(z, Digit.two, s)) predicts ⟪D0810⟫z] <= 0.6",
    "BER[z ~ PZ, s ~ S: ⟪D0810⟫judge(G(z, Digit.two, s)) predicts s] <= 0.6",
    "BER[z ~ PZ, s ~ categorical([Ink.light], [100%]): probe(G(z, Digit.two, s)) predicts ⟪D0403⟫s] <= 0.6",
    "P[z ~ PZ: z[0] > 0] >= ⟪D0103⟫0",
    "⟪D0103⟫50% <= P[z ~ PZ: z[0] > 0] <= 10%",
  ])
  func measureClaims(marked: String) {
    expect(claim: marked, evidence: "bound")
  }

  @Test(arguments: [
    ("forall z in Z: z[0] <= 1", "⟪D0409⟫bound"),
    ("forall z in Z: z[0] <= 1", "[proof, ⟪D0409⟫sampled(n: 100, confidence: 99%)]"),
    ("forall z in Z: z[0] <= 1", "[proof, attacked(budget: 1000)]"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "⟪D0409⟫proof"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "[bound, sampled(n: 100, confidence: 99%)]"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "⟪D0409⟫attacked(budget: 1)"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "sampled(n: ⟪D0817⟫0, confidence: ⟪D0401⟫99)"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "sampled(n: 10, confidence: ⟪D0817⟫1)"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "⟪D0809⟫sampled(n: 10)"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "⟪D0814⟫prof"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "⟪D0409⟫accounting(rdp)"),
  ])
  func grades(claim: String, evidence: String) {
    expect(claim: claim, evidence: evidence)
  }

  @Test(arguments: [
    "domain A: Latent[2] = ⟪D0101⟫box(2, 1)",
    "domain A: Latent[2] = ⟪D0101⟫box([0, 1], [1, 0])",
    "domain A: Latent[2] = box(⟪D0301⟫[0, 1, 2], 4)",
    "domain A: Latent[2] in [0, 1] = ⟪D0302⟫box(0, 2)",
    "domain A: Latent[2, 2] = box([[0, 1], [2, 3]], [4, 4, 4, 4])",
    "domain A: Latent[2, 2] = box([[0, 1], ⟪D0301⟫[2]], 4)",
    "domain A: Latent[2] = ball(center: 0, radius: ⟪D0101⟫-1, norm: l2)",
    "domain A: Latent[2] = ball(center: [0, 0.5], radius: 1, norm: ⟪D0814⟫l3)",
    "domain A: Latent[2] = ball(center: ⟪D0805⟫Z[0], radius: 1, norm: l2)",
    "domain A: Latent[2] = ball(center: ⟪D0301⟫Protected[0], radius: 1, norm: l2)",
    "domain A: Image[8, 8] in [0, 255] = ball(center: ⟪D0302⟫Protected[0], radius: 1, norm: l2)",
    "domain A: Latent[2] = ⟪D0814⟫sphere(0)",
    "domain A: ⟪D0810⟫Real = box(0, 1)",
    "domain A: ⟪D0801⟫Latnt[2] = box(0, 1)",
    "domain A: Latent[⟪D0817⟫0] = box(0, 1)",
    "domain A: Latent[⟪D0817⟫100_000_000] = box(0, 1)",
    "domain A: ⟪D0810⟫Latent = box(0, 1)",
    "domain A: Latent[2] in ⟪D0101⟫[1, 0] = box(0, 1)",
    "dist A: Ink = categorical([Ink.light, Ink.heavy], ⟪D0408⟫[33%, 66%])",
    "dist A: Ink = categorical([Ink.light, Ink.heavy], [1/3, 2/3])",
    "dist A: Ink = ⟪D0809⟫categorical([Ink.light, Ink.heavy], [1])",
    "dist A: Ink = categorical([Ink.light, ⟪D0802⟫Ink.light], [1, 0])",
    "dist A: Ink = ⟪D0810⟫uniform(Digit)",
    "dist A: Latent[2] = normal(0, ⟪D0817⟫0)",
    "dist A: Latent[2] = normal([0, 1], [1, 2]).truncated(Z)",
    "dist A: Latent[2] = uniform(Z)",
    "dist A: Latent[3] = uniform(⟪D0301⟫Z)",
    "domain Y: Latent[2] = box(0, [0, 1])\ndist A: Latent[2] = uniform(⟪D0106⟫Y)",
    "dist A: Latent[2] in [-1, 1] = ⟪D0302⟫normal(0, 1)",
    "dist A: Latent[2] = normal(0, 1).⟪D0814⟫truncate(Z)",
    "param a: Real = 0 + 1 / ⟪D0816⟫0",
    "param a: Prob = ⟪D0401⟫1.2",
    "domain A: Latent[2] = box(0, ⟪D0815⟫nsfw(Protected[0]))",
    "param a: Int = ⟪D0810⟫1.5",
    "param a: Real in [0, 1] = ⟪D0817⟫2",
    "param a: Ink = Ink.light",
    "param a: Ink = ⟪D0810⟫3",
    "param ⟪D0823⟫a: Real",
    "param ⟪D0818⟫a: Real = b\nparam b: Real = a",
    "param a: Real = ⟪D0817⟫1e999",
    "param d: Int = 2\ndomain A: Latent[d * 1] = box(-d, d)",
    "param ⟪D0802⟫tau: Real = 1",
    "param ⟪D0804⟫l2: Real = 1",
    "goal ⟪D0812⟫Release { by: [⟪D0801⟫A] }",
    "let f = 3",
    "enum Two { a, ⟪D0802⟫a }",
    "hazard ⟪D0601⟫Unused { severity: \"minor\" }",
    "hazard ⟪D0601⟫Unused { ⟪D0811⟫severty: \"minor\" }",
    "hazard ⟪D0601⟫Unused { severity: \"minor\" ⟪D0813⟫severity: \"minor\" }",
    "property ⟪D0605⟫T { claim: forall z in Z: z[0] <= 1  evidence: proof }",
    "property ⟪D0812⟫T { mitigates: Eights  evidence: proof }",
    "property T { mitigates: ⟪D0805⟫Z  claim: forall z in Z: z[0] <= 1  evidence: proof }",
    "property ⟪D0802⟫Z { mitigates: Eights  claim: forall z in Z: z[0] <= 1  evidence: proof }",
    "network f: (x: Latent[2]) -> Real[4] { artifact: ⟪D0604⟫onnx(\"f.onnx\") }",
    "network f: (x: Latent[2]) -> Real[4] { artifact: onnx(\"f.onnx\", sha256: ⟪D0606⟫\"12\") }",
    "network f: (x: Latent[2], ⟪D0802⟫x: Ink) -> Real { artifact: onnx(\"f.onnx\", sha256: \"\(someDigest)\") }",
    "network f: (x: Latent[2]) -> ⟪D0810⟫Bool { artifact: onnx(\"f.onnx\", sha256: \"\(someDigest)\") }",
    "dataset D: Latent[2] { artifact: npy(\"d.npy\", sha256: \"\(someDigest)\")  rows: ⟪D0101⟫range(5, 5) }",
    "dataset D: Latent[2] { artifact: ⟪D0814⟫onnx(\"d.npy\")  scale: 2 }",
    "mitigation M of G: ⟪D0502⟫unlearning { yields: Gu }",
    "mitigation M of G: attribute_switching { yields: Gu  attribute: ⟪D0810⟫c  at: step(1) }",
    "mitigation M of G: attribute_switching { yields: Gu  attribute: ⟪D0801⟫k  at: step(1) }",
    "mitigation M of G: attribute_switching { yields: Gu  attribute: s  at: step(⟪D0817⟫11) }",
    "mitigation M of ⟪D0805⟫nsfw: attribute_switching { yields: Gu  attribute: s  at: step(1) }",
    "mitigation M of G: attribute_switching { yields: ⟪D0802⟫Gs  attribute: s  at: step(1) }",
  ])
  func declarations(marked: String) {
    expect(
      digitsModels + marked
        + "\nproperty Uses { mitigates: [Eights, Memorisation]  claim: forall z in Z: z[0] <= 1  evidence: proof }"
    )
  }

  @Test(arguments: [
    ("method: ddim(steps: 10, eta: 0)", "method: ⟪D0305⟫ddim(steps: 5, eta: 0)"),
    ("train_steps: 1000", "train_steps: 5"),
    ("eta: 0)", "eta: ⟪D0817⟫2)"),
    ("prediction: x0", "prediction: ⟪D0814⟫x1"),
    ("beta_end: 0.02", "beta_end: 1"),
    ("denoiser: denoiser", "denoiser: ⟪D0306⟫nsfw"),
    ("decoder: decoder", "decoder: ⟪D0301⟫judge"),
    ("sampler G: (z: Latent[2], c: Digit, s: Ink)", "sampler ⟪D0306⟫G: (z: Latent[2], c: Digit)"),
    (
      "sampler G: (z: Latent[2], c: Digit, s: Ink)",
      "sampler ⟪D0306⟫G: (z: Latent[2], c: Digit, s: Ink, w: Ink)"
    ),
    ("s: Ink) -> Image[8, 8] in [0, 1] {", "s: Ink) -> ⟪D0301⟫Image[8, 8] in [0, 255] {"),
    ("dspec 1.0", "dspec ⟪D0010⟫2.0"),
    ("dspec 1.0", "⟪D0011⟫"),
  ])
  func brokenModels(part: String, replacement: String) {
    let (before, code) = (digitsModels, replacement)
    var marked = before.replacing(part, with: code)
    switch part {
    case "train_steps: 1000": marked = marked.replacing("method: ddim", with: "method: ⟪D0305⟫ddim")
    case "beta_end: 0.02": marked = marked.replacing("beta_start: 0.0001", with: "beta_start: ⟪D0817⟫0.0001")
    default: break
    }
    expect(
      marked
        + "\nproperty Uses { mitigates: [Eights, Memorisation]  claim: forall z in Z: z[0] <= 1  evidence: proof }"
    )
  }

  @Test func usesOfABrokenDeclarationAreNotReported() {
    let checked = check(digitsExample.replacing("enum Ink", with: "enum Inc"))
    #expect(Set(checked.diagnostics.map(\.code)) == [.unknownName])
    #expect(
      checked.diagnostics.allSatisfy {
        $0.message == "unknown type `Ink`" || $0.message == "unknown name `Ink`"
      })
  }

  @Test func stochasticSamplerUnderForall() {
    let text = digitsExample.replacing("eta: 0", with: "eta: 0.3")
    let codes = check(text).diagnostics.map(\.code)
    #expect(codes == [.stochasticSampler, .stochasticSampler])
  }

  @Test func shapeMismatchNamesBothSides() {
    let text = digitsExample.replacing(
      "network nsfw: (x: Image[8, 8] in [0, 1])", with: "network nsfw: (x: Image[3, 64, 64] in [0, 1])")
    #expect(
      check(text).diagnostics.first?.message
        == "`nsfw` needs Image[3, 64, 64] in [0, 1], `G` yields Image[8, 8] in [0, 1]")
  }

  @Test func rangeMismatchNamesBothSides() {
    let text = digitsExample.replacing(
      "network nsfw: (x: Image[8, 8] in [0, 1])", with: "network nsfw: (x: Image[8, 8] in [0, 255])")
    let first = check(text).diagnostics.first
    #expect(first?.code == .rangeMismatch)
    #expect(first?.message == "`nsfw` needs Image[8, 8] in [0, 255], `G` yields Image[8, 8] in [0, 1]")
  }

  @Test(arguments: [
    "property A { mitigates: [Eights, Memorisation]  claim: BER[z ~ PZ, s ~ S: probe(G(z, Digit.two, s)) predicts s] >= eps  evidence: bound }",
    "property A { mitigates: [Eights, Memorisation]  claim: P[z ~ Z: z[0] > 0] <= 1%  evidence: proof }",
    "property A { mitigates: [Eights, Memorisation]  claim: P[z ~ PZ: nsfv(G(z, Digit.thre, Ink.light)) > tau] <= 1.2  evidence: bound }",
    "property A { mitigate: [Eights, Memorisation]  claim: forall z in Zz: z[0] <= 1  evidence: prof }",
    "domain A: Latnt[2] = bux(4, -4)\nproperty B { mitigates: [Eights, Memorisation]  claim: forall z in A: z[0] <= 1  evidence: proof }",
  ])
  func fixItsRemoveTheirDiagnostic(text: String) throws {
    var text = digitsModels + text
    for _ in 0..<12 {
      let checked = check(text)
      guard let first = checked.diagnostics.first else { return }
      let fix = try #require(first.fixIts.first, "\(first.message)")
      let fixed = fix.applied(to: SourceFile(name: "t", text: text), source: SourceID(index: 0))
      text = String(decoding: fixed, as: UTF8.self)
      #expect(!check(text).diagnostics.contains { $0.message == first.message && $0.span == first.span })
    }
    Issue.record("fix-its do not come to an end")
  }

  @Test func syntaxErrorsDoNotCascade() {
    let text = digitsModels.replacing("box(-4, 4)", with: "box(-4,, 4)") + digitsProperties
    #expect(check(text).diagnostics.map(\.code) == [.unexpectedToken])
  }

  @Test func damagedFieldsAreNotJudged() {
    let text =
      digitsModels
      + "property A { mitigates: [Eights, Memorisation]  claim: P[z ~ PZ: judge(z == 1] <= 1  evidence: bound }"
    #expect(check(text).diagnostics.map(\.code) == [.unexpectedToken])
  }

  @Test func misspeltHazardsDoNotMakeHazardsUnused() {
    let text = digitsExample.replacing("mitigates: Memorisation", with: "mitigates: Memorization")
      .replacing("[Eights, Memorisation]", with: "Eights")
    #expect(check(text).diagnostics.map(\.code) == [.unknownName])
  }

  @Test func goldenRendering() {
    let checked = check("dspec 1.0\nparam p: Prob = 1.2\nparam k: Real = tua\nparam tau: Real = 1\n")
    #expect(
      TerminalRenderer(sources: checked.sources).render(checked.diagnostics) == """
        t.dspec:2:17: error[D0401]: `1.2` is not a probability
         2 | param p: Prob = 1.2
           |                 ^^^
        help: did you mean `1.2%`?
        fix: write `1.2%`

        t.dspec:3:17: error[D0801]: unknown name `tua`
         3 | param k: Real = tua
           |                 ^^^
        help: did you mean `tau`?
        fix: replace it with `tau`


        """)
  }
}
