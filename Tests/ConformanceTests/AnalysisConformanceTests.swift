import DSpecSemantics
import Diagnostics
import SpecAnalysis
import Testing
import Z3Solver

/// `analysis/NAME` is a valid specification of which the analysis says exactly the stated codes.
@Suite struct AnalysisConformanceTests {
  @Test(arguments: Corpus.cases("analysis"))
  func findings(of sample: ConformanceCase) throws {
    let checked = sample.check()
    let spec = try #require(
      checked.spec, "\(TerminalRenderer(sources: checked.sources).render(checked.diagnostics))")
    let found = try SpecificationAnalysis(solver: Z3(), timeout: .seconds(20)).run(spec).diagnostics
    let text = TerminalRenderer(sources: checked.sources).render(found)
    #expect(sample.statement.rule != "", "the first line states no rule")
    #expect(found.map(\.code.rawValue) == sample.statement.codes, "\(text)")
    guard !found.isEmpty, found.map(\.code.rawValue) == sample.statement.codes else { return }
    try Golden(owner: sample).expect(text, extension: "txt")
  }

  @Test func filesBelongToCases() {
    #expect(Corpus.strays("analysis", goldens: ["txt"]) == [])
  }
}
