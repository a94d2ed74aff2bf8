import DSpecSyntax
import LanguageServer
import Testing

/// The catalogue says something of every name that the parser and the checker know, and of no other.
@Suite struct CatalogTests {
  @Test func everyNameHasItsText() {
    for section in LanguageCatalog.sections {
      #expect(section.names.count == Set(section.names).count, "\(section.names)")
      #expect(Set(section.texts.map(\.name)) == Set(section.names))
      #expect(section.texts.allSatisfy { $0.summary.hasSuffix(".") })
    }
  }

  @Test func namesOfMoreThanOneMeaningAreFound() {
    for name in [
      "l2", "ball", "mixture", "truncated", "using", "unlearning", "prompt", "linspace", "sampled",
    ] {
      #expect(LanguageCatalog.builtin(name)?.name == name)
    }
    #expect(LanguageCatalog.builtin("tau") == nil)
    #expect(LanguageCatalog.labels(of: "ddim") == ["steps", "eta", "spacing"])
    #expect(LanguageCatalog.labels(of: "dp_epsilon") == ["delta"])
    #expect(LanguageCatalog.labels(of: "box") == [])
  }
}
