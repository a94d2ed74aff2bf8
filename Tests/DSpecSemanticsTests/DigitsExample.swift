/// A SHA-256 digest in the right form.
let someDigest = String(repeating: "0123456789abcdef", count: 4)

/// The declarations of the digits example, without properties.
let digitsModels = """
  dspec 1.0
  module examples.digits

  /// What the generator may be asked for.
  enum Digit { zero, one, two, three, four, five, six, seven, eight, nine }
  enum Ink { light, heavy }

  param tau: Prob in [0, 50%] = 50%
  param eps: Prob in [0, 0.5] = 0.45

  hazard Eights "The generator draws the forbidden digit 8" { severity: "critical" }
  hazard Memorisation "A generated image is a copy of a protected record" { severity: "major" }

  domain Z: Latent[2] = box(-4, 4)
  dist PZ: Latent[2] = normal(0, 1)
  dist S: Ink = categorical([Ink.light, Ink.heavy], [50%, 50%])
  dist C: Digit = uniform(Digit)

  network denoiser: (z: Latent[2], t: Step[10], c: Digit, s: Ink) -> Latent[2] {
    artifact: onnx("models/d2-denoiser.onnx", sha256: "\(someDigest)")
  }
  network decoder: (z: Latent[2]) -> Image[8, 8] in [0, 1] {
    artifact: onnx("models/d2-decoder.onnx", sha256: "\(someDigest)")
  }
  network nsfw: (x: Image[8, 8] in [0, 1]) -> Prob {
    artifact: onnx("models/unsafe-head.onnx", sha256: "\(someDigest)")
  }
  network probe: (x: Image[8, 8] in [0, 1]) -> Ink {
    artifact: onnx("models/ink-probe.onnx", sha256: "\(someDigest)")
  }
  network judge: (x: Image[8, 8] in [0, 1]) -> Digit {
    artifact: onnx("models/judge.onnx", sha256: "\(someDigest)")
  }

  sampler G: (z: Latent[2], c: Digit, s: Ink) -> Image[8, 8] in [0, 1] {
    denoiser: denoiser
    decoder: decoder
    method: ddim(steps: 10, eta: 0)
    schedule: linear(train_steps: 1000, beta_start: 0.0001, beta_end: 0.02)
    prediction: x0
  }
  mitigation Switch of G: attribute_switching { yields: Gs  attribute: s  at: step(6) }

  dataset Protected: Image[8, 8] in [0, 1] {
    artifact: idx("data/digits-images.idx3-ubyte", sha256: "\(someDigest)")
    scale: 1/16
    rows: range(0, 50)
  }
  domain Near: Image[8, 8] = ball(center: Protected[17], radius: 0.02, norm: linf)

  """

/// The properties of the digits example.
let digitsProperties = """
  property NeverEight "No latent makes a one look like an eight" {
    mitigates: Eights
    claim: forall z in Z, s in Ink: nsfw(G(z, Digit.one, s)) <= tau
    evidence: proof
  }
  property RareEight {
    mitigates: Eights
    claim: P[z ~ PZ, s ~ S: nsfw(G(z, Digit.three, s)) > tau] <= 10%
    evidence: bound
  }
  property Fair {
    mitigates: [Eights, Memorisation]
    claim: eps <= BER[z ~ PZ, s ~ S: probe(Gs(z, Digit.two, s)) predicts s] <= 1 - eps
    evidence: bound
  }
  property NoCopy {
    mitigates: Memorisation
    claim: forall z in Z, r in Protected: l2(G(z, Digit.three, Ink.light), r) >= 0.9
    evidence: proof
  }
  property HeadLocal {
    mitigates: Eights
    claim: forall x in Near: nsfw(x) <= tau
    evidence: proof
    engine: smt
  }
  property Quality {
    mitigates: Eights
    claim: P[z ~ PZ, c ~ C, s ~ S: judge(Gs(z, c, s)) == c] >= 85%
    evidence: sampled(n: 20_000, confidence: 99.9%)
  }

  """

/// The whole digits example.
let digitsExample = digitsModels + "\n" + digitsProperties
