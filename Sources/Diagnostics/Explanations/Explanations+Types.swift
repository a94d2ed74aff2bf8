extension Explanation {
  /// Types, fields, constants and numbers.
  static let types: [Explanation] = [
    Explanation(
      "D0809",
      meaning: """
        A network, sampler, distance, definition or built-in form has too many or too few arguments, or a tensor \
        too many or too few indices.
        """,
      why: """
        An argument left out would have to be guessed, and the claim would hold for the guess only.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z)) <= 50%
          evidence: proof
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0810",
      meaning: """
        A value has another type than its place needs: a number where a condition is needed, a case of one \
        enumeration where one of another is, a tensor in a comparison.
        """,
      why: """
        Nothing is converted in silence. A score is no yes or no until somebody states the threshold.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: not nsfw(G(z, s))
          evidence: proof
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: not (nsfw(G(z, s)) > 50%)
          evidence: proof
        }
        """),
    Explanation(
      "D0811",
      meaning: """
        The declaration has no field, or the form no argument, of this name. It is often misspelt.
        """,
      why: """
        A field that is ignored does nothing: its author believes that something is stated which is not.
        """,
      wrong: """
        hazard Leak "A protected record is reproduced" { severty: "major" }
        """,
      right: """
        hazard Leak "A protected record is reproduced" { severity: "major" }
        """),
    Explanation(
      "D0812",
      meaning: """
        A field that the declaration must have is missing.
        """,
      why: """
        A property without evidence, for example, does not say how it is to be shown, and could be filed as shown \
        by whatever is at hand.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0813",
      meaning: """
        A field or argument is given twice.
        """,
      why: """
        Only one of the two can count, and a reviewer cannot see which.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 10%
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 10%
          evidence: proof
        }
        """),
    Explanation(
      "D0814",
      meaning: """
        A value does not have the form that its place needs: one of a few words, a name, a text in quotes, or a \
        form such as `box(-4, 4)`. The help shows what can be written.
        """,
      why: """
        The nearest known word may mean something else, so none is taken in its place.
        """,
      wrong: """
        domain Disc: Latent[2] = ball(center: 0, radius: 1, norm: l3)
        """,
      right: """
        domain Disc: Latent[2] = ball(center: 0, radius: 1, norm: l2)
        """),
    Explanation(
      "D0815",
      meaning: """
        The value must be known before anything runs, such as the end of a box or the value of a probability, but \
        it depends on what a network computes.
        """,
      why: """
        A region that moves with the network is not the region that was reviewed.
        """,
      wrong: """
        domain Core: Latent[2] = box(-1, nsfw(Protected[0]))
        """,
      right: """
        domain Core: Latent[2] = box(-1, 1)
        """),
    Explanation(
      "D0816",
      meaning: """
        A constant expression divides by zero, often because two parameters have the same value.
        """,
      why: """
        The result is no number, and a claim compared with it could be called true or false at will.
        """,
      wrong: """
        param rate: Prob = 50%
        param odds: Real = rate / (50% - rate)
        """,
      right: """
        param rate: Prob = 50%
        param odds: Real = rate / (1 - rate)
        """),
    Explanation(
      "D0817",
      meaning: """
        A number lies outside what its place allows: a deviation that is not positive, a confidence of 100%, a \
        parameter outside its range, a shape that is too large.
        """,
      why: """
        Beyond the limits the formulas that the evidence rests on do not hold.
        """,
      wrong: """
        dist Spike: Latent[2] = normal(0, 0)
        """,
      right: """
        dist Spike: Latent[2] = normal(0, 0.01)
        """),
    Explanation(
      "D0818",
      meaning: """
        A declaration is needed to find out its own value or meaning, directly or through others.
        """,
      why: """
        Such a circle has no value, or many. A threshold must rest on a number that somebody chose.
        """,
      wrong: """
        param strict: Prob = loose / 2
        param loose: Prob = strict * 2
        """,
      right: """
        param strict: Prob = loose / 2
        param loose: Prob = 50%
        """),
    Explanation(
      "D0819",
      meaning: """
        Two numbers that both vary are multiplied, or one is divided by another. Claims are linear in what varies: \
        one factor must be a constant, and so must a divisor.
        """,
      why: """
        The engines decide linear claims exactly. An approximation of the product could turn a violation into a \
        proof.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z:
            nsfw(G(z, Ink.light)) / audit(G(z, Ink.light)) <= 2
          evidence: proof
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z:
            nsfw(G(z, Ink.light)) <= 2 * audit(G(z, Ink.light))
          evidence: proof
        }
        """),
    Explanation(
      "D0820",
      meaning: """
        An index does not exist: elements, records and steps count from 0, and the index is not a whole number \
        below their number.
        """,
      why: """
        Off by one, a claim protects the wrong record or reads the wrong score.
        """,
      wrong: """
        domain Near: Image[8, 8] =
          ball(center: Protected[50], radius: 0.1, norm: l2)
        """,
      right: """
        domain Near: Image[8, 8] =
          ball(center: Protected[49], radius: 0.1, norm: l2)
        """),
  ]
}
