package import Diagnostics

/// The tokens of a file and the problems found while reading them.
package struct LexedFile: Sendable {
  /// The tokens; the last is `.endOfFile`.
  package let tokens: [Token]
  /// Problems, in source order.
  package let diagnostics: [Diagnostic]
}

/// Splits the bytes of a file into tokens without losing a byte.
package struct Lexer {
  private let bytes: [UInt8]
  private let source: SourceID
  private var position = 0
  private var tokens: [Token] = []
  private var diagnostics: [Diagnostic] = []

  private init(_ file: SourceFile, source: SourceID) {
    bytes = file.utf8
    self.source = source
    // Specifications have a token for every six bytes or so.
    tokens.reserveCapacity(bytes.count / 6)
  }

  /// Reads the tokens of `file`; any bytes are accepted.
  package static func lex(_ file: SourceFile, source: SourceID) -> LexedFile {
    var lexer = Lexer(file, source: source)
    lexer.run()
    return LexedFile(tokens: lexer.tokens, diagnostics: lexer.diagnostics)
  }

  private mutating func run() {
    while true {
      let triviaStart = position
      let startsLine = skipTrivia() || tokens.isEmpty
      let start = position
      let kind = position < bytes.count ? readToken() : .endOfFile
      tokens.append(
        Token(kind: kind, triviaStart: triviaStart, start: start, end: position, startsLine: startsLine))
      if kind == .endOfFile { return }
    }
  }

  private func byte(_ ahead: Int = 0) -> UInt8? {
    position + ahead < bytes.count ? bytes[position + ahead] : nil
  }

  private func span(from start: Int) -> SourceSpan {
    SourceSpan(source: source, lower: start, upper: position)
  }

  private func starts(with text: StaticString) -> Bool {
    guard position + text.utf8CodeUnitCount <= bytes.count else { return false }
    return text.withUTF8Buffer { $0.elementsEqual(bytes[position..<(position + $0.count)]) }
  }
}

// MARK: Trivia

extension Lexer {
  /// Skips blanks, comments and rejected bytes; whether a line ended among them.
  private mutating func skipTrivia() -> Bool {
    var sawNewline = false
    while let next = byte() {
      if next == UInt8(ascii: "\n") {
        sawNewline = true
        position += 1
      } else if next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") || next == UInt8(ascii: "\r") {
        position += 1
      } else if next == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "/") {
        while let inside = byte(), inside != UInt8(ascii: "\n") { position += 1 }
      } else if next == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
        sawNewline = skipBlockComment() || sawNewline
      } else if position == 0, starts(with: "\u{FEFF}") {
        position += 3
      } else if isAtToken(next) {
        return sawNewline
      } else {
        skipRejected()
      }
    }
    return sawNewline
  }

  private mutating func skipBlockComment() -> Bool {
    let start = position
    var depth = 0
    var sawNewline = false
    while position < bytes.count {
      if starts(with: "/*") {
        depth += 1
        position += 2
      } else if starts(with: "*/") {
        depth -= 1
        position += 2
        if depth == 0 { return sawNewline }
      } else {
        sawNewline = sawNewline || bytes[position] == UInt8(ascii: "\n")
        position += 1
      }
    }
    let opening = SourceSpan(source: source, lower: start, upper: start + 2)
    diagnostics.append(
      Diagnostic(.unterminated, "comment without an end", at: opening, help: "close it with `*/`"))
    return sawNewline
  }

  /// Skips a run of bytes that begin no token and reports it once.
  private mutating func skipRejected() {
    let start = position
    while let next = byte(), !isAtToken(next), !Self.isBlank(next) {
      position += 1
    }
    if position == start { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let isValid = Array(text.utf8) == Array(bytes[start..<position])
    let shown = text.count > 20 ? text.prefix(20) + "…" : text[...]
    let message = isValid ? "unexpected `\(shown)`" : "bytes that are not UTF-8"
    diagnostics.append(
      Diagnostic(
        .invalidCharacter, message, at: span(from: start),
        help: text == "!" ? "write `not`" : text == "%" ? "write `%` directly after a number" : nil))
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private func isAtToken(_ next: UInt8) -> Bool {
    Self.beginsToken(next) || starts(with: "!=") || foreignOperator() != nil
  }

  private static func beginsToken(_ byte: UInt8) -> Bool {
    isIdentifierStart(byte) || isDigit(byte) || isPunctuation(byte)
  }
}

// MARK: Tokens

extension Lexer {
  private mutating func readToken() -> TokenKind {
    guard let first = byte() else { return .endOfFile }
    if Self.isIdentifierStart(first) { return readWord() }
    if Self.isDigit(first) { return readNumber() }
    if first == UInt8(ascii: "\"") { return readString() }
    if let foreign = foreignOperator() {
      let start = position
      position += foreign.length
      let place = span(from: start)
      diagnostics.append(
        Diagnostic(
          .invalidCharacter, "unexpected `\(foreign.text)`", at: place, help: "write `\(foreign.meant)`",
          fixIts: [FixIt("replace it with `\(foreign.meant)`", replace: place, with: foreign.meant)]))
      return foreign.kind
    }
    return readPunctuation()
  }

  private mutating func readPunctuation() -> TokenKind {
    let second = byte(1)
    func pair(_ expected: UInt8, _ two: Punctuation, _ one: Punctuation) -> (Punctuation, Int) {
      second == expected ? (two, 2) : (one, 1)
    }
    let equal = UInt8(ascii: "=")
    let (punctuation, length): (Punctuation, Int)
    switch bytes[position] {
    case UInt8(ascii: "("): (punctuation, length) = (.leftParenthesis, 1)
    case UInt8(ascii: ")"): (punctuation, length) = (.rightParenthesis, 1)
    case UInt8(ascii: "["): (punctuation, length) = (.leftBracket, 1)
    case UInt8(ascii: "]"): (punctuation, length) = (.rightBracket, 1)
    case UInt8(ascii: "{"): (punctuation, length) = (.leftBrace, 1)
    case UInt8(ascii: "}"): (punctuation, length) = (.rightBrace, 1)
    case UInt8(ascii: ","): (punctuation, length) = (.comma, 1)
    case UInt8(ascii: ":"): (punctuation, length) = (.colon, 1)
    case UInt8(ascii: "."): (punctuation, length) = (.dot, 1)
    case UInt8(ascii: "-"): (punctuation, length) = pair(UInt8(ascii: ">"), .arrow, .minus)
    case UInt8(ascii: "<"): (punctuation, length) = pair(equal, .lessOrEqual, .less)
    case UInt8(ascii: ">"): (punctuation, length) = pair(equal, .greaterOrEqual, .greater)
    case UInt8(ascii: "="): (punctuation, length) = pair(equal, .equalEqual, .equal)
    case UInt8(ascii: "!"): (punctuation, length) = (.notEqual, 2)
    case UInt8(ascii: "+"): (punctuation, length) = (.plus, 1)
    case UInt8(ascii: "*"): (punctuation, length) = (.star, 1)
    case UInt8(ascii: "/"): (punctuation, length) = (.slash, 1)
    case UInt8(ascii: "~"): (punctuation, length) = (.tilde, 1)
    default: preconditionFailure("byte begins a token but no punctuation matches")
    }
    position += length
    return .punctuation(punctuation)
  }

  private mutating func readWord() -> TokenKind {
    let start = position
    while let next = byte(), Self.isIdentifierStart(next) || Self.isDigit(next) { position += 1 }
    return Self.keyword(bytes[start..<position]).map { .keyword($0) } ?? .identifier
  }

  private static func keyword(_ word: ArraySlice<UInt8>) -> Keyword? {
    guard word.count <= 8 else { return nil }
    let packed = pack(word)
    return keywords.first { $0.spelling == packed }?.keyword
  }

  /// The reserved words with their spellings as `pack` makes them; none is longer than eight bytes.
  private static let keywords = Keyword.allCases.map { (keyword: $0, spelling: pack($0.rawValue.utf8)) }

  /// The bytes of a word of at most eight, as one number; no letter is zero, so the length is told.
  private static func pack(_ word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Reads the longest run that could be meant as a number and reports it if it is none.
  private mutating func readNumber() -> TokenKind {
    let start = position
    var isWellFormed = skipDigits()
    if byte() == UInt8(ascii: "."), let next = byte(1), Self.isDigit(next) {
      position += 1
      isWellFormed = skipDigits() && isWellFormed
    }
    if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
      position += 1
      if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { position += 1 }
      isWellFormed = skipDigits() && isWellFormed
    }
    while let next = byte(), Self.isIdentifierStart(next) || Self.isDigit(next) {
      isWellFormed = false
      position += 1
    }
    if !isWellFormed {
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      diagnostics.append(
        Diagnostic(
          .malformedNumber, "malformed number `\(text)`", at: span(from: start),
          help: "numbers look like `12`, `50_000`, `0.5`, `1e-4` or `50%`"))
    }
    guard byte() == UInt8(ascii: "%") else { return .number }
    position += 1
    return .percentage
  }

  /// Skips digits with single underscores between them; whether there was at least one digit.
  private mutating func skipDigits() -> Bool {
    let start = position
    while let next = byte() {
      if Self.isDigit(next) {
        position += 1
      } else if next == UInt8(ascii: "_"), position > start, let after = byte(1), Self.isDigit(after) {
        position += 1
      } else {
        break
      }
    }
    return position > start
  }

  private mutating func readString() -> TokenKind {
    let start = position
    position += 1
    while let next = byte(), next != UInt8(ascii: "\n") {
      if next == UInt8(ascii: "\"") {
        position += 1
        checkEncoding(from: start)
        return .string
      }
      if next == UInt8(ascii: "\\") {
        if let escaped = byte(1), escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\") {
          position += 1
        } else {
          let place = SourceSpan(source: source, lower: position, upper: position + 1)
          diagnostics.append(
            Diagnostic(
              .malformedString, "unknown escape in a string", at: place,
              help: "only `\\\"` and `\\\\` are escapes",
              fixIts: [FixIt("write `\\\\`", replace: place, with: "\\\\")]))
        }
      }
      position += 1
    }
    diagnostics.append(
      Diagnostic(
        .unterminated, "string without an end", at: span(from: start),
        help: "close it with `\"` on the same line"))
    return .string
  }

  private mutating func checkEncoding(from start: Int) {
    let slice = bytes[start..<position]
    guard !String(decoding: slice, as: UTF8.self).utf8.elementsEqual(slice) else { return }
    diagnostics.append(
      Diagnostic(.invalidCharacter, "string with bytes that are not UTF-8", at: span(from: start)))
  }

  private static func isIdentifierStart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), 0x28...0x2F, UInt8(ascii: ":"), 0x3C...0x3E, UInt8(ascii: "["),
      UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

// MARK: Operators of other languages

extension Lexer {
  private struct ForeignOperator {
    let text: String
    let meant: String
    let kind: TokenKind
    var length: Int { text.utf8.count }
  }

  /// The operator of another language or of mathematics at the position, read as what it means here.
  private func foreignOperator() -> ForeignOperator? {
    guard let first = byte() else { return nil }
    switch first {
    case 0x80..., UInt8(ascii: "&"), UInt8(ascii: "|"): break
    case UInt8(ascii: "="): guard byte(1) == UInt8(ascii: ">") else { return nil }
    default: return nil
    }
    if starts(with: "&&") { return ForeignOperator(text: "&&", meant: "and", kind: .keyword(.and)) }
    if starts(with: "||") { return ForeignOperator(text: "||", meant: "or", kind: .keyword(.or)) }
    if starts(with: "=>") { return ForeignOperator(text: "=>", meant: "implies", kind: .keyword(.implies)) }
    if starts(with: "≤") { return ForeignOperator(text: "≤", meant: "<=", kind: .punctuation(.lessOrEqual)) }
    if starts(with: "≥") {
      return ForeignOperator(text: "≥", meant: ">=", kind: .punctuation(.greaterOrEqual))
    }
    if starts(with: "≠") { return ForeignOperator(text: "≠", meant: "!=", kind: .punctuation(.notEqual)) }
    return nil
  }
}
