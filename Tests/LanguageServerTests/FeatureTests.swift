import LanguageServer
import Testing

struct DiagnosticsTests {
  @Test func `the example has none`() {
    let client = Client()
    client.open(example)
    #expect(client.diagnostics() == [])
  }

  @Test func `they come and go while typing`() {
    let client = Client()
    client.open(example)
    let start = cursor("<= tau", plus: 3)
    func change(_ length: Int, _ text: String) -> JSONValue {
      let end = TextPosition(line: start.line, character: start.character + length)
      return [
        "textDocument": ["uri": Client.uri, "version": 2],
        "contentChanges": [["range": ["start": start.json, "end": end.json], "text": .string(text)]],
      ]
    }
    client.notify("textDocument/didChange", change(3, "taw"))
    #expect(codes(client.diagnostics()) == ["D0801"])
    #expect(client.notifications.last?["params"]?["version"] == 2)
    client.notify("textDocument/didChange", change(3, "tau"))
    #expect(client.diagnostics() == [])
  }

  @Test func `open buffers count before files, and closing returns to the file`() {
    let user = "dspec 1.0\nimport \"m.dspec\" as m\nparam b: Prob = m.a\n"
    let client = Client(files: ["m.dspec": "dspec 1.0\n"])
    client.open(user)
    #expect(codes(client.diagnostics()) == ["D0801"])
    client.open("dspec 1.0\nparam a: Prob = 1\n", uri: "file:///w/m.dspec")
    #expect(client.diagnostics() == [])
    client.notify("textDocument/didClose", ["textDocument": ["uri": "file:///w/m.dspec"]])
    #expect(codes(client.diagnostics()) == ["D0801"])
  }

  @Test func `problems of imported files are shown in them until nobody imports them`() {
    let client = Client(files: ["m.dspec": "dspec 1.0\nparam a: Prob = 7\n"])
    client.open("dspec 1.0\nimport \"m.dspec\" as m\n")
    #expect(codes(client.diagnostics("file:///w/m.dspec")) == ["D0401"])
    client.notify("textDocument/didClose", ["textDocument": ["uri": Client.uri]])
    #expect(client.diagnostics("file:///w/m.dspec") == [])
  }
}

struct NavigationTests {
  /// A name of the example, and where it is defined.
  static let definitions: [(TextPosition, TextPosition)] = [
    (cursor("<= tau", plus: 4), cursor("tau")),
    (cursor("head(G", plus: 5), cursor("G: (")),
    (cursor("head(G", plus: 0), cursor("head: ")),
    (cursor("of G", plus: 3), cursor("G: (")),
    (cursor("Gs(z", plus: 2), cursor("Gs  ")),
    (cursor("(z, s)", plus: 1), cursor("forall z", plus: 7)),
    (cursor("(z, s)", plus: 5), cursor("s in Ink")),
    (cursor("z[0]"), cursor("z ~ PZ")),
    (cursor("Z, s in"), cursor("Z: Latent")),
    (cursor("truncated(Z", plus: 10), cursor("Z: Latent")),
    (cursor("mitigates: Bad", plus: 11), cursor("Bad")),
    (cursor("denoiser: unet", plus: 10), cursor("unet")),
    (cursor("attribute: s", plus: 11), cursor("s: Ink")),
    (cursor("s: Ink", 2), cursor("s: Ink")),
    (cursor("uniform(Ink", plus: 8), cursor("Ink")),
  ]

  @Test(arguments: definitions)
  func `a name leads to its definition`(place: TextPosition, target: TextPosition) {
    let client = Client()
    client.open(example)
    let result = client.ask("definition", at: place)["result"]
    #expect(TextPosition(json: result?["range"]?["start"]) == target)
    #expect(result?["uri"] == Client.uri)
  }

  @Test(arguments: definitions)
  func `the definition is among the references, and each of them leads back`(
    place: TextPosition, target: TextPosition
  ) throws {
    let client = Client()
    client.open(example)
    let found = try #require(client.ask("references", at: place)["result"]?.arrayValue)
    let starts = found.compactMap { TextPosition(json: $0["range"]?["start"]) }
    let isAmong = found.contains {
      guard let start = TextPosition(json: $0["range"]?["start"]),
        let end = TextPosition(json: $0["range"]?["end"])
      else { return false }
      return start <= place && place <= end
    }
    #expect(isAmong && starts.contains(target))
    for start in starts {
      let back = client.ask("definition", at: start)["result"]
      #expect(TextPosition(json: back?["range"]?["start"]) == target)
    }
  }

  @Test func `imports are followed`() {
    let (text, cursors) = readCursors(
      "dspec 1.0\nimport \"m.dspec$2\" as m\nparam b: Prob = $0m.$1a\nparam c: m.$3Ink = m.Ink.$4light\n")
    let client = Client(files: ["m.dspec": "dspec 1.0\nparam a: Prob = 1\nenum Ink { light, heavy }\n"])
    client.open(text)
    #expect(client.diagnostics() == [])
    let ranges = cursors.map { client.ask("definition", at: $0)["result"]?["range"] }.map(rangeText)
    #expect(ranges == ["0:0-0:0", "1:6-1:7", "0:0-0:0", "2:5-2:8", "2:11-2:16"])
  }
}

struct RenameTests {
  static let renamings: [(TextPosition, String, Int)] = [
    (cursor("tau"), "limit", 3), (cursor("(z, s)", plus: 1), "latent", 2), (cursor("Gs(z"), "Switched", 2),
    (cursor("light"), "thin", 1), (cursor("attribute: s", plus: 11), "ink", 3), (cursor("Bad"), "Worse", 3),
    (cursor("unet"), "net", 2), (cursor("PZ"), "Law", 2),
  ]

  @Test(arguments: renamings)
  func `all names change and nothing else breaks`(place: TextPosition, name: String, count: Int) throws {
    let client = Client()
    client.open(example)
    let result = client.ask("rename", at: place, ["newName": .string(name)])
    let edits = try #require(result["result"]?["changes"]?["file:///w/t.dspec"]?.arrayValue)
    #expect(edits.count == count)
    let renamed = applied(edits, to: example)
    #expect(renamed != example)
    let fresh = Client()
    fresh.open(renamed)
    #expect(fresh.diagnostics() == [])
  }

  @Test(arguments: [
    (cursor("tau"), "forall"), (cursor("tau"), "P"), (cursor("tau"), "l2"), (cursor("tau"), "1x"),
    (cursor("tau"), ""),
    (cursor("tau"), "ä"), (cursor("tau"), "Z"), (cursor("tau"), "Gs"), (cursor("tau"), "z"),
    (cursor("light"), "heavy"), (cursor("(z, s)", plus: 1), "s"), (cursor("(z, s)", plus: 1), "tau"),
    (cursor("attribute: s", plus: 11), "t"), (cursor("dspec"), "x"), (cursor("box"), "x"),
  ])
  func `names that are taken or no names are refused`(place: TextPosition, name: String) {
    let client = Client()
    client.open(example)
    let result = client.ask("rename", at: place, ["newName": .string(name)])
    #expect(result["error"]?["code"] == -32803)
  }

  @Test func `every file that uses the name is edited`() throws {
    let library = "dspec 1.0\nparam a: Prob = 1\n"
    let (text, cursors) = readCursors("dspec 1.0\nimport \"m.dspec\" as m\nparam b: Prob = m.$0a * m.a\n")
    let client = Client(files: ["m.dspec": library])
    client.open(text)
    let changes = client.ask("rename", at: cursors[0], ["newName": "first"])["result"]?["changes"]
    let here = try #require(changes?["file:///w/t.dspec"]?.arrayValue)
    let there = try #require(changes?["file:///w/m.dspec"]?.arrayValue)
    #expect(applied(here, to: text).contains("= m.first * m.first"))
    #expect(applied(there, to: library).contains("param first:"))
  }

  @Test func `nothing is renamed while a file has syntax errors`() {
    let client = Client()
    client.open(example + "param : Prob\n")
    #expect(client.ask("rename", at: cursor("tau"), ["newName": "x"])["error"]?["code"] == -32803)
  }
}

struct HoverTests {
  @Test(arguments: [
    (cursor("<= tau", plus: 4), ["parameter `tau`", "value `0.5`", "The largest score."]),
    (cursor("Z, s in"), ["domain `Z`", "`Latent[2]`, 2 numbers"]),
    (cursor("head(G", plus: 5), ["sampler `G`", "(z: Latent[2], s: Ink) -> Latent[2]", "Ten steps."]),
    (cursor("Gs(z"), ["mitigated sampler `Gs`", "`G` with `s` switched after 5 steps"]),
    (cursor("(z, s)", plus: 1), ["variable `z`", "z in Z", "type `Latent[2]`"]),
    (cursor("z[0]"), ["drawn variable `z`", "z ~ PZ", "type `Latent[2]`"]),
    (cursor("light"), ["case of `Ink`"]), (cursor("Bad"), ["hazard `Bad`", "\"It draws the wrong thing\""]),
    (cursor("box"), ["`box`"]), (cursor("evidence"), ["field `evidence`"]), (cursor("Latent"), ["`Latent`"]),
    (cursor("param tau"), ["`param`"]), (cursor("unet"), ["network `unet`", "t: Step[10]"]),
    (cursor("attribute: s", plus: 11), ["input `s`", "s: Ink"]),
  ])
  func `tells what stands there`(place: TextPosition, parts: [String]) {
    let client = Client()
    client.open(example)
    let text = client.ask("hover", at: place)["result"]?["contents"]?["value"]?.stringValue ?? ""
    for part in parts { #expect(text.contains(part), "\(text)") }
  }

  @Test func `there is nothing to tell about blanks`() {
    let client = Client()
    client.open(example)
    #expect(client.ask("hover", at: TextPosition(line: 2, character: 0))["result"] == .null)
  }
}

struct CompletionTests {
  static let head = """
    dspec 1.0
    import "m.dspec" as m
    enum Ink { light, heavy }
    param tau: Prob = 50%
    hazard Bad { severity: "major" }
    domain Z: Latent[2] = box(-4, 4)
    dist PZ: Latent[2] = normal(0, 1)
    network unet: (z: Latent[2], t: Step[10], s: Ink) -> Latent[2] { artifact: onnx("u") }
    sampler G: (z: Latent[2], s: Ink) -> Latent[2] { denoiser: unet }

    """

  @Test(
    arguments: [
      ("$0", ["param", "property"], ["tau", "claim"]), ("par$0", ["param"], ["tau"]),
      ("param x: Ink = Ink.$0", ["light", "heavy"], ["tau"]), ("param x: Ink = Ink.l$0", ["light"], ["tau"]),
      ("param x: Prob = m.$0", ["a", "Size"], ["tau", "Ink"]),
      ("param x: m.Size = m.Size.$0", ["big"], ["a"]),
      ("param x: $0", ["Prob", "Ink", "m"], ["tau", "Bool"]),
      ("param x: Prob = $0", ["tau"], ["claim", "forall"]),
      ("domain Y: Latent[2] = $0", ["box", "ball"], ["normal"]),
      ("domain Y: Latent[2] = ball($0", ["center", "tau"], ["box"]),
      ("domain Y: Latent[2] = ball(norm: $0", ["linf"], ["tau"]),
      ("dist D: Latent[2] = $0", ["normal", "uniform"], ["box"]),
      ("dist D: Latent[2] = normal(0, 1).$0", ["truncated"], ["tau"]),
      ("network n: (x: $0", ["Image", "Ink"], ["tau"]), ("network n: (x: Ink) -> $0", ["Image"], ["tau"]),
      ("network n: (x: Ink) -> Prob { $0", ["artifact"], ["denoiser"]),
      ("sampler H: (z: Latent[2]) -> Latent[2] {\n  denoiser: $0", ["unet"], ["G", "tau"]),
      (
        "sampler H: (z: Latent[2]) -> Latent[2] {\n  denoiser: unet\n  $0", ["method", "schedule"],
        ["denoiser", "claim"]
      ),
      ("sampler H: (z: Latent[2]) -> Latent[2] {\n  method: ddim($0", ["steps", "eta"], ["unet2"]),
      ("sampler H: (z: Latent[2]) -> Latent[2] {\n  prediction: $0", ["x0", "v"], ["tau"]),
      ("mitigation M $0", ["of"], ["G"]), ("mitigation M of $0", ["G"], ["unet", "tau"]),
      ("mitigation M of G: $0", ["attribute_switching"], ["G"]),
      ("mitigation M of G: attribute_switching { attribute: $0", ["s", "z"], ["t", "tau"]),
      ("property Q { $0", ["claim", "evidence"], ["denoiser"]),
      ("property Q { mitigates: $0", ["Bad"], ["tau"]),
      ("property Q { mitigates: [Bad, $0", ["Bad"], ["tau"]),
      ("property Q { evidence: $0", ["proof", "bound"], ["tau"]),
      ("property Q {\n  claim: $0", ["forall", "P", "BER", "not"], ["Bad", "claim"]),
      ("property Q {\n  claim: forall z in $0", ["Z", "Ink"], ["PZ", "tau"]),
      ("property Q {\n  claim: P[z ~ $0", ["PZ", "normal"], ["Z", "tau"]),
      ("property Q {\n  claim: forall z in Z: G($0", ["z", "tau", "G"], ["Bad"]),
      ("property Q {\n  claim: forall z in Z: tau $0", ["and", "implies", "evidence"], ["tau", "claim"]),
      ("property Q {\n  claim: forall z in Z: tau <= 1\n  $0\n}\n", ["evidence"], ["tau", "claim"]),
      ("// $0", [], ["param"]), ("/* /* */ $0", [], ["param"]), ("hazard H \"$0\"", [], ["param"]),
      ("enum $0", [], ["param"]),
      ("property Q { }\n$0", ["param"], ["claim"]), ("param x: Prob = 1\n$0\n", ["domain"], ["tau"]),
    ] as [(String, [String], [String])])
  func `proposes what may stand there`(line: String, wanted: [String], unwanted: [String]) {
    let (text, cursors) = readCursors(Self.head + line)
    let client = Client(files: ["m.dspec": "dspec 1.0\nparam a: Prob = 1\nenum Size { small, big }\n"])
    client.open(text)
    let items = client.ask("completion", at: cursors[0])["result"]?["items"]?.arrayValue ?? []
    let labels = items.compactMap { $0["label"]?.stringValue }
    for name in wanted { #expect(labels.contains(name), "\(name) in \(labels)") }
    for name in unwanted { #expect(!labels.contains(name), "\(name) in \(labels)") }
    #expect(Set(labels).count == labels.count)
  }

  @Test func `snippets go only to clients that fill them in`() {
    let (text, cursors) = readCursors("dspec 1.0\n$0")
    for hasSnippets in [false, true] {
      let client = Client(
        capabilities: [
          "textDocument": ["completion": ["completionItem": ["snippetSupport": .boolean(hasSnippets)]]]
        ])
      client.open(text)
      let items = client.ask("completion", at: cursors[0])["result"]?["items"]?.arrayValue ?? []
      #expect(items.contains { $0["insertTextFormat"] == 2 } == hasSnippets)
    }
  }
}

struct OtherFeatureTests {
  @Test func `fix-its become code actions`() throws {
    let text = example.replacing("<= tau", with: "<= taw")
    let client = Client()
    client.open(text)
    let place = cursor("taw", in: text).json
    let result = client.request(
      "textDocument/codeAction",
      [
        "textDocument": ["uri": Client.uri], "range": ["start": place, "end": place],
        "context": ["diagnostics": .array(client.diagnostics() ?? [])],
      ])["result"]
    let action = try #require(result?.arrayValue?.first)
    #expect(action["kind"] == "quickfix")
    #expect(action["diagnostics"] == .array(client.diagnostics() ?? []))
    let edits = try #require(action["edit"]?["changes"]?["file:///w/t.dspec"]?.arrayValue)
    #expect(applied(edits, to: text) == example)
  }

  @Test func `hints show the values of parameters and percentages`() throws {
    let client = Client()
    client.open(example)
    let hints = try #require(
      client.request("textDocument/inlayHint", ["textDocument": ["uri": Client.uri]])["result"]?.arrayValue)
    let shown = hints.map {
      "\($0["position"]?["line"]?.integerValue ?? -1) \($0["label"]?.stringValue ?? "")"
    }
    let line = { (part: String) in cursor(part).line }
    let (a, b) = (line("<= tau"), line("> tau"))
    let declared = line("tau")
    #expect(shown == ["\(declared) = 0.5", "\(declared) = 0.5", "\(a) = 0.5", "\(b) = 0.5", "\(b) = 0.025"])
  }

  @Test func `hints show the bounds of claims as numbers, once`() throws {
    let text = """
      dspec 1.0
      param eps: Prob = 0.45
      let slack: Prob = 2 * 5%
      domain Z: Latent[2] = box(-1, 1)
      dist PZ: Latent[2] = uniform(Z)
      hazard H { severity: "minor" }
      property A { mitigates: H  evidence: bound  claim: eps <= P[z ~ PZ: z[0] < (1 + eps) / 2] <= 1 - eps }
      property B { mitigates: H  evidence: proof  claim: forall z in Z where z[1] >= 0.5: z[0] <= eps + slack }
      """
    let client = Client()
    client.open(text)
    #expect(client.diagnostics() == [])
    let hints = client.request("textDocument/inlayHint", ["textDocument": ["uri": Client.uri]])["result"]
    let shown = hints?.arrayValue?.map { hint in
      "\(hint["position"]?["line"]?.integerValue ?? -1) \(hint["label"]?.stringValue ?? "")"
    }
    #expect(
      shown == ["2 = 0.05", "6 = 0.45", "6 = 0.725", "6 = 0.55", "7 = 0.55"])
  }

  @Test(arguments: [
    ("50%", "= 0.5"), ("99.9%", "= 0.999"), ("0.00%", "= 0"), ("1_000%", "= 10"), ("12.5e-1%", "= 0.0125"),
    ("1e30%", "= 1e28"), ("2.5e-30%", "= 2.5e-32"), ("100%", "= 1"), ("7%", "= 0.07"),
  ])
  func `percentages are exact`(text: String, label: String) {
    let client = Client()
    client.open("dspec 1.0\nparam x: Real = \(text)\n")
    let hints = client.request("textDocument/inlayHint", ["textDocument": ["uri": Client.uri]])["result"]
    #expect(hints?.arrayValue?.compactMap { $0["label"]?.stringValue } == [label])
  }

  @Test func `formatting gives one edit that makes the new text`() throws {
    let client = Client(format: { $0.replacing("  ", with: " ").replacing("\u{e4}", with: "ö") })
    let text = "dspec 1.0\n// ä\nparam x:  Prob = 1\n// end\n"
    client.open(text)
    let parameters: JSONValue = ["textDocument": ["uri": Client.uri], "options": [:]]
    let edits = try #require(client.request("textDocument/formatting", parameters)["result"]?.arrayValue)
    #expect(edits.count == 1)
    #expect(rangeText(edits[0]["range"]) == "1:0-3:0")
    #expect(applied(edits, to: text) == "dspec 1.0\n// ö\nparam x: Prob = 1\n// end\n")
    let whole = Client(format: { $0 })
    whole.open(text)
    #expect(whole.request("textDocument/formatting", parameters)["result"] == [])
    let broken = Client(format: { _ in nil })
    broken.open(text)
    #expect(broken.request("textDocument/formatting", parameters)["error"]?["code"] == -32803)
  }

  @Test func `symbols form a tree`() throws {
    let client = Client(capabilities: [
      "textDocument": ["documentSymbol": ["hierarchicalDocumentSymbolSupport": true]]
    ])
    client.open(example)
    let parameters: JSONValue = ["textDocument": ["uri": Client.uri]]
    let symbols = try #require(
      client.request("textDocument/documentSymbol", parameters)["result"]?.arrayValue)
    #expect(
      symbols.compactMap { $0["name"]?.stringValue } == [
        "Ink", "tau", "Bad", "Z", "PZ", "S", "unet", "head", "G", "Switch", "Never", "Rare",
      ])
    #expect(symbols[0]["children"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["light", "heavy"])
    let flat = Client()
    flat.open(example)
    let list = try #require(flat.request("textDocument/documentSymbol", parameters)["result"]?.arrayValue)
    #expect(list.contains { $0["name"] == "heavy" && $0["containerName"] == "Ink" })
  }

  @Test(arguments: [
    ("forall", "keyword", 0), ("/// The", "comment", 2), ("50%", "number", 0), ("\"major\"", "string", 0),
    ("tau: Prob", "variable", 1), ("light", "enumMember", 1), ("Ink {", "enum", 1), ("Latent", "type", 4),
    ("G: (", "function", 1), ("z in Z", "variable", 1), ("claim", "property", 0),
    ("steps: 10", "parameter", 0),
    ("P[", "macro", 4), ("<=", "operator", 0), ("param", "keyword", 0), ("module", "keyword", 0),
    ("box", "function", 4),
  ])
  func `tokens have their kinds`(part: String, kind: String, modifiers: Int) throws {
    let client = Client()
    let legend = client.session.handle(["id": 0, "method": "initialize", "params": [:]])
    #expect(legend.first?["error"] != nil)
    client.open(example)
    let result = client.request("textDocument/semanticTokens/full", ["textDocument": ["uri": Client.uri]])[
      "result"]
    let data = try #require(result?["data"]?.arrayValue).compactMap(\.integerValue)
    var (line, character) = (0, 0)
    var found: (Int, Int)?
    for start in stride(from: 0, to: data.count, by: 5) {
      if data[start] > 0 { character = 0 }
      line += data[start]
      character += data[start + 1]
      if TextPosition(line: line, character: character) == cursor(part) {
        found = (data[start + 3], data[start + 4])
      }
    }
    let names = [
      "keyword", "comment", "string", "number", "operator", "type", "enum", "enumMember", "variable",
      "parameter",
      "property", "function", "namespace", "macro",
    ]
    #expect(found.map { names[$0.0] } == kind)
    #expect(found?.1 == modifiers)
  }
}
