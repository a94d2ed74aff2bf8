package import Diagnostics

/// The tokens of a file and the problems found while reading them.
package struct LexedFile: Sendable {
  /// The tokens; the last is `.endOfFile`.
  package let tokens: [Token]
  /// Problems, in source order.
  package let diagnostics: [Diagnostic]
  /// Where bytes without a meaning begin, and comments without an end; in order.
  let rejectedOffsets: [Int]
  /// Where strings without an end begin; in order.
  let unterminatedOffsets: [Int]
}

/// Splits the bytes of a file into tokens without losing a byte.
package struct Lexer {
  private let bytes: [UInt8]
  private let source: SourceID
  private var position = 0
  private var tokens: [Token] = []
  private var diagnostics: [Diagnostic] = []
  private var rejectedOffsets: [Int] = []
  private var unterminatedOffsets: [Int] = []

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
    return LexedFile(
      tokens: lexer.tokens, diagnostics: lexer.diagnostics, rejectedOffsets: lexer.rejectedOffsets,
      unterminatedOffsets: lexer.unterminatedOffsets)
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

  private func starts(with text: StaticString, ahead: Int = 0) -> Bool {
    let start = position + ahead
    guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
    return text.withUTF8Buffer { $0.elementsEqual(bytes[start..<(start + $0.count)]) }
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
        while let inside = byte(), inside != UInt8(ascii: "\n") { skipCommentByte() }
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
        skipCommentByte()
      }
    }
    let opening = SourceSpan(source: source, lower: start, upper: start + 2)
    rejectedOffsets.append(start)
    diagnostics.append(
      Diagnostic(.unterminated, "comment without an end", at: opening, help: "close it with `*/`"))
    return sawNewline
  }

  /// Skips a byte of a comment, or a character that would show the comment's text otherwise than it is read.
  ///
  /// Many editors begin a line at a lone carriage return, a vertical tab, a form feed and Unicode's line ends, so that
  /// what looks like a declaration would be part of the comment; and controls of direction reorder what is seen.
  private mutating func skipCommentByte() {
    let start = position
    let length = deceptiveLength
    position += length ?? 1
    guard length != nil else { return }
    rejectedOffsets.append(start)
    diagnostics.append(
      Diagnostic(
        .invalidCharacter, "a comment holds a character that hides where its text ends or how it runs",
        at: span(from: start), help: "remove it; lines end with a line feed"))
  }

  /// The length of a character at the position that would show text otherwise than it is read; nil for any other.
  private var deceptiveLength: Int? {
    switch bytes[position] {
    case 0x0B, 0x0C: 1
    case UInt8(ascii: "\r"): byte(1) == UInt8(ascii: "\n") ? nil : 1
    case 0xC2, 0xE2: Self.deceptive.first { bytes[position...].starts(with: $0) }?.count
    default: nil
    }
  }

  /// UTF-8 of U+0085, U+2028 and U+2029, which end lines, and of the controls of direction (Unicode Standard Annex 9).
  private static let deceptive: [[UInt8]] =
    [[0xC2, 0x85]] + (0xA8...0xAE).map { [0xE2, 0x80, $0] } + (0xA6...0xA9).map { [0xE2, 0x81, $0] }

  /// Skips a run of bytes that begin no token and reports it once.
  private mutating func skipRejected() {
    let start = position
    while let next = byte(), !isAtToken(next), !Self.isBlank(next) {
      position += 1
    }
    if position == start { position += 1 }
    rejectedOffsets.append(start)
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let isValid = Array(text.utf8) == Array(bytes[start..<position])
    let shown = text.count > 20 ? text.prefix(20) + "…" : text[...]
    // Letters of other scripts look like Latin ones, and some spaces like none.
    let codes = text.unicodeScalars.filter { !$0.isASCII }.prefix(3).map {
      "U+" + String(repeating: "0", count: max(0, 4 - String($0.value, radix: 16).count))
        + String($0.value, radix: 16, uppercase: true)
    }
    let named = codes.isEmpty ? "" : " (\(codes.joined(separator: " ")))"
    let message = isValid ? "unexpected `\(shown)`\(named)" : "bytes that are not UTF-8"
    diagnostics.append(
      Diagnostic(
        .invalidCharacter, message, at: span(from: start),
        help: !isValid
          ? "save the file as UTF-8"
          : Self.helps[text] ?? (codes.isEmpty ? nil : "names, signs and spaces are ASCII")))
  }

  /// What to write in place of signs that other languages have.
  private static let helps = [
    "!": "write `not`", "%": "write `%` directly after a number", "^": "write a power as a product",
    ";": "declarations and fields end without a sign", "?": "write a condition as `if … then … else …`",
    "#": "comments start with `//`", "$": "parameters are named without a sign",
  ]

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private func isAtToken(_ next: UInt8) -> Bool {
    Self.beginsToken(next) || starts(with: "!=") || foreignOperator() != nil || foreignQuote() != nil
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
          fixIts: [
            FixIt("replace it with `\(foreign.meant)`", replace: place, with: separated(foreign, from: start))
          ]))
      return foreign.kind
    }
    if let quote = foreignQuote() { return readForeignString(quote) }
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
      // What a terminal obeys, or shows in another order, would reach every reader of a title.
      let isControl = next < 0x20 && next != UInt8(ascii: "\t") && next != UInt8(ascii: "\r") || next == 0x7F
      if let length = deceptiveLength ?? (isControl ? 1 : nil) {
        let place = SourceSpan(source: source, lower: position, upper: position + length)
        diagnostics.append(
          Diagnostic(
            .invalidCharacter, "a string holds a control character", at: place, help: "remove it",
            fixIts: [FixIt("remove it", replace: place, with: "")]))
        position += length - 1
      }
      position += 1
    }
    unterminatedOffsets.append(start)
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

  private static let signs: [(StaticString, TokenKind)] = [
    ("≤", .punctuation(.lessOrEqual)), ("≥", .punctuation(.greaterOrEqual)), ("≠", .punctuation(.notEqual)),
    // The minus of mathematics and the dash that text processors make of two hyphens.
    ("−", .punctuation(.minus)), ("–", .punctuation(.minus)),
    ("×", .punctuation(.star)), ("·", .punctuation(.star)), ("÷", .punctuation(.slash)),
    ("→", .punctuation(.arrow)), ("∼", .punctuation(.tilde)), ("∀", .keyword(.forall)),
    ("∃", .keyword(.exists)), ("∈", .keyword(.in)), ("∧", .keyword(.and)), ("∨", .keyword(.or)),
    ("¬", .keyword(.not)), ("⇒", .keyword(.implies)),
  ]

  /// What an operator means, with blanks where it would run together with a word beside it.
  private func separated(_ foreign: ForeignOperator, from start: Int) -> String {
    guard case .keyword = foreign.kind else { return foreign.meant }
    func isWord(_ byte: UInt8) -> Bool { Self.isIdentifierStart(byte) || Self.isDigit(byte) }
    let before = start > 0 && isWord(bytes[start - 1]) ? " " : ""
    return before + foreign.meant + (byte().map(isWord) ?? false ? " " : "")
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
    for (text, kind) in Self.signs where starts(with: text) {
      switch kind {
      case .punctuation(let meant): return ForeignOperator(text: "\(text)", meant: meant.rawValue, kind: kind)
      case .keyword(let meant): return ForeignOperator(text: "\(text)", meant: meant.rawValue, kind: kind)
      default: break
      }
    }
    return nil
  }
}

// MARK: Quotes of other languages

extension Lexer {
  /// A string between quotes that the language does not use.
  private struct ForeignQuote {
    /// The bytes of the quote before the text.
    let opening: Int
    /// The bytes of the text.
    let length: Int
    /// The bytes of the quote behind the text.
    let closing: Int
  }

  /// The greatest number of bytes to look ahead for the quote that ends a string.
  private static let maximumForeignString = 256

  private static let quotes: [(opening: StaticString, closing: [StaticString])] = [
    ("“", ["”", "“"]), ("”", ["”", "“"]), ("„", ["“", "”"]), ("«", ["»"]), ("»", ["«"]), ("‘", ["’", "‘"]),
    ("’", ["’", "‘"]), ("'", ["'"]),
  ]

  /// The string at the position, if it begins and ends on this line with quotes that are not straight double ones.
  ///
  /// A quote without its counterpart may end at a straight one.
  private func foreignQuote() -> ForeignQuote? {
    guard let first = byte(), first >= 0x80 || first == UInt8(ascii: "'"),
      let (opening, closings) = Self.quotes.first(where: { starts(with: $0.opening) })
    else { return nil }
    return quoted(behind: opening, until: closings) ?? quoted(behind: opening, until: ["\""])
  }

  private func quoted(behind opening: StaticString, until closings: [StaticString]) -> ForeignQuote? {
    let start = opening.utf8CodeUnitCount
    var place = start
    while let next = byte(place), next != UInt8(ascii: "\n"), place < Self.maximumForeignString {
      if let closing = closings.first(where: { starts(with: $0, ahead: place) }) {
        return ForeignQuote(opening: start, length: place - start, closing: closing.utf8CodeUnitCount)
      }
      place += 1
    }
    return nil
  }

  private mutating func readForeignString(_ quote: ForeignQuote) -> TokenKind {
    let start = position
    let content = bytes[(start + quote.opening)..<(start + quote.opening + quote.length)]
    position += quote.opening + quote.length + quote.closing
    let place = span(from: start)
    let text = String(decoding: content, as: UTF8.self)
    let isPlain = text.utf8.elementsEqual(content) && !text.contains("\"") && !text.contains("\\")
    diagnostics.append(
      Diagnostic(
        .invalidCharacter, "a string stands between straight double quotes", at: place,
        help: "write `\"…\"`",
        fixIts: isPlain ? [FixIt("put straight quotes around it", replace: place, with: "\"\(text)\"")] : []))
    return .string
  }
}
