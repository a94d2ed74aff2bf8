extension Explanation {
  /// Probabilities, error rates and the evidence for them.
  static let probability: [Explanation] = [
    Explanation(
      "D0401",
      meaning: """
        A number that stands for a probability lies outside [0, 1]. Often a `%` is missing.
        """,
      why: """
        A bound of 5 instead of 5% is met by every model.
        """,
      wrong: """
        property Rare {
          mitigates: Harm
          claim: P[z ~ PZ: nsfw(G(z, Ink.light)) > 50%] <= 5
          evidence: bound
        }
        """,
      right: """
        property Rare {
          mitigates: Harm
          claim: P[z ~ PZ: nsfw(G(z, Ink.light)) > 50%] <= 5%
          evidence: bound
        }
        """),
    Explanation(
      "D0402",
      meaning: """
        A balanced error rate is asked to exceed that of a probe that always gives the same answer: 1/2 for two \
        cases, 1 - 1/n for n cases. No honest claim asks for more than chance.
        """,
      why: """
        For an attribute to be hidden, the probe should do no better than chance. A demand beyond that is met only \
        by a probe that is wrong on purpose, and such a probe reveals the attribute.
        """,
      wrong: """
        property Fair {
          mitigates: Harm
          claim: BER[z ~ PZ, s ~ S: probe(G(z, s)) predicts s] >= 60%
          evidence: bound
        }
        """,
      right: """
        property Fair {
          mitigates: Harm
          claim: 45% <= BER[z ~ PZ, s ~ S: probe(G(z, s)) predicts s] <= 55%
          evidence: bound
        }
        """),
    Explanation(
      "D0403",
      meaning: """
        A balanced error rate averages over all cases of an attribute, and its law gives some case no mass, or the \
        attribute has only one case.
        """,
      why: """
        The error rate of a group that never occurs is undefined. Leaving the group out would call a generator fair \
        that was never asked about it.
        """,
      wrong: """
        dist Only: Ink = categorical([Ink.light], [100%])
        property Fair {
          mitigates: Harm
          claim: 45% <= BER[z ~ PZ, s ~ Only: probe(G(z, s)) predicts s] <= 55%
          evidence: bound
        }
        """,
      right: """
        dist Both: Ink = categorical([Ink.light, Ink.heavy], [80%, 20%])
        property Fair {
          mitigates: Harm
          claim: 45% <= BER[z ~ PZ, s ~ Both: probe(G(z, s)) predicts s] <= 55%
          evidence: bound
        }
        """),
    Explanation(
      "D0404",
      meaning: """
        So few samples cannot show the bound at the stated confidence, not even if every one of them counts in its \
        favour. The help says how many would do.
        """,
      why: """
        The verdict can only be `unknown` or `contradicted`. A clean count of 100 images looks like a rate below 1%, \
        but rates several times as large often give the same count.
        """,
      wrong: """
        property Rare {
          mitigates: Harm
          claim: P[z ~ PZ: nsfw(G(z, Ink.light)) > 50%] <= 1%
          evidence: sampled(n: 100, confidence: 99%)
        }
        """,
      right: """
        property Rare {
          mitigates: Harm
          claim: P[z ~ PZ: nsfw(G(z, Ink.light)) > 50%] <= 1%
          evidence: sampled(n: 5000, confidence: 99%)
        }
        """),
    Explanation(
      "D0405",
      meaning: """
        The property is derived from a privacy budget, and the budget does not give it. A mechanism with \
        (epsilon, delta)-differential privacy keeps the true positive rate of every membership test at false \
        positive rate f below e^epsilon f + delta and below 1 - e^-epsilon (1 - delta - f) (Kairouz, Oh, Viswanath, \
        2015), and no lower.
        """,
      why: """
        A large epsilon permits an attack that is almost always right. A small rate would be certified that nothing \
        supports.
        """,
      wrong: """
        training Private of denoiser {
          mechanism: dp_sgd(
            noise: 0.5, clip: 1, rate: 0.1%, steps: 20_000, sampling: poisson)
          adjacency: add_remove
        }
        property Budget {
          mitigates: Harm
          claim: dp_epsilon(Private, delta: 1e-6) <= 8
          evidence: accounting(rdp)
        }
        property Membership {
          mitigates: Harm
          claim: attack_tpr(Private, fpr: 0.1%) <= 1%
          evidence: derived(Budget)
        }
        """,
      right: """
        training Private of denoiser {
          mechanism: dp_sgd(
            noise: 1.1, clip: 1, rate: 0.1%, steps: 20_000, sampling: poisson)
          adjacency: add_remove
        }
        property Budget {
          mitigates: Harm
          claim: dp_epsilon(Private, delta: 1e-6) <= 2
          evidence: accounting(rdp)
        }
        property Membership {
          mitigates: Harm
          claim: attack_tpr(Private, fpr: 0.1%) <= 1%
          evidence: derived(Budget)
        }
        """),
    Explanation(
      "D0406",
      meaning: """
        The accountant's theorem is about batches that take each record by an independent coin (Poisson sampling). \
        The training draws its batches in another way.
        """,
      why: """
        Shuffled or fixed batches can leak more than the theorem allows for. The stated epsilon would be too small \
        for the training that took place.
        """,
      wrong: """
        training Private of denoiser {
          mechanism: dp_sgd(
            noise: 1.1, clip: 1, rate: 0.1%, steps: 20_000, sampling: shuffled)
          adjacency: add_remove
        }
        property Budget {
          mitigates: Harm
          claim: dp_epsilon(Private, delta: 1e-6) <= 8
          evidence: accounting(rdp)
        }
        """,
      right: """
        training Private of denoiser {
          mechanism: dp_sgd(
            noise: 1.1, clip: 1, rate: 0.1%, steps: 20_000, sampling: poisson)
          adjacency: add_remove
        }
        property Budget {
          mitigates: Harm
          claim: dp_epsilon(Private, delta: 1e-6) <= 8
          evidence: accounting(rdp)
        }
        """),
    Explanation(
      "D0407",
      meaning: """
        The claim bounds a balanced error rate of two cases from below only. A probe with rate b becomes one with \
        rate 1 - b when its answers are swapped, so a rate near 1 gives the attribute away as well.
        """,
      why: """
        A probe that is always wrong meets the claim, though the attribute can be read off every image.
        """,
      wrong: """
        property Fair {
          mitigates: Harm
          claim: 45% <= BER[z ~ PZ, s ~ S: probe(G(z, s)) predicts s]
          evidence: bound
        }
        """,
      right: """
        property Fair {
          mitigates: Harm
          claim: 45% <= BER[z ~ PZ, s ~ S: probe(G(z, s)) predicts s] <= 55%
          evidence: bound
        }
        """),
    Explanation(
      "D0408",
      meaning: """
        The weights of a categorical law do not sum to exactly 1. Numbers are exact, so write `1/3` where decimals \
        fall short.
        """,
      why: """
        Missing mass belongs to no case. A bound over the rest would be too small by what is missing.
        """,
      wrong: """
        dist Mix: Ink = categorical([Ink.light, Ink.heavy], [33%, 66%])
        """,
      right: """
        dist Mix: Ink = categorical([Ink.light, Ink.heavy], [1/3, 2/3])
        """),
    Explanation(
      "D0409",
      meaning: """
        The grade of evidence cannot decide the claim: samples and `bound` are for probabilities, `proof` and \
        `attacked` for `forall`, and accounting for privacy.
        """,
      why: """
        No number of harmless samples shows that every image is harmless. A result under this heading would be \
        taken for more than it is.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: sampled(n: 20_000, confidence: 99.9%)
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        """),
  ]
}
