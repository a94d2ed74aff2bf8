import DSpecSyntax
import Diagnostics
import LanguageServer
import Testing

struct IndexTests {
  @Test func `every name can be renamed alone, and the text stays valid`() throws {
    let client = Client()
    client.open(example)
    // The first request makes the index.
    _ = client.ask("hover", at: TextPosition(line: 0, character: 0))
    let document = try #require(client.session.index.documents[Client.path])
    let found = try #require(client.session.index.occurrences[Client.path])
    #expect(found.count > 40)
    for occurrence in found {
      let place = document.map.position(of: occurrence.span.lower)
      let result = client.ask("rename", at: place, ["newName": "fresh_name"])["result"]
      let edits = try #require(result?["changes"]?["file:///w/t.dspec"]?.arrayValue)
      let fresh = Client()
      fresh.open(applied(edits, to: example))
      #expect(fresh.diagnostics() == [], "\(document.text(occurrence.span)) at \(place)")
    }
  }

  @Test func `each identifier is a symbol, a word of the language or begins a declaration`() throws {
    let client = Client()
    client.open(example)
    _ = client.ask("hover", at: TextPosition(line: 0, character: 0))
    let document = try #require(client.session.index.documents[Client.path])
    let names = (client.session.index.occurrences[Client.path] ?? []).map(\.span.lower)
    let known = Set(names + document.words.map(\.span.lower) + document.declarations.map(\.keywordSpan.lower))
    #expect(Set(names).count == names.count)
    for token in document.parsed.tree.tokens where token.kind == .identifier && !known.contains(token.start) {
      let text = document.text(of: token)
      #expect(["dspec", "module", "t", "of"].contains(text), "`\(text)` at \(token.start)")
    }
  }

  /// Texts with a cursor at a name, and which of the names written like it defines it, from 0.
  @Test(
    arguments: [
      ("property B { claim: forall a in A, b in $0a: a }\n", nil),
      ("property B { claim: forall a in A, b in A: $0a }\n", 0),
      ("property B { claim: P[a ~ A: (forall a in Q: $0a) given a] <= 1 }\n", 1),
      ("property B { claim: P[a ~ A: (forall a in Q: a) given $0a] <= 1 }\n", 0),
      ("property B { claim: forall a in A: not (($0a)[0] <= 1) }\n", 0),
      ("enum I { a } param p: I = (I).$0a\n", 0), ("enum I { a } param p: I = I.$0b\n", nil),
      ("param a: Prob = 1 domain Z: Latent[1] = box(a: 0, $0a)\n", 0),
      ("hazard a property B { evidence: $0a mitigates: b }\n", nil),
      ("hazard a { } property B { mitigates: [b, $0a] }\n", 0),
    ] as [(String, Int?)])
  func `names mean the innermost definition in sight`(marked: String, expected: Int?) {
    let (text, cursors) = readCursors(marked)
    let client = Client()
    client.open(text)
    let result = client.ask("definition", at: cursors[0])["result"]
    let uses = text.unicodeScalars.indices.filter { index in
      let before = text.unicodeScalars[..<index].last
      let after = text.unicodeScalars[index...].dropFirst().first
      func isPart(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { $0.properties.isAlphabetic } ?? false }
      return text.unicodeScalars[index] == "a" && !isPart(before) && !isPart(after)
    }
    let target = expected.map { referencePosition(of: String(text.unicodeScalars[..<uses[$0]])) }
    #expect(TextPosition(json: result?["range"]?["start"]) == target)
  }

  @Test func `import cycles end`() {
    let client = Client(files: ["m.dspec": "dspec 1.0\nimport \"t.dspec\" as t\nparam a: Prob = t.b\n"])
    client.open("dspec 1.0\nimport \"m.dspec\" as m\nparam b: Prob = m.a\n")
    #expect(codes(client.diagnostics("file:///w/m.dspec")).contains("D0807"))
    let result = client.ask("definition", at: TextPosition(line: 2, character: 18))["result"]
    #expect(result?["uri"] == "file:///w/m.dspec")
  }
}
