import DSpecSemantics
import LanguageServer
import Testing

/// A text without its cursors, and where the cursors `$0`, `$1`, … stand in it.
func readCursors(_ marked: String) -> (text: String, cursors: [TextPosition]) {
  var text = ""
  var places: [(name: Character, position: TextPosition)] = []
  var rest = marked[...]
  while let sign = rest.firstIndex(of: "$") {
    text += rest[..<sign]
    let after = rest.index(after: sign)
    guard after < rest.endIndex, rest[after].isNumber else {
      text += "$"
      rest = rest[after...]
      continue
    }
    places.append((rest[after], referencePosition(of: text)))
    rest = rest[rest.index(after: after)...]
  }
  return (text + rest, places.sorted { $0.name < $1.name }.map(\.position))
}

/// The position at the end of a text, counted in the plainest way.
func referencePosition(of text: String) -> TextPosition {
  var line = 0
  var character = 0
  let units = Array(text.utf16)
  for (index, unit) in units.enumerated() {
    let isLineEnd = unit == 0x0A || unit == 0x0D && (index + 1 == units.count || units[index + 1] != 0x0A)
    if isLineEnd {
      (line, character) = (line + 1, 0)
    } else if unit != 0x0D {
      character += 1
    }
  }
  return TextPosition(line: line, character: character)
}

/// A session with an open document at `/w/t.dspec` and other files beside it.
final class Client {
  static let path = "/w/t.dspec"
  static let uri: JSONValue = "file:///w/t.dspec"

  var session: Session
  /// The notifications so far.
  var notifications: [JSONValue] = []

  init(
    files: [String: String] = [:], capabilities: JSONValue = [:],
    format: (@Sendable (String) -> String?)? = nil
  ) {
    session = Session(
      disk: InMemoryLoader(Dictionary(uniqueKeysWithValues: files.map { ("/w/" + $0.key, $0.value) })),
      format: format)
    _ = request("initialize", ["capabilities": capabilities])
    notify("initialized", [:])
  }

  func notify(_ method: String, _ parameters: JSONValue) {
    notifications += session.handle([
      "jsonrpc": "2.0", "method": .string(method), "params": parameters,
    ])
  }

  func request(_ method: String, _ parameters: JSONValue) -> JSONValue {
    session.handle([
      "jsonrpc": "2.0", "id": 1, "method": .string(method), "params": parameters,
    ]).first ?? .null
  }

  func open(_ text: String, uri: JSONValue = Client.uri) {
    notify(
      "textDocument/didOpen",
      [
        "textDocument": ["uri": uri, "languageId": "dspec", "version": 1, "text": .string(text)]
      ])
  }

  /// The response to a request about a place of the open document.
  func ask(_ method: String, at position: TextPosition, _ more: [String: JSONValue] = [:]) -> JSONValue {
    var parameters: [String: JSONValue] = ["textDocument": ["uri": Client.uri], "position": position.json]
    parameters.merge(more) { $1 }
    return request("textDocument/" + method, .object(parameters))
  }

  /// The diagnostics of the last notification about a document.
  func diagnostics(_ uri: JSONValue = Client.uri) -> [JSONValue]? {
    notifications.last {
      $0["method"] == "textDocument/publishDiagnostics" && $0["params"]?["uri"] == uri
    }?["params"]?["diagnostics"]?.arrayValue
  }
}

/// The codes of diagnostics in order.
func codes(_ diagnostics: [JSONValue]?) -> [String] {
  (diagnostics ?? []).compactMap { $0["code"]?.stringValue }
}

/// A range as `line:character-line:character`.
func rangeText(_ range: JSONValue?) -> String {
  func text(_ position: JSONValue?) -> String {
    "\(position?["line"]?.integerValue ?? -1):\(position?["character"]?.integerValue ?? -1)"
  }
  return text(range?["start"]) + "-" + text(range?["end"])
}

/// A text after the edits of the protocol, which refer to the text before all of them.
func applied(_ edits: [JSONValue], to text: String) -> String {
  let map = PositionMap(Array(text.utf8))
  var bytes = map.bytes
  let ranges = edits.compactMap { edit in map.offsets(of: edit["range"]).map { ($0, edit) } }
  for (range, edit) in ranges.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
    bytes.replaceSubrange(range, with: Array((edit["newText"]?.stringValue ?? "").utf8))
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// A specification without problems, with the names that the tests speak about.
let example = """
  dspec 1.0
  module t

  enum Ink { light, heavy }
  /// The largest score.
  param tau: Prob in [0, 50%] = 50%
  hazard Bad "It draws the wrong thing" { severity: "major" }
  domain Z: Latent[2] = box(-4, 4)
  dist PZ: Latent[2] = normal(0, 1).truncated(Z)
  dist S: Ink = uniform(Ink)
  network unet: (z: Latent[2], t: Step[10], s: Ink) -> Latent[2] {
    artifact: onnx("u.onnx", sha256: "\(String(repeating: "0", count: 64))")
  }
  network head: (x: Latent[2]) -> Prob {
    artifact: onnx("h.onnx", sha256: "\(String(repeating: "0", count: 64))")
  }
  /// Ten steps.
  sampler G: (z: Latent[2], s: Ink) -> Latent[2] {
    denoiser: unet
    method: ddim(steps: 10, eta: 0)
    schedule: linear(train_steps: 1000, beta_start: 0.0001, beta_end: 0.02)
    prediction: x0
  }
  mitigation Switch of G: attribute_switching { yields: Gs  attribute: s  at: step(5) }
  property Never "Never" {
    mitigates: Bad
    claim: forall z in Z, s in Ink: head(G(z, s)) <= tau
    evidence: proof
  }
  property Rare {
    mitigates: Bad
    claim: P[z ~ PZ, s ~ S: head(Gs(z, s)) > tau given z[0] > 0] <= 2.50%
    evidence: bound
  }

  """

/// `text` with a cursor before the `occurrence`th (from 1) place where `part` stands, `offset` characters in.
func cursor(_ part: String, _ occurrence: Int = 1, plus offset: Int = 0, in text: String = example)
  -> TextPosition
{
  var start = text.startIndex
  for count in 1... {
    guard let found = text[start...].firstRange(of: part) else { break }
    if count == occurrence {
      return referencePosition(of: String(text[..<found.lowerBound]) + part.prefix(offset))
    }
    start = found.upperBound
  }
  Issue.record("`\(part)` does not stand in the text \(occurrence) times")
  return TextPosition(line: 0, character: 0)
}
