/// A part of the byte stream from the client.
package enum FramedInput: Hashable, Sendable {
  /// The bytes of one message, as many as its header says.
  case message([UInt8])
  /// A header that cannot be used, or a message that is too long and is left out; with the reason.
  case rejected(String)
  /// The stream cannot be read any further; with the reason.
  case failed(String)
}

/// Splits a byte stream into messages (LSP 3.17, base protocol).
///
/// Memory is bounded: a header section longer than `maximumHeaderLength` ends the stream, and the content
/// of messages longer than `maximumContentLength` is skipped without being kept.
package struct MessageFraming: Sendable {
  /// The greatest length of the headers of a message.
  package static let maximumHeaderLength = 4096
  /// The greatest length of the content of a message.
  package static let maximumContentLength = 32 << 20

  private enum State {
    case header
    case content(Int)
    case skipping(Int)
    case failed
  }

  private var state = State.header
  private var buffer: [UInt8] = []
  /// How much of `buffer` has been consumed.
  private var start = 0

  /// Makes a splitter at the start of a stream.
  package init() {}

  /// Whether the bytes so far end within a message.
  package var isWithinMessage: Bool {
    if case .header = state { start < buffer.count } else { true }
  }

  /// Takes the next bytes of the stream.
  package mutating func push(_ bytes: [UInt8]) {
    if case .failed = state { return }
    if start > 0 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    buffer += bytes
  }

  /// The next part, or nil until more bytes come.
  package mutating func next() -> FramedInput? {
    while true {
      switch state {
      case .failed: return nil
      case .header:
        guard let end = headerEnd() else {
          guard buffer.count - start > Self.maximumHeaderLength else { return nil }
          state = .failed
          return .failed("the headers of a message are longer than \(Self.maximumHeaderLength) bytes")
        }
        let lines = String(decoding: buffer[start..<end], as: UTF8.self)
        start = end
        switch Self.contentLength(lines) {
        case .success(let length) where length <= Self.maximumContentLength: state = .content(length)
        case .success(let length):
          state = .skipping(length)
          return .rejected("a message of \(length) bytes is too long")
        case .failure(let problem): return .rejected(problem.text)
        }
      case .content(let length):
        guard buffer.count - start >= length else { return nil }
        let content = Array(buffer[start..<(start + length)])
        start += length
        state = .header
        return .message(content)
      case .skipping(let length):
        let skipped = min(length, buffer.count - start)
        start += skipped
        state = skipped == length ? .header : .skipping(length - skipped)
        if skipped < length { return nil }
      }
    }
  }

  /// The offset after the blank line that ends the headers, within their greatest length.
  private func headerEnd() -> Int? {
    let ending = Array("\r\n\r\n".utf8)
    let limit = min(buffer.count, start + Self.maximumHeaderLength)
    guard limit - start >= ending.count else { return nil }
    for offset in start...(limit - ending.count)
    where buffer[offset] == ending[0] && buffer[offset..<(offset + 4)].elementsEqual(ending) {
      return offset + 4
    }
    return nil
  }

  private struct Problem: Error {
    let text: String
  }

  private static func contentLength(_ headers: String) -> Result<Int, Problem> {
    var length: Int?
    for line in headers.split(separator: "\r\n") {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return .failure(Problem(text: "a header line has no colon")) }
      let value = parts[1].drop { $0 == " " }.prefix { $0 != " " }
      guard parts[0].lowercased() == "content-length" else { continue }
      guard length == nil, !value.isEmpty, value.allSatisfy({ "0"..."9" ~= $0 }), let count = Int(value)
      else { return .failure(Problem(text: "the Content-Length is no number or given twice")) }
      length = count
    }
    return length.map { .success($0) } ?? .failure(Problem(text: "a message has no Content-Length"))
  }

  /// The bytes of a message with its header.
  package static func frame(_ message: JSONValue) -> [UInt8] {
    let content = message.encoded()
    return Array("Content-Length: \(content.count)\r\n\r\n".utf8) + content
  }
}
