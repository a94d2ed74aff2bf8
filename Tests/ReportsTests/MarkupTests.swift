import Foundation
import Reports
import Testing

/// Markup, visible characters and colours.
@Suite struct MarkupTests {
  @Test func textAndAttributesAreEscaped() {
    let markup = Markup.tag("p", ["title": "a\"b<c&\n'"], "<b> & \"q\"")
    #expect(markup.rendered == "<p title=\"a&quot;b&lt;c&amp; '\">&lt;b&gt; &amp; \"q\"</p>")
    #expect(Markup.tag("img", ["alt": ""]).rendered == "<img alt=\"\"/>")
    #expect(Markup.tag("td", ["class": ""]).rendered == "<td></td>")
    #expect(Markup.style("</style><script>").rendered == "<style></style>")
  }

  @Test(arguments: [
    ("plain", "plain"), ("été ßα 漢字 ✓", "été ßα 漢字 ✓"), ("a\u{202E}b", "a⟦U+202E⟧b"),
    ("\u{200B}\u{FEFF}\u{2066}", "⟦U+200B⟧⟦U+FEFF⟧⟦U+2066⟧"), ("\u{0}\u{1B}[31m", "⟦U+0000⟧⟦U+001B⟧[31m"),
    ("\u{FFFE}\u{E000}", "⟦U+FFFE⟧⟦U+E000⟧"), ("a\u{2003}b", "a⟦U+2003⟧b"),
    ("\u{AD}\u{3164}", "⟦U+00AD⟧⟦U+3164⟧"),
    ("a\nb\tc\r", "a\nb\tc⟦U+000D⟧"),
  ])
  func hiddenCharactersAreSpelled(text: String, expected: String) {
    #expect(VisibleScalars.spelled(text) == expected)
  }

  @Test func floodsOfMarksAreSpelled() {
    let flood = "a" + String(repeating: "\u{0301}", count: 40)
    let spelled = VisibleScalars.spelled(flood)
    #expect(spelled.unicodeScalars.count { $0 == "\u{0301}" } == 3)
    #expect(spelled.contains("⟦U+0301⟧"))
  }

  /// Contrast by the Web Content Accessibility Guidelines 2.2: 4.5 for text, 3 for shapes.
  @Test(arguments: [Palette.light, Palette.dark])
  func contrast(palette: Palette) throws {
    func luminance(_ name: String) throws -> Double {
      let text = try #require(palette[name])
      let value = try #require(UInt32(text, radix: 16))
      func part(_ shift: UInt32) -> Double {
        let share = Double(value >> shift & 0xff) / 255
        return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }
    func ratio(_ a: String, _ b: String) throws -> Double {
      let (first, second) = (try luminance(a), try luminance(b))
      return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }
    for (text, ground) in Palette.textPairs {
      let found = try ratio(text, ground)
      #expect(found >= 4.5, "\(text) on \(ground): \(found)")
    }
    for (shape, ground) in Palette.shapePairs {
      let found = try ratio(shape, ground)
      #expect(found >= 3, "\(shape) on \(ground): \(found)")
    }
    #expect(palette.colours.map(\.name) == Palette.light.colours.map(\.name))
  }
}
