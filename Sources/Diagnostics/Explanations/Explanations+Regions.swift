extension Explanation {
  /// Regions that hold nothing, and claims that say nothing about the networks.
  static let regions: [Explanation] = [
    Explanation(
      "D0101",
      meaning: """
        A domain, range or list of rows has no element: a lower end lies above its upper end, a radius is negative, \
        or the rows end where they begin.
        """,
      why: """
        Every `forall` over an empty set is true, even that a broken model is safe. The proof would be correct and \
        worthless.
        """,
      wrong: """
        domain Core: Latent[2] = box(1, -1)
        """,
      right: """
        domain Core: Latent[2] = box(-1, 1)
        """),
    Explanation(
      "D0102",
      meaning: """
        No point of the region meets the antecedent, so the claim is vacuous: what stands before the colon after \
        `where`, or before `implies`, is false everywhere. For `given`, the condition never holds and the \
        probability is undefined.
        """,
      why: """
        Such a claim holds for every model, an unsafe one included. It would count as evidence though it has looked \
        at no image at all.
        """,
      wrong: """
        property Far {
          mitigates: Harm
          claim: forall z in Z where z[0] > 5: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """,
      right: """
        property Far {
          mitigates: Harm
          claim: forall z in Z where z[0] > 3: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0103",
      meaning: """
        The claim, or a comparison in it, has the same answer whatever the networks compute: by its constants, by \
        the declared ranges, or by its logical form.
        """,
      why: """
        A claim that no model can violate does not speak for the model at hand. Often a threshold is at the wrong \
        end of its range.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 1
          evidence: proof
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 0.1
          evidence: proof
        }
        """),
    Explanation(
      "D0104",
      meaning: """
        Two properties cannot both hold, whatever the networks compute: they ask for opposite things on the same \
        region, or bound the same probability from two sides with nothing in between.
        """,
      why: """
        No model meets the specification as a whole. One of the two is not what was meant, and the proof of the \
        other may then be proof of the wrong requirement.
        """,
      wrong: """
        property Low {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.light)) <= 20%
          evidence: proof
        }
        property Flagged {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.light)) >= 30%
          evidence: proof
        }
        """,
      right: """
        property Low {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.light)) <= 20%
          evidence: proof
        }
        property Flagged {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.heavy)) >= 30%
          evidence: proof
        }
        """),
    Explanation(
      "D0105",
      meaning: """
        A condition after `where` or `given`, or before `implies`, holds at every point of the region, so it \
        restricts nothing.
        """,
      why: """
        The claim is stronger than it looks, which is harmless; but its author meant to single out some points, and \
        the region or the condition is not the one that was meant.
        """,
      wrong: """
        property Near {
          mitigates: Harm
          claim: forall z in Z where z[0] <= 5: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """,
      right: """
        property Near {
          mitigates: Harm
          claim: forall z in Z where z[0] <= 2: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0106",
      meaning: """
        A law is spread over a box that is flat: in some coordinate both ends are the same number, so the box has \
        no volume and no uniform or truncated law.
        """,
      why: """
        A probability on such a set would be a division of zero by zero, and any bound could be claimed of it.
        """,
      wrong: """
        domain Slice: Latent[2] = box([-1, 0], [1, 0])
        dist USlice: Latent[2] = uniform(Slice)
        """,
      right: """
        domain Slice: Latent[2] = box([-1, -0.1], [1, 0.1])
        dist USlice: Latent[2] = uniform(Slice)
        """),
    Explanation(
      "D0107",
      meaning: """
        One property follows from another on the same region, whatever the networks compute.
        """,
      why: """
        It adds a line to the list of what was shown, but no evidence: a reader who counts properties counts the \
        same result twice.
        """,
      wrong: """
        property Strict {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.light)) <= 20%
          evidence: proof
        }
        property Loose {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """,
      right: """
        property Strict {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.light)) <= 20%
          evidence: proof
        }
        """),
  ]
}
