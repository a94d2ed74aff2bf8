package import Diagnostics

extension TextPosition {
  /// Reads a `Position`; nil for other values and negative numbers.
  package init?(json: JSONValue?) {
    guard let line = json?["line"]?.integerValue, let character = json?["character"]?.integerValue,
      line >= 0, character >= 0
    else { return nil }
    self.init(line: line, character: character)
  }

  /// The position as a `Position`.
  package var json: JSONValue { ["line": .integer(line), "character": .integer(character)] }
}

extension PositionMap {
  /// A span as a `Range`.
  package func range(_ span: SourceSpan) -> JSONValue { range(span.lower..<span.upper) }

  /// Offsets as a `Range`.
  package func range(_ offsets: Range<Int>) -> JSONValue {
    ["start": position(of: offsets.lowerBound).json, "end": position(of: offsets.upperBound).json]
  }

  /// The offsets of a `Range`; nil for other values.
  package func offsets(of range: JSONValue?) -> Range<Int>? {
    guard let start = TextPosition(json: range?["start"]), let end = TextPosition(json: range?["end"])
    else { return nil }
    let lower = offset(of: min(start, end))
    return lower..<max(lower, offset(of: max(start, end)))
  }
}

/// Why a request is answered by an error (JSON-RPC 2.0, section 5.1; LSP 3.17, error codes).
package struct ResponseError: Error, Hashable, Sendable {
  /// The numbers of the protocol.
  package enum Code: Int, Hashable, Sendable {
    case parseError = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParameters = -32602
    case serverNotInitialized = -32002
    case requestFailed = -32803
  }

  /// Which kind of error it is.
  package let code: Code
  /// The reason, to be shown to the user.
  package let message: String

  /// Makes an error.
  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The response to the request `id`, null where it is unknown.
  package func response(to id: JSONValue) -> JSONValue {
    [
      "jsonrpc": "2.0", "id": id,
      "error": ["code": .integer(code.rawValue), "message": .string(message)],
    ]
  }
}
