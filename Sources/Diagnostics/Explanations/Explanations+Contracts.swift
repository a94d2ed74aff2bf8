extension Explanation {
  /// Mitigations and what they promise.
  static let contracts: [Explanation] = [
    Explanation(
      "D0501",
      meaning: """
        A claim about a filtered pipeline is judged by the very classifier that the filter uses, under the same \
        name or as the same file.
        """,
      why: """
        The filter blocks whatever its classifier dislikes, so that classifier finds nothing afterwards, however \
        blind it is. Only an independent judge can tell whether harm gets through.
        """,
      wrong: """
        mitigation Filter of G: output_filter {
          yields: Gf
          rule: if nsfw(x) > 40% then blank else x
          preserves: forall z in Z, s in Ink:
            nsfw(G(z, s)) <= 40% implies linf(Gf(z, s), G(z, s)) <= 0
        }
        property Filtered {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(Gf(z, s)) <= 40%
          evidence: proof
        }
        """,
      right: """
        mitigation Filter of G: output_filter {
          yields: Gf
          rule: if nsfw(x) > 40% then blank else x
          preserves: forall z in Z, s in Ink:
            nsfw(G(z, s)) <= 40% implies linf(Gf(z, s), G(z, s)) <= 0
        }
        property Filtered {
          mitigates: Harm
          claim: forall z in Z, s in Ink: audit(Gf(z, s)) <= 40%
          evidence: proof
        }
        """),
    Explanation(
      "D0502",
      meaning: """
        A mitigation that is known by its contract only does not say what it `preserves`.
        """,
      why: """
        A generator that yields grey images keeps every promise to erase. Without `preserves` the contract cannot \
        tell a careful change from a destroyed model.
        """,
      wrong: """
        mitigation Erase of G: unlearning {
          yields: Gu
          erases: forall z in Z: nsfw(Gu(z, Ink.heavy)) <= 10%
        }
        """,
      right: """
        mitigation Erase of G: unlearning {
          yields: Gu
          erases: forall z in Z: nsfw(Gu(z, Ink.heavy)) <= 10%
          preserves: forall z in Z:
            linf(Gu(z, Ink.light), G(z, Ink.light)) <= 0.1
        }
        """),
    Explanation(
      "D0503",
      meaning: """
        Something names a mitigation in `relies_on`, and the mitigation promises nothing: it has none of `ensures`, \
        `erases` and `preserves`.
        """,
      why: """
        An argument that rests on an empty promise rests on nothing, but reads as if a safeguard stood behind it.
        """,
      wrong: """
        mitigation Switch of G: attribute_switching {
          yields: Gs
          attribute: s
          at: step(6)
        }
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(Gs(z, s)) <= 50%
          evidence: proof
          relies_on: Switch
        }
        """,
      right: """
        mitigation Switch of G: attribute_switching {
          yields: Gs
          attribute: s
          at: step(6)
          ensures: 45% <= BER[z ~ PZ, s ~ S: probe(Gs(z, s)) predicts s] <= 55%
        }
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(Gs(z, s)) <= 50%
          evidence: proof
          relies_on: Switch
        }
        """),
  ]
}
