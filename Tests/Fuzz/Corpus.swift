/// Texts that the fuzzer mutates even without a corpus folder.
enum Corpus {
  static let texts: [String] = [everyConstruct, checked]

  /// Every declaration and operator; it parses without errors.
  private static let everyConstruct = """
    dspec 1.0
    module fuzz.all
    import "common.dspec" as m
    import std.hazards

    /// What the generator may be asked for.
    enum Digit { zero, one, two, }
    param tau: Prob in [0, 50%] = 50% // a comment
    param n: Int
    domain Z: Latent[2] = box([-4, -3], [4, 3]) /* a /* nested */ comment */
    dist PZ: Latent[2] = normal(0, 1).truncated(Z)
    network nsfw: (x: Image[8, 8] in [0, 1], s: Ink) -> Prob { artifact: onnx("m/a \\"b\\".onnx", sha256: "00") }
    sampler G: (z: Latent[2]) -> Image[8, 8] in [0, 1] {
      denoiser: m.denoiser
      method: ddim(steps: 10, eta: 0)
    }
    mitigation Switch of G: attribute_switching { yields: Gs  attribute: s  at: step(6) }
    dataset Protected: Image[8, 8] { scale: 1/16  rows: range(0, 5_000), }
    hazard Eights "The generator draws 8" { severity: "critical" }
    property A "No latent" {
      mitigates: [Eights]
      claim: forall z in Z, s in m.Ink where not (z[0] < -1): nsfw(G(z), s) <= tau and (0.5 < z[1] <= 1e-4 or true)
      evidence: [proof, sampled(n: 20_000, confidence: 99.9%)]
    }
    property B { claim: eps <= BER[z ~ PZ, s ~ S: f(z) predicts s given z[0] >= 0] <= 1 - eps * 2 / 3 + -1 }
    property C { claim: exists t in steps(1, 9): if a != b then a implies b implies c else (forall x in Z: x == 1) }
    goal Release "x" { by: [A, B] }
    test "t" { under: replace(nsfw, always(1)) }
    training Dp of m.unet { steps: 3 }
    let f(x: Real) : Real = x.y.z

    """

  /// A small specification that the checker accepts, so that mutations of it reach deep into the checker.
  private static let checked = """
    dspec 1.0
    import "common.dspec" as m
    enum Digit { zero, one, two }
    enum Ink { light, heavy }
    param tau: Prob in [0, 50%] = 50%
    param eps: Prob in [0, 0.5] = 0.45
    hazard Eights { severity: "critical" }
    domain Z: Latent[2] = box(-4, 4)
    domain Half: Latent[2] = box([-4, 0], [4, 4])
    dataset Protected: Image[8, 8] in [0, 1] { artifact: idx("d.idx", sha256: "\(digest)")  scale: 1/16  rows: range(0, 50) }
    domain Near: Image[8, 8] = ball(center: Protected[17], radius: 0.02, norm: linf)
    dist PZ: Latent[2] = normal(0, 1).truncated(Z)
    dist UZ: Latent[2] = uniform(Half)
    dist S: Ink = categorical([Ink.light, Ink.heavy], [50%, 50%])
    network denoiser: (z: Latent[2], t: Step[10], c: Digit, s: Ink) -> Latent[2] { artifact: onnx("a", sha256: "\(digest)") }
    network decoder: (z: Latent[2]) -> Image[8, 8] in [0, 1] { artifact: onnx("b", sha256: "\(digest)") }
    network nsfw: (x: Image[8, 8] in [0, 1]) -> Prob { artifact: onnx("c", sha256: "\(digest)") }
    network probe: (x: Image[8, 8] in [0, 1]) -> Ink { artifact: onnx("d", sha256: "\(digest)") }
    sampler G: (z: Latent[2], c: Digit, s: Ink) -> Image[8, 8] in [0, 1] {
      denoiser: denoiser
      decoder: decoder
      method: ddim(steps: 10, eta: 0)
      schedule: linear(train_steps: 1000, beta_start: 0.0001, beta_end: 0.02)
      prediction: x0
    }
    mitigation Switch of G: attribute_switching { yields: Gs  attribute: s  at: step(6) }
    property A {
      mitigates: Eights
      claim: forall z in Z, s in Ink where z[0] >= 0: nsfw(G(z, Digit.one, s)) <= tau or not (z[1] < 1/3)
      evidence: [proof, attacked(budget: 1000)]
    }
    property B { mitigates: Eights  claim: forall z in Z, r in Protected: l2(G(z, Digit.two, Ink.light), r) >= 0.9  evidence: proof }
    property C { mitigates: Eights  claim: forall x in Near: nsfw(x) <= m.limit  evidence: proof  engine: smt }
    property D {
      mitigates: Eights
      claim: P[z ~ PZ, s ~ S: nsfw(G(z, Digit.two, s)) > tau given z[0] > 0] <= 10%
      evidence: [bound, sampled(n: 20_000, confidence: 99.9%)]
    }
    property E {
      mitigates: Eights
      claim: eps <= BER[z ~ UZ, s ~ S: probe(Gs(z, Digit.two, s)) predicts s] <= 1 - eps
      evidence: bound
    }

    """

  /// What `import "common.dspec"` reads.
  static let imported = "dspec 1.0\nparam limit: Prob = 25%\nenum Ink { light, heavy }\n"

  private static let digest = String(repeating: "0", count: 64)
}
