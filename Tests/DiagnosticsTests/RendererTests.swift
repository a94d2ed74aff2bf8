import Diagnostics
import SeededDraws
import Testing

@Suite struct RendererTests {
  private func setUp(_ text: String) -> (SourceMap, SourceID) {
    var map = SourceMap()
    let id = map.add(SourceFile(name: "a.dspec", text: text))
    return (map, id)
  }

  @Test func goldenText() {
    let (map, id) = setUp("dspec 1.0\n\tparam tau: Prob = 1.2\nparam tau: Real = 0\n")
    let diagnostic = Diagnostic(
      .duplicateName, "`tau` is declared twice", at: SourceSpan(source: id, lower: 39, upper: 42),
      notes: [DiagnosticNote("first declared here", at: SourceSpan(source: id, lower: 17, upper: 20))],
      help: "rename one of them",
      fixIts: [
        FixIt("rename it to `tau2`", replace: SourceSpan(source: id, lower: 39, upper: 42), with: "tau2")
      ])
    #expect(
      TerminalRenderer(sources: map).render(diagnostic) == """
        a.dspec:3:7: error[D0802]: `tau` is declared twice
         3 | param tau: Real = 0
           |       ^^^
        a.dspec:2:8: note: first declared here
         2 |   param tau: Prob = 1.2
           |         ^^^
        help: rename one of them
        fix: rename it to `tau2`

        """)
  }

  @Test func goldenJSON() {
    let (map, id) = setUp("a\nb \"")
    let diagnostic = Diagnostic(
      .unterminated, "string \"without\\ an end\n", at: SourceSpan(source: id, lower: 4, upper: 5),
      fixIts: [FixIt("close it", replace: SourceSpan(source: id, lower: 5, upper: 5), with: "\"")])
    let place =
      "\"file\":\"a.dspec\",\"start\":{\"offset\":4,\"line\":2,\"column\":3},"
      + "\"end\":{\"offset\":5,\"line\":2,\"column\":4}"
    let edit =
      "\"file\":\"a.dspec\",\"start\":{\"offset\":5,\"line\":2,\"column\":4},"
      + "\"end\":{\"offset\":5,\"line\":2,\"column\":4}"
    #expect(
      JSONRenderer(sources: map).render([diagnostic])
        == "[\n  {\"code\":\"D0002\",\"title\":\"string or comment without an end\",\"severity\":\"error\","
        + "\"message\":\"string \\\"without\\\\ an end\\n\",\(place),\"notes\":[],\"help\":null,"
        + "\"fixes\":[{\"title\":\"close it\",\"edits\":[{\(edit),\"text\":\"\\\"\"}]}]}\n]\n")
    #expect(JSONRenderer(sources: map).render([]) == "[]\n")
  }

  @Test func colourIsOptional() {
    let (map, id) = setUp("x")
    let diagnostic = Diagnostic(.unknownName, "no", at: SourceSpan(source: id, lower: 0, upper: 1))
    #expect(!TerminalRenderer(sources: map).render(diagnostic).contains("\u{1B}"))
    #expect(TerminalRenderer(sources: map, usesColor: true).render(diagnostic).contains("\u{1B}[1;31m"))
  }

  @Test(arguments: [
    // Text, byte range of the span, columns before the carets, columns of the carets.
    ("a漢b", 4, 5, 3, 1),
    ("e\u{301}xy", 3, 4, 1, 1),
    ("\t\tx", 2, 3, 4, 1),
    ("a漢b", 1, 4, 1, 2),
    ("ab", 2, 2, 2, 1),
  ])
  func caretsFollowDisplayColumns(text: String, lower: Int, upper: Int, lead: Int, width: Int) {
    let (map, id) = setUp(text)
    let span = SourceSpan(source: id, lower: lower, upper: upper)
    let lines = TerminalRenderer(sources: map).render(Diagnostic(.unknownName, "no", at: span))
      .split(separator: "\n")
    let expected = "   | " + String(repeating: " ", count: lead) + String(repeating: "^", count: width)
    #expect(lines.last.map(String.init) == expected)
  }

  @Test func longLinesAreClipped() {
    let text = String(repeating: "a", count: 500) + "XY" + String(repeating: "b", count: 500)
    let (map, id) = setUp(text)
    let span = SourceSpan(source: id, lower: 500, upper: 502)
    let lines = TerminalRenderer(sources: map, width: 60).render(Diagnostic(.unknownName, "no", at: span))
      .split(separator: "\n").map(String.init)
    #expect(
      lines[1] == " 1 | …" + String(repeating: "a", count: 20) + "XY" + String(repeating: "b", count: 38)
        + "…")
    #expect(lines[2] == "   | " + String(repeating: " ", count: 21) + "^^")
  }

  @Test func controlCharactersNeverReachTheTerminal() {
    let (map, id) = setUp("a\u{1B}[31m\u{202E}b")
    let span = SourceSpan(source: id, lower: 0, upper: 3)
    let text = TerminalRenderer(sources: map).render(Diagnostic(.unknownName, "x\u{1B}[0m", at: span))
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    #expect(!text.unicodeScalars.contains("\u{202E}"))
  }

  @Test func anySpanOfAnyBytesRenders() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<500 {
      var map = SourceMap()
      let bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      let id = map.add(SourceFile(name: "r", utf8: bytes))
      let lower = Int.random(in: -5..<70, using: &generator)
      let span = SourceSpan(
        source: id, lower: lower, upper: lower + Int.random(in: -3..<80, using: &generator))
      let diagnostic = Diagnostic(.unknownName, "no", at: span)
      #expect(TerminalRenderer(sources: map, width: 20).render(diagnostic).hasSuffix("\n"))
      #expect(JSONRenderer(sources: map).render([diagnostic]).hasSuffix("]\n"))
    }
  }
}
