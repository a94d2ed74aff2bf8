extension Explanation {
  /// The thread from hazards over properties and tests to goals, and the identity of files.
  static let hygiene: [Explanation] = [
    Explanation(
      "D0601",
      meaning: """
        The file has properties, but none of them mitigates this hazard, and the hazard does not say with \
        `accepted` why the risk is taken.
        """,
      why: """
        A hazard on the list looks handled. This one would be released without any claim about it.
        """,
      wrong: """
        hazard Leak "A protected record is reproduced" { severity: "major" }
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        """,
      right: """
        hazard Leak "A protected record is reproduced" {
          severity: "major"
          accepted: "all records are published by their owners"
        }
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        """),
    Explanation(
      "D0602",
      meaning: """
        The specification has tests, but none of them expects this property of a goal to be `refuted`. Show with a \
        wrong network that the property can fail.
        """,
      why: """
        A property that has never been seen to fail may be unable to. A slip in the claim then passes for a safe \
        model.
        """,
      wrong: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        goal Release { hazards: Harm  by: Safe }
        test "a blameless classifier" {
          under: replace(nsfw, always(0))
          expect: proved(Safe)
        }
        """,
      right: """
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        goal Release { hazards: Harm  by: Safe }
        test "a classifier that flags everything" {
          under: replace(nsfw, always(1))
          expect: refuted(Safe)
        }
        """),
    Explanation(
      "D0604",
      meaning: """
        A file is named without its SHA-256 digest; `sha256sum` prints it.
        """,
      why: """
        The file can be exchanged after the proof without a trace, and the verdict then speaks of a model that is \
        no longer there.
        """,
      wrong: """
        network style: (x: Image[8, 8] in [0, 1]) -> Prob {
          artifact: onnx("style.onnx")
        }
        """,
      right: """
        network style: (x: Image[8, 8] in [0, 1]) -> Prob {
          artifact: onnx(
            "style.onnx",
            sha256:
              "\(digest("0"))")
        }
        """),
    Explanation(
      "D0605",
      meaning: """
        A property does not say which hazard it mitigates, in a specification that names hazards.
        """,
      why: """
        Its proof supports no part of the safety argument that anybody could point to, and a hazard that it was \
        meant for stays open.
        """,
      wrong: """
        property Safe {
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
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
      "D0606",
      meaning: """
        A digest does not have 64 hexadecimal digits. It may be cut short, or be one of another kind.
        """,
      why: """
        A digest that no file can have protects nothing; one that was cut short would let many files pass.
        """,
      wrong: """
        network style: (x: Image[8, 8] in [0, 1]) -> Prob {
          artifact: onnx("style.onnx", sha256: "3a7bd3e2")
        }
        """,
      right: """
        network style: (x: Image[8, 8] in [0, 1]) -> Prob {
          artifact: onnx(
            "style.onnx",
            sha256:
              "\(digest("0"))")
        }
        """),
    Explanation(
      "D0607",
      meaning: """
        A goal lists a hazard that no property in its `by` mitigates.
        """,
      why: """
        The goal would be reported as met once its properties are proved, although one of its hazards was never \
        looked at.
        """,
      wrong: """
        hazard Leak "A protected record is reproduced" { severity: "major" }
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        property NoCopy {
          mitigates: Leak
          claim: forall z in Z, r in Protected: l2(G(z, Ink.light), r) >= 0.9
          evidence: proof
        }
        goal Release { hazards: [Harm, Leak]  by: Safe }
        """,
      right: """
        hazard Leak "A protected record is reproduced" { severity: "major" }
        property Safe {
          mitigates: Harm
          claim: forall z in Z, s in Ink: nsfw(G(z, s)) <= 50%
          evidence: proof
        }
        property NoCopy {
          mitigates: Leak
          claim: forall z in Z, r in Protected: l2(G(z, Ink.light), r) >= 0.9
          evidence: proof
        }
        goal Release { hazards: [Harm, Leak]  by: [Safe, NoCopy] }
        """),
  ]
}
