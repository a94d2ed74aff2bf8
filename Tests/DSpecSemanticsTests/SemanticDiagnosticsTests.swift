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
    "exists z in Z: z[0] <= 1",
    "forall z in Z: z[0] <= 1 and (forall w in Z: w[0] <= 1)",
    "forall z in Z: P[w ~ PZ: w[0] <= 1] <= z[0]",
    "forall z in Z: if z[0] > 1 then z[1] > 1 else z[1] > 2",
  ])
  func acceptedUniversalClaims(text: String) {
    expect(claim: text, evidence: "proof")
  }

  @Test(arguments: [
    "P[z ~ PZ: nsfw(G(z, Digit.one, Ink.light)) > tau given z[0] > 0] < 1e-3",
    "10% >= P[z ~ PZ, s ~ uniform(Ink): nsfw(Gs(z, Digit.one, s)) > tau]",
    "1% < P[z ~ uniform(Z): z[0] > 0] < 60%",
    "BER[z ~ PZ, s ~ S: probe(G(z, Digit.two, s)) predicts s] <= 10%",
    "E[z ~ PZ: z[0]] <= 1",
    "P[z ~ PZ: z[0] > 0] <= P[w ~ PZ: w[0] > 0]",
    "BER[z ~ PZ, c ~ C: judge(G(z, c, Ink.light)) predicts c] >= 60%",
  ])
  func acceptedMeasureClaims(text: String) {
    expect(claim: text, evidence: "bound")
  }

  @Test(arguments: [
    ("forall z in Z: z[0] <= 1", "[proof, attacked(budget: 1000)]"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "[bound, sampled(n: 100, confidence: 99%)]"),
    ("P[z ~ PZ: z[0] <= 1] <= 10%", "⟪D0814⟫prof"),
  ])
  func grades(claim: String, evidence: String) {
    expect(claim: claim, evidence: evidence)
  }

  @Test(arguments: [
    "domain A: Latent[2, 2] = box([[0, 1], [2, 3]], [4, 4, 4, 4])",
    "dist A: Ink = categorical([Ink.light, Ink.heavy], [1/3, 2/3])",
    "dist A: Latent[2] = normal([0, 1], [1, 2]).truncated(Z)",
    "dist A: Latent[2] = uniform(Z)",
    "param a: Ink = Ink.light",
    "param d: Int = 2\ndomain A: Latent[d * 1] = box(-d, d)",
    "let f = 3",
  ])
  func acceptedDeclarations(text: String) {
    expect(
      digitsModels + text
        + "\nproperty Uses { mitigates: [Eights, Memorisation]  claim: forall z in Z: z[0] <= 1  evidence: proof }"
    )
  }

  @Test(arguments: [
    ("train_steps: 1000", "train_steps: 5"),
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
