import DSpecSemantics
import Diagnostics
import Testing

/// Goals, tests, trainings and the contracts of mitigations.
@Suite struct LifecycleTests {
  private let safe = """

    property Safe {
      mitigates: [Eights, Memorisation]
      claim: forall z in Z, s in Ink: nsfw(G(z, Digit.one, s)) <= tau
      evidence: proof
    }

    """

  private func expect(
    _ marked: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    let (text, expected) = readMarkers(digitsModels + safe + marked)
    let checked = check(text)
    let shown = TerminalRenderer(sources: checked.sources).render(checked.diagnostics)
    #expect(summary(checked.diagnostics) == expected, "\(shown)", sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    "goal Release \"safe\" { hazards: [Eights]  by: [Safe] }",
    "goal Release { hazards: ⟪D0607⟫[Other]  by: [Safe] } hazard Other { accepted: \"not in this release\" }",
    "goal Release { hazards: ⟪D0805⟫Safe  by: [Safe] }",
    "goal ⟪D0812⟫Release { hazards: [Eights] }",
    "goal Release { hazards: [Eights]  by: [⟪D0805⟫nsfw] }",
    "hazard ⟪D0601⟫Other { severity: \"minor\" }",
    "hazard Other { severity: \"minor\"  accepted: \"no children use it\"  maps: [Eights]  code: \"S1\" }",
    "hazard Other { accepted: \"x\"  maps: ⟪D0805⟫nsfw }",
    // Tests.
    "test \"an unsafe score is rejected\" { under: replace(nsfw, always(1))  expect: refuted(Safe) }",
    "test \"a\" { under: [replace(nsfw, always(1)), replace(probe, always(0))]  expect: [refuted(Safe)] }",
    "test \"a\" { under: replace(nsfw, always(⟪D0302⟫2))  expect: refuted(Safe) }",
    "test \"a\" { under: replace(G, ⟪D0814⟫always(1))  expect: refuted(Safe) }",
    "test \"a\" { under: [replace(Gs, G), replace(decoder, always(Protected[3]))]  expect: refuted(Safe) }",
    "test \"a\" { under: replace(Gs, ⟪D0805⟫nsfw)  expect: refuted(Safe) }",
    "test \"a\" { under: replace(nsfw, always(⟪D0810⟫Protected[3]))  expect: refuted(Safe) }",
    "test \"a\" { under: replace(⟪D0805⟫Eights, always(1))  expect: refuted(Safe) }",
    "test \"a\" { under: replace(nsfw, ⟪D0814⟫never(1))  expect: refuted(Safe) }",
    "test \"a\" { under: replace(nsfw, always(1))  expect: ⟪D0814⟫refute(Safe) }",
    "test ⟪D0812⟫\"a\" { under: replace(nsfw, always(1)) }",
    "goal R { hazards: [Eights]  by: [Two] } test \"a\" { under: replace(nsfw, always(1))  expect: refuted(Safe) } "
      + "property ⟪D0602⟫Two { mitigates: Eights  claim: forall z in Z: z[0] <= 4  evidence: proof }",
    // Trainings.
    "training T of nsfw { mechanism: dp_sgd(noise: 1.1, clip: 1, rate: 0.1%, steps: 20_000, sampling: poisson) "
      + "adjacency: add_remove }",
    "training T of nsfw { mechanism: dp_sgd(noise: ⟪D0817⟫0, clip: 1, rate: 0.1%, steps: 20_000, sampling: poisson) "
      + "adjacency: add_remove }",
    "training T of nsfw { mechanism: dp_sgd(noise: 1, clip: 1, rate: 1%, steps: 20, sampling: ⟪D0814⟫uniform) "
      + "adjacency: add_remove }",
    "training T of ⟪D0805⟫G { mechanism: dp_sgd(noise: 1, clip: 1, rate: 1%, steps: 20, sampling: poisson) "
      + "adjacency: add_remove }",
  ])
  func goalsTestsAndTrainings(marked: String) { expect(marked) }

  private static let training = """
    training T of nsfw {
      mechanism: dp_sgd(noise: 1.1, clip: 1, rate: 0.1%, steps: 20_000, sampling: poisson)
      adjacency: add_remove
    }

    """

  @Test(arguments: [
    "property A { mitigates: Eights  claim: dp_epsilon(T, delta: 1e-6) <= 3  evidence: accounting(rdp) }",
    "property ⟪D0405⟫A { mitigates: Eights  claim: attack_tpr(T, fpr: 0.1%) <= 2.1%  evidence: derived(Safe) }",
    "property A { mitigates: Eights  claim: dp_epsilon(T, delta: ⟪D0817⟫0) <= 3  evidence: accounting(rdp) }",
    "property A { mitigates: Eights  claim: dp_epsilon(⟪D0805⟫nsfw, delta: 1%) <= 3  evidence: accounting(rdp) }",
    "property A { mitigates: Eights  claim: dp_epsilon(T, delta: 1%) <= 3  evidence: accounting(⟪D0814⟫zcdp) }",
    "training U of nsfw { mechanism: dp_sgd(noise: 1, clip: 1, rate: 1%, steps: 20, sampling: shuffled)  adjacency: "
      + "substitute } property A { mitigates: Eights  claim: dp_epsilon(U, delta: 1%) <= 3  "
      + "evidence: ⟪D0406⟫accounting(pld) }",
    "property A { mitigates: Eights  claim: ⟪D0809⟫dp_epsilon(T) <= 3  evidence: accounting(rdp) }",
    "property A { mitigates: Eights  claim: forall z in Z: z[0] <= 4  evidence: ⟪D0409⟫derived(Safe) }",
  ])
  func accountedClaims(marked: String) { expect(Self.training + marked) }

  @Test(arguments: [
    "mitigation U of G: unlearning { yields: Gu  erases: forall z in Z: nsfw(Gu(z, Digit.eight, Ink.light)) <= 5%  "
      + "preserves: forall z in Z: l2(Gu(z, Digit.one, Ink.light), G(z, Digit.one, Ink.light)) <= 2 }",
    "mitigation U of G: ⟪D0502⟫unlearning { yields: Gu  erases: forall z in Z: nsfw(Gu(z, Digit.eight, Ink.light)) <= 5% }",
    "mitigation U of G: ⟪D0814⟫unlearn { yields: Gu }",
    "mitigation U of G: output_filter { yields: Gf  rule: if nsfw(x) > 40% then blank else x  "
      + "preserves: forall z in Z: l2(Gf(z, Digit.one, Ink.light), G(z, Digit.one, Ink.light)) <= 2 }",
    "mitigation U of G: output_filter { yields: Gf  rule: if nsfw(x) > 40% then blank else x  "
      + "ensures: forall z in Z: ⟪D0501⟫nsfw(Gf(z, Digit.one, Ink.light)) <= 50%  preserves: forall z in Z: z[0] <= 4 }",
    "mitigation U of G: output_filter { yields: Gf  rule: ⟪D0814⟫x  preserves: forall z in Z: z[0] <= 4 }",
    "mitigation U of G: output_filter { yields: Gf  rule: ⟪D0810⟫if nsfw(x) > 40% then 1 else 2  "
      + "preserves: forall z in Z: z[0] <= 4 }",
    "mitigation U of G: unlearning { yields: Gu  ⟪D0811⟫colour: 1  preserves: forall z in Z: z[0] <= 4 }",
    "mitigation U of G: unlearning { yields: Gu  preserves: forall z in Z: z[0] <= 4  relies_on: ⟪D0503⟫Switch }",
    "mitigation U of G: unlearning { yields: Gu  preserves: forall z in Z: z[0] <= 4 } "
      + "mitigation V of Gu: alignment { yields: Gv  preserves: forall z in Z: z[0] <= 4  relies_on: U }",
    "property A { mitigates: Eights  claim: forall z in Z: z[0] <= 4  evidence: proof  "
      + "conditions: covers(classes: [one, two], guidance: 7.5) }",
    "property A { mitigates: Eights  claim: forall z in Z: z[0] <= 4  evidence: proof  conditions: ⟪D0814⟫[one] }",
  ])
  func contracts(marked: String) { expect(marked) }
}
