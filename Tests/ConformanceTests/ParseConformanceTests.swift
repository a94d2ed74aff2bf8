import DSpecSyntax
import Diagnostics
import Testing

/// `parse/NAME.dspec` has the tree `NAME.tree` and exactly the stated problems of syntax.
@Suite struct ParseConformanceTests {
  @Test(arguments: Corpus.cases("parse"))
  func tree(of sample: ConformanceCase) throws {
    let file = try #require(sample.parsed().first)
    #expect(sample.statement.rule != "", "the first line states no rule")
    #expect(file.tree.printed() == file.tree.file.utf8, "the tree is not lossless")
    var sources = SourceMap()
    _ = sources.add(file.tree.file)
    let codes = file.diagnostics.map(\.code.rawValue)
    #expect(
      codes == sample.statement.codes, "\(TerminalRenderer(sources: sources).render(file.diagnostics))")
    guard codes == sample.statement.codes else { return }
    try Golden(owner: sample).expect(file.tree.outline() + "\n", extension: "tree")
  }

  @Test func filesBelongToCases() {
    #expect(Corpus.strays("parse", goldens: ["tree"]) == [])
  }
}
