extension Explanation {
  /// Sets, laws and the noise of samplers.
  static let quantifiers: [Explanation] = [
    Explanation(
      "D0202",
      meaning: """
        The claim bounds a small probability under a truncated law, and truncation leaves out more mass than the \
        bound allows.
        """,
      why: """
        The deployed generator draws the left-out latents more often than the bound permits harm. The bound can \
        hold under the truncated law and fail in use.
        """,
      wrong: """
        domain Core: Latent[2] = box(-2, 2)
        dist TZ: Latent[2] = normal(0, 1).truncated(Core)
        property Rare {
          mitigates: Harm
          claim: P[z ~ TZ: nsfw(G(z, Ink.light)) > 50%] <= 1%
          evidence: bound
        }
        """,
      right: """
        domain Core: Latent[2] = box(-6, 6)
        dist TZ: Latent[2] = normal(0, 1).truncated(Core)
        property Rare {
          mitigates: Harm
          claim: P[z ~ TZ: nsfw(G(z, Ink.light)) > 50%] <= 1%
          evidence: bound
        }
        """),
    Explanation(
      "D0203",
      meaning: """
        A sampler with `eta` above 0 draws noise of its own at every step, so one latent gives many images. A \
        `forall` over latents has no single image to speak of; claim a probability, or set `eta: 0`.
        """,
      why: """
        A proof for one draw of the noise would leave all other draws open, yet read as a proof for the latent.
        """,
      wrong: """
        sampler H: (z: Latent[2], s: Ink) -> Image[8, 8] in [0, 1] {
          denoiser: denoiser
          decoder: decoder
          method: ddim(steps: 10, eta: 0.5)
          schedule: linear(train_steps: 1000, beta_start: 1e-4, beta_end: 0.02)
          prediction: x0
        }
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(H(z, s)) <= 50%
          evidence: proof
        }
        """,
      right: """
        sampler H: (z: Latent[2], s: Ink) -> Image[8, 8] in [0, 1] {
          denoiser: denoiser
          decoder: decoder
          method: ddim(steps: 10, eta: 0.5)
          schedule: linear(train_steps: 1000, beta_start: 1e-4, beta_end: 0.02)
          prediction: x0
        }
        property Safe {
          mitigates: Harm
          claim: P[z ~ PZ, s ~ S: nsfw(H(z, s)) > 50%] <= 5%
          evidence: sampled(n: 20_000, confidence: 99.9%)
        }
        """),
    Explanation(
      "D0204",
      meaning: """
        A variable of `forall` ranges over a set: a domain, an enumeration or a dataset. A law is none, and `~` \
        draws instead of ranging.
        """,
      why: """
        "For all draws" could mean every point or most of them, and the difference decides whether rare harm is \
        covered. The two are written differently.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in PZ: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0205",
      meaning: """
        A variable of a measure is drawn from a law with `~`. A set alone does not say how likely its points are; \
        write `uniform(Z)` if all are equally likely.
        """,
      why: """
        The same rate of harm is small under one law and large under another. A probability without a stated law \
        can be read as the favourable one.
        """,
      wrong: """
        property Rare {
          mitigates: Harm
          claim: P[z ~ Z: nsfw(G(z, Ink.light)) > 50%] <= 10%
          evidence: bound
        }
        """,
      right: """
        property Rare {
          mitigates: Harm
          claim: P[z ~ uniform(Z): nsfw(G(z, Ink.light)) > 50%] <= 10%
          evidence: bound
        }
        """),
  ]
}
