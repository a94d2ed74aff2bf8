import DSpecSemantics
import LanguageServer
import SeededDraws
import Testing

struct JSONTests {
  @Test(
    arguments: [
      ("null", JSONValue.null), (" [1, -2.5, true] ", [1, .number(-2.5), true]),
      ("{\"a\":{\"b\":\"\\u00e4\\n\"}}", ["a": ["b": "ä\n"]]), ("\"\\ud83d\\ude00\"", "😀"),
      ("\"\\ud83d\\u0041\"", "\u{FFFD}A"), ("\"\\ude00\"", "\u{FFFD}"), ("1e2", .number(100)),
      ("100000000000000000000", .number(1e20)),
      ("{\"a\":1,\"a\":2}", ["a": 2]),
    ] as [(String, JSONValue)])
  func `reads`(text: String, value: JSONValue) throws {
    #expect(try JSONParser.parse(Array(text.utf8)) == value)
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\"}", "{\"a\":}", "01", "-", "1.", "\"", "\"\\x\"", "\"\\u12\"", "tru", "1 2",
    "\"\n\"", "1e999", String(repeating: "[", count: 100_000),
  ])
  func `refuses`(text: String) {
    #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
  }

  @Test(arguments: 0..<40)
  func `what is printed reads as the same`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func value(_ depth: Int) -> JSONValue {
      switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
      case 0: .null
      case 1: .boolean(Bool.random(using: &generator))
      case 2: .integer(Int.random(in: .min ... .max, using: &generator))
      case 3: .number(Double.random(in: -1e9...1e9, using: &generator) + 0.1)
      case 4: .string(randomText(&generator, length: 6) + "\u{0}\u{7F}\\")
      case 5: .array((0..<3).map { _ in value(depth + 1) })
      default: .object(["a": value(depth + 1), "ä\"": value(depth + 1)])
      }
    }
    let original = value(0)
    #expect(try JSONParser.parse(original.encoded()) == original)
  }
}

struct FramingTests {
  @Test(arguments: 1..<30)
  func `messages arrive whole however the stream is cut`(size: Int) {
    let messages: [JSONValue] = [["a": "ä"], [], "text", ["b": [1, 2, 3]]]
    let stream = messages.flatMap { MessageFraming.frame($0) }
    var framing = MessageFraming()
    var found: [FramedInput] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      framing.push(Array(stream[start..<min(stream.count, start + size)]))
      while let input = framing.next() { found.append(input) }
    }
    #expect(found == messages.map { .message($0.encoded()) })
    #expect(!framing.isWithinMessage)
  }

  @Test func `a message that is cut off is not given out`() {
    var framing = MessageFraming()
    framing.push(Array("Content-Length: 10\r\n\r\n{}".utf8))
    let input = framing.next()
    #expect(input == nil)
    #expect(framing.isWithinMessage)
  }

  @Test(arguments: [
    "Content-Length: x\r\n\r\n", "Content-Length: -5\r\n\r\n", "Content-Type: a\r\n\r\n", "nonsense\r\n\r\n",
    "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "Content-Length: 99999999999999999999999\r\n\r\n",
    "Content-Length:\r\n\r\n",
  ])
  func `a bad header is rejected and the next message is read`(header: String) {
    var framing = MessageFraming()
    framing.push(Array(header.utf8) + MessageFraming.frame(true))
    guard case .rejected = framing.next() else {
      Issue.record("not rejected")
      return
    }
    let next = framing.next()
    #expect(next == .message(Array("true".utf8)))
  }

  @Test func `a message that is too long is skipped without being kept`() {
    let length = MessageFraming.maximumContentLength + 1
    var framing = MessageFraming()
    framing.push(Array("Content-Length: \(length)\r\n\r\n".utf8))
    guard case .rejected = framing.next() else {
      Issue.record("not rejected")
      return
    }
    var left = length
    let chunk = [UInt8](repeating: 0x20, count: 1 << 20)
    while left > 0 {
      framing.push(Array(chunk.prefix(left)))
      left -= min(left, chunk.count)
      let early = framing.next()
      #expect(early == nil)
    }
    framing.push(MessageFraming.frame(false))
    let next = framing.next()
    #expect(next == .message(Array("false".utf8)))
  }

  @Test func `headers without an end stop the stream`() {
    var framing = MessageFraming()
    framing.push([UInt8](repeating: 0x41, count: MessageFraming.maximumHeaderLength + 1))
    guard case .failed = framing.next() else {
      Issue.record("not stopped")
      return
    }
    let next = framing.next()
    #expect(next == nil)
  }
}

struct LifecycleTests {
  func serve(_ messages: [JSONValue], tail: String = "") -> (code: Int32, answers: [JSONValue]) {
    var input = [messages.flatMap { MessageFraming.frame($0) } + Array(tail.utf8)]
    var output: [UInt8] = []
    let session = Session(disk: InMemoryLoader([:]))
    let code = ServerLoop.run(session, read: { input.popLast() ?? [] }) {
      output += $0
      return true
    }
    var framing = MessageFraming()
    framing.push(output)
    var answers: [JSONValue] = []
    while case .message(let content)? = framing.next() {
      answers.append((try? JSONParser.parse(content)) ?? .null)
    }
    return (code, answers)
  }

  static let initialize: JSONValue = ["id": 1, "method": "initialize", "params": [:]]

  @Test func `shutdown and exit give code 0`() {
    let served = serve([Self.initialize, ["id": "x", "method": "shutdown"], ["method": "exit"]])
    #expect(served.code == 0)
    #expect(served.answers.map { $0["id"] } == [1, "x"])
    #expect(served.answers.last?["result"] == .null)
  }

  @Test(
    arguments: [[], [["method": "exit"]], [initialize, ["method": "exit"]], [initialize]] as [[JSONValue]])
  func `any other end gives code 1`(messages: [JSONValue]) {
    #expect(serve(messages).code == 1)
  }

  @Test(
    arguments: [
      (["id": 2, "method": "textDocument/hover"], -32002),
      (["id": 2, "method": 5], -32600), ([1, 2], -32600), ("text", -32600), (["id": 2], -32600),
      (["id": [1], "method": "shutdown"], -32600), ([:], -32600),
    ] as [(JSONValue, Int)])
  func `messages out of order or form are answered by errors`(message: JSONValue, code: Int) {
    #expect(serve([message]).answers.map { $0["error"]?["code"]?.integerValue } == [code])
  }

  @Test(
    arguments: [
      ("nonsense", .null, -32601), ("$/nonsense", .null, -32601), ("initialize", [:], -32600),
      ("textDocument/hover", .null, -32602), ("textDocument/hover", ["textDocument": ["uri": 7]], -32602),
      (
        "textDocument/hover",
        ["textDocument": ["uri": "file:///none"], "position": ["line": 0, "character": 0]], -32602
      ),
      ("textDocument/rename", [:], -32602),
      ("textDocument/formatting", ["textDocument": ["uri": "file:///none"]], -32602),
    ] as [(String, JSONValue, Int)])
  func `requests that cannot be served are answered by errors`(
    method: String, parameters: JSONValue, code: Int
  ) {
    let client = Client()
    #expect(client.request(method, parameters)["error"]?["code"]?.integerValue == code)
  }

  @Test func `a client that reads no more ends the server`() {
    let session = Session(disk: InMemoryLoader([:]))
    let code = ServerLoop.run(session, read: { MessageFraming.frame(Self.initialize) }, write: { _ in false })
    #expect(code == 1)
  }

  @Test func `unknown notifications and responses are ignored`() {
    let served = serve([
      Self.initialize, ["method": "$/nothing"], ["method": "x/y", "params": 1], ["id": 9, "result": .null],
      ["id": 2, "method": "shutdown"], ["id": 3, "method": "textDocument/hover"], ["method": "exit"],
    ])
    #expect(served.code == 0)
    #expect(served.answers.compactMap { $0["id"]?.integerValue } == [1, 2, 3])
    #expect(served.answers.last?["error"]?["code"] == -32600)
  }

  @Test func `text that is no JSON is answered and the next message served`() {
    let served = serve(
      [], tail: "Content-Length: 3\r\n\r\n{x}Content-Length: 50\r\n\r\n{\"id\":1,\"method\":\"initialize\"}")
    #expect(served.code == 1)
    #expect(served.answers.map { $0["error"]?["code"] } == [-32700])
  }

  @Test(
    arguments: [
      "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave",
    ],
    [.null, [], ["textDocument": [:]], ["textDocument": ["uri": "file:///n"], "contentChanges": [1]]]
      as [JSONValue])
  func `malformed notifications change nothing`(method: String, parameters: JSONValue) {
    let client = Client()
    client.open(example)
    let before = client.session.documents
    client.notify(method, parameters)
    #expect(client.session.documents == before)
  }
}

struct FileURITests {
  @Test(arguments: [
    ("file:///w/a%20b.dspec", "/w/a b.dspec"), ("file://host/w/%C3%A4.dspec", "/w/ä.dspec"),
    ("file:///w/./x/../y.dspec", "/w/y.dspec"), ("untitled:Untitled-1", "untitled:Untitled-1"),
    ("file:///w/100%.dspec", "/w/100%.dspec"),
  ])
  func `documents go by path`(uri: String, path: String) {
    #expect(FileURI.path(of: uri) == path)
    #expect(FileURI.path(of: FileURI.uri(of: path)) == path)
  }
}
