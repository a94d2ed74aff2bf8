extension Explanation {
  /// Shapes, units, norms, and how samplers and networks fit together.
  static let shapes: [Explanation] = [
    Explanation(
      "D0301",
      meaning: """
        A tensor of one kind or shape is given where another is needed, or a list has not as many numbers as its \
        tensor has elements. Kinds and shapes are never adapted.
        """,
      why: """
        A network applied to something else than it was built for still yields numbers. They would be judged as if \
        they meant something.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z: nsfw(z) <= 50%
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
      "D0302",
      meaning: """
        The range of a tensor is its unit, and two units meet here: `[0, 1]` and `[0, 255]`, for example. The same \
        code reports values outside a declared range.
        """,
      why: """
        A classifier that is fed pixels of the wrong scale is fooled without any attack, and a radius in the wrong \
        unit makes the region 255 times too small.
        """,
      wrong: """
        domain Near: Image[8, 8] in [0, 255] =
          ball(center: Protected[17], radius: 8, norm: linf)
        """,
      right: """
        domain Near: Image[8, 8] in [0, 1] =
          ball(center: Protected[17], radius: 8/255, norm: linf)
        """),
    Explanation(
      "D0303",
      meaning: """
        The claim measures the distance from the centre of a ball in another norm than the ball is declared in, or \
        puts distances of two norms together.
        """,
      why: """
        A distance in `l2` and one in `linf` differ by a factor of up to the square root of the number of pixels. \
        A result for one is easily quoted for the other.
        """,
      wrong: """
        domain Near: Image[8, 8] =
          ball(center: Protected[17], radius: 0.1, norm: linf)
        property Local {
          mitigates: Harm
          claim: forall x in Near:
            l2(x, Protected[17]) <= 0.05 implies nsfw(x) <= 50%
          evidence: proof
        }
        """,
      right: """
        domain Near: Image[8, 8] =
          ball(center: Protected[17], radius: 0.1, norm: l2)
        property Local {
          mitigates: Harm
          claim: forall x in Near:
            l2(x, Protected[17]) <= 0.05 implies nsfw(x) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0304",
      meaning: """
        A model or data file does not have the inputs, the shapes or the records that the specification declares. \
        `dspec check --models`, `verify` and `sample` read the files and compare.
        """,
      why: """
        A claim about a network of two inputs says nothing about a file with three. Answers would be about something \
        that is not deployed.
        """,
      wrong: """
        network wide: (z: Latent[2]) -> Prob {
          artifact: onnx(
            "three-inputs.onnx",
            sha256:
              "0000000000000000000000000000000000000000000000000000000000000000")
        }
        """,
      right: """
        network wide: (z: Latent[3]) -> Prob {
          artifact: onnx(
            "three-inputs.onnx",
            sha256:
              "0000000000000000000000000000000000000000000000000000000000000000")
        }
        """),
    Explanation(
      "D0305",
      meaning: """
        The sampler takes another number of steps than its denoiser is declared for, or more steps than the \
        schedule was trained with.
        """,
      why: """
        A denoiser that is called at other steps is another generator. The verdict would be about a pipeline that \
        is not deployed.
        """,
      wrong: """
        sampler Fast: (z: Latent[2], s: Ink) -> Image[8, 8] in [0, 1] {
          denoiser: denoiser
          decoder: decoder
          method: ddim(steps: 5, eta: 0)
          schedule: linear(train_steps: 1000, beta_start: 1e-4, beta_end: 0.02)
          prediction: x0
        }
        """,
      right: """
        sampler Fast: (z: Latent[2], s: Ink) -> Image[8, 8] in [0, 1] {
          denoiser: denoiser
          decoder: decoder
          method: ddim(steps: 10, eta: 0)
          schedule: linear(train_steps: 1000, beta_start: 1e-4, beta_end: 0.02)
          prediction: x0
        }
        """),
    Explanation(
      "D0306",
      meaning: """
        The inputs of a sampler and of its denoiser or decoder do not match. A denoiser has one latent, one `Step`, \
        and conditions, which the sampler has under the same names and types.
        """,
      why: """
        A condition that reaches no network, or a network input that nobody sets, leaves open which images the \
        claim is about.
        """,
      wrong: """
        sampler Plain: (z: Latent[2]) -> Image[8, 8] in [0, 1] {
          denoiser: denoiser
          decoder: decoder
          method: ddim(steps: 10, eta: 0)
          schedule: linear(train_steps: 1000, beta_start: 1e-4, beta_end: 0.02)
          prediction: x0
        }
        """,
      right: """
        sampler Plain: (z: Latent[2], s: Ink) -> Image[8, 8] in [0, 1] {
          denoiser: denoiser
          decoder: decoder
          method: ddim(steps: 10, eta: 0)
          schedule: linear(train_steps: 1000, beta_start: 1e-4, beta_end: 0.02)
          prediction: x0
        }
        """),
  ]
}
