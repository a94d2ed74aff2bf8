extension Explanation {
  /// Operators that need parentheses.
  static let precedence: [Explanation] = [
    Explanation(
      "D0701",
      meaning: """
        `and` and `or` stand side by side without parentheses. Say with parentheses which of them comes first.
        """,
      why: """
        People and languages disagree about the order. A reviewer could approve a claim that is weaker than it \
        looks.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z:
            z[0] < 0 or nsfw(G(z, Ink.light)) <= 50%
            and audit(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z:
            (z[0] < 0 or nsfw(G(z, Ink.light)) <= 50%)
            and audit(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0702",
      meaning: """
        A chain such as `a < b <= c` means `a < b and b <= c`. It points one way and holds no `!=`; this one does \
        not.
        """,
      why: """
        In `a < b > c` nothing is said about a and c, though the chain looks as if they were ordered.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z:
            nsfw(G(z, Ink.light)) <= 50% >= audit(G(z, Ink.light))
          evidence: proof
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z:
            nsfw(G(z, Ink.light)) <= 50% and audit(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0703",
      meaning: """
        A `forall`, `exists` or `if` is an operand of another operator and has no parentheses around it.
        """,
      why: """
        A quantifier reaches as far to the right as it can. Without parentheses it is easy to misread which part of \
        the claim its variables belong to.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: nsfw(Protected[0]) <= 50%
            and forall z in Z: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: nsfw(Protected[0]) <= 50%
            and (forall z in Z: nsfw(G(z, Ink.light)) <= 50%)
          evidence: proof
        }
        """),
  ]
}
