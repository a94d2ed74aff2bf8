import Diagnostics
import Testing

@Suite struct SourceFileTests {
  @Test(arguments: [
    (0, 1, 1), (2, 1, 3), (3, 2, 1), (5, 2, 3), (6, 2, 4), (7, 3, 1), (8, 4, 1), (99, 4, 1), (-4, 1, 1),
  ])
  func locations(offset: Int, line: Int, column: Int) {
    let file = SourceFile(name: "a", text: "ab\ncde\n\n")
    #expect(file.location(at: offset) == SourceLocation(line: line, column: column))
  }

  @Test func columnsCountScalars() {
    let file = SourceFile(name: "a", text: "äö=x")
    #expect(file.location(at: 5) == SourceLocation(line: 1, column: 4))
  }

  @Test func linesEndBeforeTheirTerminator() {
    let file = SourceFile(name: "a", text: "ab\r\ncd\ne")
    #expect((0..<4).map { file.text(in: file.lineRange($0)) } == ["ab", "cd", "e", ""])
  }

  @Test func textClampsRanges() {
    let file = SourceFile(name: "a", utf8: [0x61, 0xFF, 0x62])
    #expect(file.text(in: -3..<99) == "a\u{FFFD}b")
    #expect(file.text(in: 50..<60) == "")
  }

  @Test func spansUnite() {
    let (one, two) = (SourceID(index: 0), SourceID(index: 1))
    let a = SourceSpan(source: one, lower: 3, upper: 5)
    #expect(a.union(SourceSpan(source: one, lower: 8, upper: 9)).upper == 9)
    #expect(a.union(SourceSpan(source: two, lower: 8, upper: 9)) == a)
    #expect(SourceSpan(source: one, lower: 5, upper: 2).isEmpty)
  }
}
