import DSpecSemantics
import Diagnostics
import Testing

/// `accept/NAME` is a valid specification without any diagnostic.
@Suite struct AcceptConformanceTests {
  @Test(arguments: Corpus.cases("accept"))
  func isAccepted(_ sample: ConformanceCase) {
    let checked = sample.check()
    let shown = TerminalRenderer(sources: checked.sources).render(checked.diagnostics)
    #expect(sample.statement.rule != "" && sample.statement.codes.isEmpty, "the first line states no rule")
    #expect(checked.diagnostics.isEmpty, "\(shown)")
    #expect(checked.spec != nil)
  }

  @Test func filesBelongToCases() {
    #expect(Corpus.strays("accept", goldens: []) == [])
  }
}
