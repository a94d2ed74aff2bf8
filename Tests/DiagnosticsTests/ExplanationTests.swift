import Diagnostics
import Testing

@Suite struct ExplanationTests {
  @Test func everyCodeHasExactlyOneExplanation() {
    let codes = Explanation.all.map(\.code)
    #expect(codes == codes.sorted())
    #expect(Set(codes).count == codes.count)
    #expect(codes == DiagnosticCode.allCases.map(\.rawValue))
  }

  @Test func lookUpIgnoresCase() {
    #expect(Explanation.of("D0101")?.code == "D0101")
    #expect(Explanation.of("d0101")?.code == "D0101")
    for unknown in ["", "D", "D9999", "0101", "D01011"] { #expect(Explanation.of(unknown) == nil) }
  }

  @Test(arguments: Explanation.all)
  func partsAreComplete(explanation: Explanation) {
    for prose in [explanation.meaning, explanation.why] {
      #expect(prose.first?.isUppercase == true || prose.first.map { "`\"".contains($0) } == true)
      #expect(prose.hasSuffix("."))
      #expect(!prose.contains("\n") && !prose.contains("  "))
    }
    for snippet in [explanation.wrong, explanation.right] {
      #expect(!snippet.isEmpty && !snippet.hasPrefix("\n") && !snippet.hasSuffix("\n"))
    }
    #expect(explanation.wrong != explanation.right)
  }

  @Test(arguments: Explanation.all)
  func textFitsTheWidth(explanation: Explanation) {
    let text = explanation.text
    for line in text.split(separator: "\n") { #expect(line.count <= Explanation.width, "\(line)") }
    #expect(text.hasPrefix(explanation.code) && text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
    for line in (explanation.wrong + "\n" + explanation.right).split(separator: "\n") {
      #expect(text.contains("    \(line)\n"))
    }
    let words = text.split(whereSeparator: \.isWhitespace)
    let prose = explanation.meaning.split(separator: " ") + explanation.why.split(separator: " ")
    #expect(Set(prose).isSubset(of: Set(words)))
  }

  @Test func goldenText() {
    #expect(
      Explanation.of("D0101")?.text == """
        D0101 (error): empty domain

        A domain, range or list of rows has no element: a lower end lies above its
        upper end, a radius is negative, or the rows end where they begin.

        Why it matters: Every `forall` over an empty set is true, even that a broken
        model is safe. The proof would be correct and worthless.

        This raises it:

            domain Core: Latent[2] = box(1, -1)

        This does not:

            domain Core: Latent[2] = box(-1, 1)

        The examples assume a latent domain Z with law PZ, an enumeration Ink with law
        S, a sampler G, classifiers nsfw, audit and probe, a dataset Protected and a
        hazard Harm.

        """)
  }
}
