import LanguageServer
import SeededDraws
import Testing

/// A random text with line ends of all kinds and characters of all widths.
func randomText(_ generator: inout SeededGenerator, length: Int) -> String {
  let pieces = [
    "a", "B ", "\n", "\r\n", "\r", "ä", "≤", "😀", "e\u{301}", "// x", "\u{FEFF}", "{", "\"", "9%", "\t",
  ]
  return (0..<length).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
}

struct PositionMapTests {
  @Test(arguments: 0..<60)
  func `offsets and positions agree with a plain count`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let text = randomText(&generator, length: Int(seed) % 25)
    let map = PositionMap(Array(text.utf8))
    for index in text.unicodeScalars.indices {
      let offset = text.utf8.distance(from: text.startIndex, to: index)
      // Between `\r` and `\n` there is no position of its own.
      if text.unicodeScalars[index] == "\n", offset > 0, map.bytes[offset - 1] == 0x0D { continue }
      let prefix = String(text.unicodeScalars[..<index])
      #expect(map.position(of: offset) == referencePosition(of: prefix))
      #expect(map.offset(of: referencePosition(of: prefix)) == offset)
    }
    #expect(map.position(of: map.bytes.count) == referencePosition(of: text))
    #expect(map.offset(of: referencePosition(of: text)) == map.bytes.count)
  }

  @Test(arguments: [
    (0, 2, 1), (0, 1, 1), (0, 3, 5), (0, 99, 5), (1, 0, 7), (9, 0, 9), (-1, 5, 0),
  ])
  func `positions that nothing has mean the nearest place before`(line: Int, character: Int, offset: Int) {
    // `a`, a surrogate pair, CRLF, `b`, LF.
    let map = PositionMap(Array("a😀\r\nb\n".utf8))
    #expect(map.offset(of: TextPosition(line: line, character: character)) == offset)
  }

  @Test(arguments: [
    [0x61, 0xFF, 0x62], [0xE2, 0x89], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
  ])
  func `bytes that are not UTF-8 count one each`(bytes: [Int]) {
    let map = PositionMap(bytes.map { UInt8($0) })
    for offset in 0...bytes.count {
      #expect(map.position(of: offset) == TextPosition(line: 0, character: offset))
      #expect(map.offset(of: TextPosition(line: 0, character: offset)) == offset)
    }
  }
}

struct OpenDocumentTests {
  @Test(arguments: 0..<60)
  func `a list of changes gives the same text as plain edits`(seed: UInt64) {
    var generator = SeededGenerator(seed: 1000 + seed)
    var expected = randomText(&generator, length: 20)
    var document = OpenDocument(uri: "file:///t", version: 1, text: expected)
    for version in 2..<8 {
      var changes: [JSONValue] = []
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let scalars = expected.unicodeScalars
        // No edit may tear a line end apart, since no position stands within one.
        let places =
          Array(scalars.indices).filter {
            $0 == scalars.startIndex || scalars[$0] != "\n" || scalars[scalars.index(before: $0)] != "\r"
          } + [scalars.endIndex]
        let ends = [places.randomElement(using: &generator), places.randomElement(using: &generator)]
          .compactMap(\.self).sorted()
        let new = randomText(&generator, length: 3)
        if Int.random(in: 0..<8, using: &generator) == 0 {
          changes.append(["text": .string(new)])
          expected = new
          continue
        }
        let range: JSONValue = [
          "start": referencePosition(of: String(scalars[..<ends[0]])).json,
          "end": referencePosition(of: String(scalars[..<ends[1]])).json,
        ]
        changes.append(["range": range, "text": .string(new)])
        var edited = String.UnicodeScalarView(scalars[..<ends[0]])
        edited.append(contentsOf: new.unicodeScalars)
        edited.append(contentsOf: scalars[ends[1]...])
        expected = String(edited)
      }
      let isApplied = document.apply(changes, version: version)
      #expect(isApplied)
      #expect(document.bytes == Array(expected.utf8))
      #expect(document.version == version)
    }
  }

  @Test(arguments: 0..<12)
  func `typing gives the diagnostics and symbols of a fresh document`(seed: UInt64) {
    var generator = SeededGenerator(seed: 2000 + seed)
    let client = Client()
    client.open(example)
    var text = example
    for version in 2..<7 {
      let scalars = Array(text.unicodeScalars)
      let lower = Int.random(in: 0..<scalars.count, using: &generator)
      let upper = min(scalars.count, lower + Int.random(in: 0..<6, using: &generator))
      let new =
        ["", "x", "}", "\n", "≤", "😀", "/*", "param q: Prob = 50\n"].randomElement(using: &generator) ?? ""
      func string(_ part: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: part)
        return String(view)
      }
      let range: JSONValue = [
        "start": referencePosition(of: string(scalars[..<lower])).json,
        "end": referencePosition(of: string(scalars[..<upper])).json,
      ]
      client.notify(
        "textDocument/didChange",
        [
          "textDocument": ["uri": Client.uri, "version": .integer(version)],
          "contentChanges": [["range": range, "text": .string(new)]],
        ])
      text = string(scalars[..<lower]) + new + string(scalars[upper...])
      let fresh = Client()
      fresh.open(text)
      #expect(client.diagnostics() == fresh.diagnostics())
      let parameters: JSONValue = ["textDocument": ["uri": Client.uri]]
      for method in ["documentSymbol", "semanticTokens/full", "inlayHint"] {
        #expect(
          client.request("textDocument/" + method, parameters)
            == fresh.request("textDocument/" + method, parameters))
      }
    }
  }

  @Test func `a malformed change leaves the text as it was`() {
    var document = OpenDocument(uri: "file:///t", version: 1, text: "abc")
    let isApplied = document.apply([["text": "x"], ["range": ["start": 3], "text": "y"]], version: 2)
    #expect(!isApplied)
    #expect(document.bytes == Array("abc".utf8))
    #expect(document.version == 1)
  }
}
