extension Explanation {
  /// Characters, tokens, versions and the order of a file.
  static let lexical: [Explanation] = [
    Explanation(
      "D0001",
      meaning: """
        The file holds a character, or bytes that are not UTF-8, that have no meaning in the language. Operators \
        of other languages and of mathematics, such as `&&` and `≤`, are among them; so is a `%` that does not \
        follow its number directly.
        """,
      why: """
        A reader may take the foreign sign for something it is not. Each operator has one spelling, so that a claim \
        reads the same to every reviewer.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) ≤ 50%
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
      "D0002",
      meaning: """
        A string has no closing quote on its line, or a comment that began with `/*` has no matching `*/`. Comments \
        of this form nest, so each `/*` needs its own `*/`.
        """,
      why: """
        Everything up to the end of the line or file would become text or comment. A claim swallowed this way \
        would be checked by nobody, and nobody would miss it.
        """,
      wrong: """
        /* The threshold of the review /* of March */
        param tau: Prob = 50%
        """,
      right: """
        /* The threshold of the review /* of March */ */
        param tau: Prob = 50%
        """),
    Explanation(
      "D0003",
      meaning: """
        Something begins like a number but is none. Numbers look like `12`, `50_000`, `0.5`, `1e-4` or `50%`.
        """,
      why: """
        A threshold that is read as another number proves another claim. Rather than guess which number was \
        meant, the program stops.
        """,
      wrong: """
        param delta: Prob = 1e-
        """,
      right: """
        param delta: Prob = 1e-6
        """),
    Explanation(
      "D0004",
      meaning: """
        The grammar allows something else at this place; often a comma, colon or bracket just before it is missing. \
        Only the first such problem of a field or declaration is reported.
        """,
      why: """
        The rest of the declaration was not read, so nothing in it is checked until this is mended.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z s in Ink: nsfw(G(z, s)) <= 50%
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
      "D0005",
      meaning: """
        An expression is nested more deeply than the program follows, or definitions use one another so often that \
        writing them out would take too much room. The limits are part of the language, see its grammar.
        """,
      why: """
        No person can review such a claim, and a checker without limits could be made to run out of memory instead \
        of giving an answer.
        """,
      wrong: """
        let a = 1
        let b = a + a + a + a + a + a + a + a + a + a
        let c = b + b + b + b + b + b + b + b + b + b
        let d = c + c + c + c + c + c + c + c + c + c
        let e = d + d + d + d + d + d + d + d + d + d
        param n: Real = e + e + e + e + e + e + e + e + e + e
        """,
      right: """
        let a = 1
        let b = 10 * a
        let c = 10 * b
        let d = 10 * c
        let e = 10 * d
        param n: Real = 10 * e
        """),
    Explanation(
      "D0006",
      meaning: """
        A backslash in a string is followed by something else than `"` or `\\`, which are the only escapes.
        """,
      why: """
        Strings name files and hazards. One that is read differently from what its author typed can point the \
        evidence at another file.
        """,
      wrong: """
        hazard Leak "A record leaks" { source: "reviews\\2026\\leaks.md" }
        """,
      right: """
        hazard Leak "A record leaks" { source: "reviews/2026/leaks.md" }
        """),
    Explanation(
      "D0010",
      meaning: """
        The header names a version of the language that this program does not read.
        """,
      why: """
        A later version may give the same words another meaning. A verdict under the wrong rules would be about a \
        claim that nobody wrote.
        """,
      wrong: """
        dspec 2.0
        param tau: Prob = 50%
        """,
      right: """
        dspec 1.0
        param tau: Prob = 50%
        """),
    Explanation(
      "D0011",
      meaning: """
        The file does not begin with `dspec` and a version. It is read as version 1.0.
        """,
      why: """
        Evidence is kept for years. Without the version a later reader cannot know by which rules the claim was \
        proved.
        """,
      wrong: """
        param tau: Prob = 50%
        """,
      right: """
        dspec 1.0
        param tau: Prob = 50%
        """,
      isWholeFile: true),
    Explanation(
      "D0012",
      meaning: """
        The text is well formed and its meaning is clear, but this version of the program cannot check it. The help \
        of the message says what can be written in its place.
        """,
      why: """
        Leaving the part out and checking the rest would give a verdict about a weaker claim than the one on the \
        page.
        """,
      wrong: """
        property Rare {
          mitigates: Harm
          claim: P[z ~ PZ where z[0] > 0: nsfw(G(z, Ink.light)) > 50%] <= 10%
          evidence: bound
        }
        """,
      right: """
        property Rare {
          mitigates: Harm
          claim: P[z ~ PZ: nsfw(G(z, Ink.light)) > 50% given z[0] > 0] <= 10%
          evidence: bound
        }
        """),
    Explanation(
      "D0013",
      meaning: """
        A file begins with its header, then its module name, then its imports, then declarations. Something stands \
        after what it should precede.
        """,
      why: """
        What a file builds on should be seen at its top. An import far down is easily missed in a review.
        """,
      wrong: """
        dspec 1.0
        param tau: Prob = 50%
        import "common.dspec" as common
        """,
      right: """
        dspec 1.0
        import "common.dspec" as common
        param tau: Prob = 50%
        """),
  ]
}
