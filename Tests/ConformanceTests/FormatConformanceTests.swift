import DSpecSemantics
import DSpecSyntax
import Diagnostics
import Testing

/// `format/NAME.dspec` is written as `NAME.formatted`, which is written as itself; no token or comment is lost or moved.
@Suite struct FormatConformanceTests {
  @Test(arguments: Corpus.cases("format"))
  func layout(of sample: ConformanceCase) throws {
    #expect(sample.statement.rule != "", "the first line states no rule")
    let parsed = try #require(sample.parsed().first)
    let once = try #require(Formatter.format(parsed))
    let file = SourceFile(name: sample.main, utf8: once)
    #expect(Formatter.contents(of: file) == Formatter.contents(of: parsed.tree.file))
    #expect(Formatter.format(Parser.parse(file, source: SourceID(index: 0))) == once)
    try Golden(owner: sample).expect(String(decoding: once, as: UTF8.self), extension: "formatted")
  }

  /// What is accepted can be formatted, and is accepted still.
  @Test(arguments: Corpus.cases("accept"))
  func acceptedFilesFormat(_ sample: ConformanceCase) throws {
    var replaced: [String: [UInt8]] = [:]
    for (path, bytes) in sample.files {
      let parsed = Parser.parse(SourceFile(name: path, utf8: bytes), source: SourceID(index: 0))
      replaced[path] = Formatter.format(parsed)
    }
    #expect(sample.check(replacing: replaced).diagnostics.isEmpty)
  }

  @Test func filesBelongToCases() {
    #expect(Corpus.strays("format", goldens: ["formatted"]) == [])
  }
}
