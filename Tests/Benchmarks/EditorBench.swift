import DSpecSemantics
import LanguageServer

/// The language server at work on one large document.
enum EditorBench {
  /// Median seconds from a keystroke to its diagnostics, over `keystrokes` of them.
  static func keystroke(in text: String, line: Int, keystrokes: Int) -> Double {
    var session = Session(disk: InMemoryLoader([:]))
    func send(_ method: String, _ parameters: JSONValue) -> [JSONValue] {
      session.handle(["jsonrpc": "2.0", "method": .string(method), "params": parameters])
    }
    _ = session.handle(["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": ["capabilities": [:]]])
    _ = send("initialized", [:])
    let uri: JSONValue = "file:///w/t.dspec"
    _ = send(
      "textDocument/didOpen",
      ["textDocument": ["uri": uri, "languageId": "dspec", "version": 1, "text": .string(text)]])
    let place: JSONValue = ["line": .integer(line), "character": 0]
    let after: JSONValue = ["line": .integer(line), "character": 1]
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for index in 0..<keystrokes {
      let isTyped = index % 2 == 0
      let range: JSONValue = ["start": place, "end": isTyped ? place : after]
      let start = clock.now
      let answers = send(
        "textDocument/didChange",
        [
          "textDocument": ["uri": uri, "version": .integer(index + 2)],
          "contentChanges": [["range": range, "text": isTyped ? "x" : ""]],
        ])
      seconds.append((clock.now - start) / .seconds(1))
      guard answers.contains(where: { $0["method"] == "textDocument/publishDiagnostics" }) else {
        return .nan
      }
    }
    return seconds.sorted()[keystrokes / 2]
  }
}
