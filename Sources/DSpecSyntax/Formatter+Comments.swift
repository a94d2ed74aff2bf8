import Diagnostics

extension Formatter {
  /// A comment between two tokens.
  struct Comment {
    /// Its bytes without blanks at the ends of its lines.
    let bytes: [UInt8]
    /// The line ends between it and the token or comment before it.
    let newlinesBefore: Int

    /// Whether it runs to the end of its line.
    var isLineComment: Bool { bytes.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) }
    /// Whether it is a line of documentation.
    var isDocumentation: Bool { bytes.starts(with: [UInt8](repeating: UInt8(ascii: "/"), count: 3)) }
    var spansLines: Bool { bytes.contains(UInt8(ascii: "\n")) }
  }

  /// What stands between a token and the token before it.
  struct Gap {
    /// The comments, in order.
    private(set) var comments: [Comment] = []
    /// The line ends between the last comment, or the token before, and the token.
    private(set) var newlinesBeforeToken = 0
    /// How many of the comments stand on the line of the token before.
    private(set) var trailingCount = 0
    /// Whether the comments, on the line of both tokens, speak of the token behind them.
    private(set) var isLeading = false
    /// Whether the line ends behind the comments at a place between the parts of a list.
    ///
    /// That line end stays: without it the comments would speak of the token behind them.
    private(set) var keepsLineEnd = false

    /// The comments on the line of the token before; they stay on it.
    var trailing: ArraySlice<Comment> { isLeading ? [] : comments[..<trailingCount] }
    /// The comments that stay on the line of the token, wherever that is.
    var leading: ArraySlice<Comment> { isLeading ? comments[...] : [] }
    /// The comments on lines of their own, which stand before the token.
    var own: ArraySlice<Comment> { comments[trailingCount...] }
    /// Whether the last comment and the token share a line.
    var isJoinedToToken: Bool {
      guard newlinesBeforeToken == 0, let last = comments.last else { return false }
      return !last.isLineComment && !last.spansLines
    }
    /// Whether a line ends between the tokens.
    var hasLineEnd: Bool {
      newlinesBeforeToken > 0 || comments.contains { $0.newlinesBefore > 0 || $0.spansLines }
    }

    init(of token: Token, in file: SourceFile) {
      let bytes = file.utf8
      var position = token.triviaStart
      var newlines = 0
      while position < token.start {
        let next = bytes[position]
        if next == UInt8(ascii: "\n") {
          newlines += 1
          position += 1
        } else if next == UInt8(ascii: "\r") {
          // Line ends are `\n`, `\r\n`, and a lone `\r`, which separates lines of documentation.
          let isPair = position + 1 < token.start && bytes[position + 1] == UInt8(ascii: "\n")
          if !isPair { newlines += 1 }
          position += 1
        } else if next == UInt8(ascii: "/") {
          let end = Self.commentEnd(bytes[..<token.start], from: position)
          comments.append(
            Comment(bytes: Self.trimmed(bytes[position..<end]), newlinesBefore: newlines))
          newlines = 0
          position = end
        } else {
          position += 1
        }
      }
      newlinesBeforeToken = newlines
      if token.triviaStart > 0 {
        trailingCount = comments.firstIndex { $0.newlinesBefore > 0 } ?? comments.count
      }
    }

    /// Keeps every comment on the line of the token before, for a gap in which no line ends.
    mutating func joinToTokenBefore() {
      trailingCount = comments.count
    }

    /// Keeps the comments on the line of the token, for a gap before the first or the next part of a list.
    ///
    /// Where a line ends in the gap they stay where they are, and so does the line end.
    mutating func joinToToken() {
      isLeading = !hasLineEnd && trailingCount == comments.count && !comments.isEmpty
      keepsLineEnd = hasLineEnd && trailingCount > 0
    }

    private static func commentEnd(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int {
      let (slash, star) = (UInt8(ascii: "/"), UInt8(ascii: "*"))
      guard start + 1 < bytes.endIndex, bytes[start + 1] == star else {
        return bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      }
      var depth = 0
      var position = start
      while position + 1 < bytes.endIndex {
        let pair = (bytes[position], bytes[position + 1])
        if pair == (slash, star) {
          depth += 1
          position += 2
        } else if pair == (star, slash) {
          depth -= 1
          position += 2
          if depth == 0 { return position }
        } else {
          position += 1
        }
      }
      return bytes.endIndex
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count)
      for byte in bytes {
        if byte == UInt8(ascii: "\n") { trimEnd(&result) }
        result.append(byte)
      }
      trimEnd(&result)
      return result
    }

    private static func trimEnd(_ bytes: inout [UInt8]) {
      while let last = bytes.last, last == 0x20 || last == 0x09 || last == 0x0D { bytes.removeLast() }
    }
  }
}
