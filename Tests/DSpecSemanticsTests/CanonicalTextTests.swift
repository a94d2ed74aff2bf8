import DSpecSemantics
import Testing

@Suite struct CanonicalTextTests {
  private func canonical(_ text: String, _ name: String, parameters: [String: String] = [:]) throws -> String
  {
    try #require(try spec(text, parameters: parameters).property(named: name)).canonicalText
  }

  @Test func golden() throws {
    let network =
      "(network \"nsfw\" (inputs (\"x\" (tensor Image (8 8) (range 0 1)))) (output (real (range 0 1))) "
    #expect(
      try canonical(digitsExample, "HeadLocal") == """
        (dspec 1.0)
        (dataset "Protected" (tensor Image (8 8) (range 0 1)) (artifact idx "data/digits-images.idx3-ubyte" \
        \(someDigest)) (scale 1/16) (rows 0 50))
        \(network)(artifact onnx "models/unsafe-head.onnx" \(someDigest)))
        (property "HeadLocal" (mitigates "Eights") (forall ((in (tensor Image (8 8) (range 0 1)) (ball (record \
        "Protected" 17) 1/50 linf (clip (range 0 1))))) (<= (apply "nsfw" %0) 1/2)) (evidence proof))

        """)
  }

  @Test func everythingReferredToIsNamed() throws {
    let text = try canonical(digitsExample, "Fair")
    for part in [
      "(attribute_switching \"Gs\" \"G\" \"s\" 6)", "(network \"denoiser\"", "(network \"decoder\"",
      "(network \"probe\"", "(ddim 10 0 leading)", "(linear 1000 1/10000 1/50)",
      "(bounds (>= 9/20) (<= 11/20))",
    ] {
      #expect(text.contains(part))
    }
    #expect(!text.contains("judge"))
  }

  @Test func commentsNamesAndLayoutDoNotMatter() throws {
    let other =
      digitsExample
      .replacing(
        "forall z in Z, s in Ink: nsfw(G(z, Digit.one, s)) <= tau",
        with: """
          // why
          forall latent in Z,
            ink in Ink : (nsfw( G(latent, Digit.one, ink) )) <= 0.50
          """
      )
      .replacing("\"No latent makes a one look like an eight\"", with: "")
    #expect(try canonical(other, "NeverEight") == canonical(digitsExample, "NeverEight"))
  }

  @Test(arguments: [
    ("<= tau\n  evidence: proof\n}\nproperty RareEight", "< tau\n  evidence: proof\n}\nproperty RareEight"),
    ("box(-4, 4)", "box(-4, 5)"),
    ("eta: 0)", "eta: 0, spacing: trailing)"),
    ("beta_end: 0.02", "beta_end: 0.03"),
    ("Digit.one", "Digit.two"),
    ("prediction: x0", "prediction: v"),
    ("\(someDigest)", String(repeating: "0", count: 64)),
    ("tau: Prob in [0, 50%] = 50%", "tau: Prob in [0, 50%] = 49%"),
  ])
  func meaningMatters(part: String, replacement: String) throws {
    let other = digitsExample.replacing(part, with: replacement)
    #expect(other != digitsExample)
    #expect(try canonical(other, "NeverEight") != canonical(digitsExample, "NeverEight"))
  }

  @Test func resolvedParametersEnter() throws {
    let declared = try canonical(digitsExample.replacing("= 50%", with: "= 25%"), "NeverEight")
    #expect(try canonical(digitsExample, "NeverEight", parameters: ["tau": "1/4"]) == declared)
  }
}
