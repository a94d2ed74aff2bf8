import DSpecSyntax
import Diagnostics
import SeededDraws
import Testing

@Suite struct FormatterTests {
  private func format(_ text: String) -> String? {
    Formatter.format(Parser.parse(SourceFile(name: "t", text: text), source: SourceID(index: 0))).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  @Test(arguments: [
    ("dspec   1.0\nenum A{a,b,c}", "dspec 1.0\nenum A { a, b, c }\n"),
    ("dspec 1.0\nparam   tau :Prob in[0,50 %]=50%", nil),
    ("dspec 1.0\nparam   tau :Prob in[0,50%]=50%", "dspec 1.0\nparam tau: Prob in [0, 50%] = 50%\n"),
    (
      "dspec 1.0\n\n\n\nparam a:Real=1\n\n\n\nparam b:Real=2",
      "dspec 1.0\n\nparam a: Real = 1\n\nparam b: Real = 2\n"
    ),
    (
      "dspec 1.0\ndomain Z:Latent[2]=box([-4,-3],[4,3])",
      "dspec 1.0\ndomain Z: Latent[2] = box([-4, -3], [4, 3])\n"
    ),
    (
      "dspec 1.0\ndist P:Latent[2]=normal(0,1) . truncated( Z )",
      "dspec 1.0\ndist P: Latent[2] = normal(0, 1).truncated(Z)\n"
    ),
    (
      "dspec 1.0\nlet f(x:Real,y:Real):Bool=x<=y and not(x==-y)",
      "dspec 1.0\nlet f(x: Real, y: Real): Bool = x <= y and not (x == -y)\n"
    ),
    ("dspec 1.0\nlet a=1 // one\n// two\nlet b=2", "dspec 1.0\nlet a = 1 // one\n// two\nlet b = 2\n"),
  ])
  func layout(text: String, formatted: String?) {
    #expect(format(text) == formatted)
  }

  @Test func brokenFilesAreLeftAlone() {
    for text in ["dspec 1.0\nparam", "dspec 1.0\nlet a = (1", "dspec 1.0\nlet a = \"x", "/* a"] {
      #expect(format(text) == nil)
    }
  }

  /// Comments and line ends between any two tokens keep their places, and a second time changes nothing.
  @Test func keepsTokensAndCommentsInOrder() throws {
    var generator = SeededGenerator(seed: 11)
    let insertions = [
      "\n", "\n\n\n", " ", "\t", " // note\n", " /* a */ ", "\n/* b\n c */\n", "\n/// doc\n", "\r\n",
    ]
    for text in FormatterTests.valid {
      for _ in 0..<150 {
        let file = SourceFile(name: "t", text: text)
        var mutated = ""
        for token in Lexer.lex(file, source: SourceID(index: 0)).tokens {
          mutated += String(decoding: file.utf8[token.triviaStart..<token.start], as: UTF8.self)
          if Int.random(in: 0..<6, using: &generator) == 0, mutated.hasSuffix(" ") || mutated.hasSuffix("\n")
          {
            mutated += insertions[Int.random(in: 0..<insertions.count, using: &generator)]
          }
          mutated += String(decoding: file.utf8[token.start..<token.end], as: UTF8.self)
        }
        let parsed = Parser.parse(SourceFile(name: "t", text: mutated), source: SourceID(index: 0))
        guard !parsed.diagnostics.hasErrors else { continue }
        let once = try #require(format(mutated), "\(mutated)")
        #expect(
          Formatter.contents(of: SourceFile(name: "t", text: once))
            == Formatter.contents(of: SourceFile(name: "t", text: mutated)))
        #expect(format(once) == once, "\(mutated)")
        #expect(once.hasSuffix("\n") && !once.hasSuffix("\n\n"))
        #expect(!once.split(separator: "\n", omittingEmptySubsequences: false).contains { $0.hasSuffix(" ") })
      }
    }
  }

  private static let valid = [
    """
    dspec 1.0
    module a.b
    import "c.dspec" as c
    /// Digits.
    enum Digit { zero, one }
    param tau: Prob in [0, 50%] = 50%
    network f: (x: Image[8, 8] in [0, 1], s: Ink) -> Prob { artifact: onnx("f.onnx", sha256: "00") }
    property A "words" {
      mitigates: [H, c.I]
      claim: forall z in Z, s in Ink where not (z[0] < -1): f(G(z), s) <= tau and (0.5 < z[1] <= 1e-4 or true)
      evidence: [proof, sampled(n: 20_000, confidence: 99.9%)]
    }
    """,
    """
    dspec 1.0
    property B { claim: eps <= BER[z ~ PZ, s ~ S: f(z) predicts s given z[0] >= 0] <= 1 - eps * 2 / 3  evidence: bound }
    property C { claim: exists t in T: if a != b then a implies b else (forall x in Z: x == 1)  evidence: proof }
    goal Release "x" { hazards: [H]  by: [B, C] }
    test "t" { under: replace(f, always(1))  expect: refuted(B) }
    let g(x: Real, y: Real): Bool = -x <= y
    """,
  ]
}
