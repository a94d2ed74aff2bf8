extension Explanation {
  /// Names, imports and parameters from outside.
  static let names: [Explanation] = [
    Explanation(
      "D0801",
      meaning: """
        Nothing of this name is declared here: no declaration, variable, case or type. The help names a similar \
        one, if there is any.
        """,
      why: """
        The name may be misspelt, or what it should stand for was never declared. Either way the claim has no \
        meaning yet.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.lite)) <= 50%
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
      "D0802",
      meaning: """
        Two things in one place have the same name: two declarations of a file, two cases, two inputs, two \
        variables or two imports.
        """,
      why: """
        If the later one silently replaced the first, a reviewer who read the first would have approved another \
        claim.
        """,
      wrong: """
        param tau: Prob = 10%
        param tau: Prob = 50%
        """,
      right: """
        param tau: Prob = 10%
        """),
    Explanation(
      "D0803",
      meaning: """
        A variable of a claim has the name of a declaration, or of an input of its definition, and hides it.
        """,
      why: """
        A reader who knows the declaration reads the claim with its value, while the checker reads the variable.
        """,
      wrong: """
        param z: Real = 0.5
        property Safe {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """,
      right: """
        param shift: Real = 0.5
        property Safe {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink.light)) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0804",
      meaning: """
        The name is a word of the language, such as `in`, or has a meaning of its own, such as `P`, `Real` or \
        `linf`.
        """,
      why: """
        A declaration called `P` would make every probability in the file ambiguous to a reader.
        """,
      wrong: """
        param P: Prob = 5%
        """,
      right: """
        param rate: Prob = 5%
        """),
    Explanation(
      "D0805",
      meaning: """
        The name is declared, but stands for another kind of thing than is needed here: a network where a domain \
        is needed, an enumeration where one of its cases is.
        """,
      why: """
        The sentence has no meaning as it stands, and guessing a related thing would change the claim.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z: nsfw(G(z, Ink)) <= 50%
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
      "D0806",
      meaning: """
        The specification or a file that it imports cannot be read, or an import names no module there is. Paths \
        are taken from the folder of the importing file.
        """,
      why: """
        What the missing file declares is unknown, so no claim that builds on it can be checked.
        """,
      wrong: """
        dspec 1.0
        import "comon.dspec" as common
        """,
      right: """
        dspec 1.0
        import "common.dspec" as common
        """),
    Explanation(
      "D0807",
      meaning: """
        A file imports itself, directly or through others. Move what both need into a third file.
        """,
      why: """
        In a circle no file can be reviewed before the others, and a declaration could come to rest on itself.
        """,
      wrong: """
        dspec 1.0
        import "example.dspec" as example
        """,
      right: """
        dspec 1.0
        import "common.dspec" as common
        """),
    Explanation(
      "D0821",
      meaning: """
        The command line gives a value to a parameter that the specification does not declare. Parameters of \
        imported files are written with the alias, as in `--param m.tau=40%`.
        """,
      why: """
        The run would use the declared value while its author believes that it used the one from the command line.
        """,
      wrong: """
        // dspec check example.dspec --param tua=40%
        param tau: Prob = 50%
        """,
      right: """
        // dspec check example.dspec --param tau=40%
        param tau: Prob = 50%
        """),
    Explanation(
      "D0823",
      meaning: """
        A parameter has no value, neither in the file nor from the command line.
        """,
      why: """
        Every claim that uses it is unfinished. A default that nobody chose would be a threshold that nobody \
        approved.
        """,
      wrong: """
        param tau: Prob
        """,
      right: """
        param tau: Prob = 50%
        """),
  ]
}
