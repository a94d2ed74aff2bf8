package import Diagnostics

/// A file after parsing: the lossless tree, the declarations read from it, and the problems.
package struct ParsedFile: Sendable {
  /// The lossless tree.
  package let tree: SyntaxTree
  /// The declarations.
  package let syntax: FileSyntax
  /// The problems, in source order.
  package let diagnostics: [Diagnostic]
}

/// A recursive-descent parser that accepts any bytes.
///
/// It reads the declarations and writes the tree down at the same time: tokens are added to `events` as
/// they are consumed, and `finish` adds a node over the newest of them. After a problem the parser is
/// recovering: it sees the end of the file everywhere, so that every rule ends without consuming or
/// reporting anything, until the enclosing field or declaration skips to a safe place.
package struct Parser {
  let file: SourceFile
  let source: SourceID
  let tokens: [Token]
  var position = 0
  var events: [SyntaxEvent] = []
  var diagnostics: [Diagnostic]
  var isRecovering = false
  var depth = 0
  /// Where the lexer rejected bytes, in order.
  let rejectedOffsets: [Int]
  /// Where strings without an end begin, in order.
  let unterminatedOffsets: [Int]
  /// Where their lines begin.
  private let unterminatedLines: [Int]

  /// The greatest nesting depth of expressions.
  package static let maximumDepth = 256

  private init(_ file: SourceFile, source: SourceID) {
    self.file = file
    self.source = source
    let lexed = Lexer.lex(file, source: source)
    tokens = lexed.tokens
    events.reserveCapacity(3 * tokens.count)
    diagnostics = lexed.diagnostics
    rejectedOffsets = lexed.rejectedOffsets
    unterminatedOffsets = lexed.unterminatedOffsets
    unterminatedLines = lexed.unterminatedOffsets.map { offset in
      file.utf8[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }
  }

  /// Parses `file`.
  package static func parse(_ file: SourceFile, source: SourceID) -> ParsedFile {
    var parser = Parser(file, source: source)
    let syntax = parser.parseFile()
    return ParsedFile(
      tree: SyntaxTree(file: file, tokens: parser.tokens, events: parser.events), syntax: syntax,
      diagnostics: parser.diagnostics.inSourceOrder())
  }

  /// Parses a file that holds one expression and nothing else.
  package static func parseExpression(
    _ file: SourceFile, source: SourceID
  ) -> (expression: ExpressionSyntax, diagnostics: [Diagnostic]) {
    var parser = Parser(file, source: source)
    let expression = parser.parseExpression()
    if parser.token().kind != .endOfFile { parser.fail(expected: "the end of the expression") }
    return (expression, parser.diagnostics.inSourceOrder())
  }
}

// MARK: Tokens

extension Parser {
  /// The token to read next, `lookahead` tokens on; the last token repeats.
  func token(_ lookahead: Int = 0) -> Token {
    tokens[min(position + lookahead, tokens.count - 1)]
  }

  /// What the next token is; the end of the file while recovering.
  func kind(_ lookahead: Int = 0) -> TokenKind {
    isRecovering ? .endOfFile : token(lookahead).kind
  }

  func span(of token: Token) -> SourceSpan {
    SourceSpan(source: source, lower: token.start, upper: token.end)
  }

  func text(of token: Token) -> String {
    file.text(in: token.start..<token.end)
  }

  /// The place of the next token; at the end of the file, the empty place after the last token.
  var here: SourceSpan {
    if token().kind == .endOfFile, position > 0 { return span(of: tokens[position - 1]).end }
    return span(of: token())
  }

  /// The span from the start of `start` to the end of the last consumed token.
  func span(since start: Int) -> SourceSpan {
    guard position > start else { return span(of: tokens[min(start, tokens.count - 1)]).start }
    return span(of: tokens[start]).union(span(of: tokens[position - 1]))
  }

  /// Consumes the next token whatever it is; the end of the file is consumed by `parseFile` only.
  mutating func bump() {
    events.append(.token(position))
    position += 1
  }

  func isAt(_ punctuation: Punctuation) -> Bool { kind() == .punctuation(punctuation) }

  func isAt(_ keyword: Keyword) -> Bool { kind() == .keyword(keyword) }

  mutating func accept(_ punctuation: Punctuation) -> Bool {
    guard isAt(punctuation) else { return false }
    bump()
    return true
  }

  mutating func accept(_ keyword: Keyword) -> Bool {
    guard isAt(keyword) else { return false }
    bump()
    return true
  }

  /// Consumes `punctuation` or reports that it is missing.
  mutating func expect(_ punctuation: Punctuation, _ context: String) {
    if !accept(punctuation) { fail(expected: "`\(punctuation.rawValue)` \(context)") }
  }

  /// Consumes an identifier or reports that one is missing.
  mutating func expectName(_ what: String) -> NameSyntax? {
    guard kind() == .identifier else {
      if case .keyword(let word) = kind() {
        report(
          Diagnostic(
            .reservedName, "`\(word.rawValue)` is a reserved word", at: here, help: "choose another name"))
        isRecovering = true
      } else {
        fail(expected: what)
      }
      return nil
    }
    let name = NameSyntax(text: text(of: token()), span: here)
    bump()
    return name
  }
}

// MARK: Nodes and problems

extension Parser {
  /// Makes a node of what was consumed since there were `mark` events.
  mutating func finish(_ kind: SyntaxKind, from mark: Int) {
    events.append(.node(kind, from: mark))
  }

  /// Reports a problem unless the parser is recovering from an earlier one.
  mutating func report(_ diagnostic: Diagnostic) {
    if !isRecovering { diagnostics.append(diagnostic) }
  }

  /// Reports that something else is expected here and begins to recover.
  mutating func fail(expected: String, help: String? = nil) {
    guard !isRecovering else { return }
    // What is missing here may be what the lexer has rejected and reported, and a quote without another one
    // later on the line turns what is a string there into names and names into strings.
    let next = token()
    if isRejected(between: next.triviaStart, and: next.start) || isBeforeUnterminatedString(next) {
      isRecovering = true
      return
    }
    let found: String
    switch token().kind {
    case .endOfFile: found = "the end of the file"
    case .string: found = "a string"
    default: found = "`\(text(of: token()))`"
    }
    report(Diagnostic(.unexpectedToken, "expected \(expected), found \(found)", at: here, help: help))
    isRecovering = true
  }

  /// Whether the lexer rejected bytes from `lower` on and before `upper`.
  func isRejected(between lower: Int, and upper: Int) -> Bool {
    let index = Self.firstIndex(of: rejectedOffsets, from: lower)
    return index < rejectedOffsets.count && rejectedOffsets[index] < upper
  }

  /// Whether the token just consumed is a string without an end.
  var isBehindUnterminatedString: Bool {
    guard position > 0 else { return false }
    let start = tokens[position - 1].start
    let index = Self.firstIndex(of: unterminatedOffsets, from: start)
    return index < unterminatedOffsets.count && unterminatedOffsets[index] == start
  }

  private func isBeforeUnterminatedString(_ token: Token) -> Bool {
    let index = Self.firstIndex(of: unterminatedOffsets, from: token.start)
    return index < unterminatedLines.count && unterminatedLines[index] <= token.start
  }

  /// The place among ascending offsets of the first that is not less than `lower`; binary search.
  private static func firstIndex(of offsets: [Int], from lower: Int) -> Int {
    var low = 0
    var high = offsets.count
    while low < high {
      let middle = low + (high - low) / 2
      if offsets[middle] < lower { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Ends recovery: skips to the next place where `isSafe` holds, or to the end of the file.
  mutating func recover(until isSafe: (Parser) -> Bool) {
    guard isRecovering else { return }
    isRecovering = false
    let mark = events.count
    while token().kind != .endOfFile, !isSafe(self) { bump() }
    if events.count > mark { finish(.unexpected, from: mark) }
  }

  /// Whether a declaration begins at the next token: a declaring word first on its line, before a name.
  var isAtDeclaration: Bool {
    let first = token()
    guard first.kind == .identifier, first.startsLine,
      token(1).kind == .identifier || token(1).kind == .string
    else { return false }
    let word = text(of: first)
    return DeclarationSyntax.Keyword(rawValue: word) != nil || word == FileSyntax.Clause.import.rawValue
  }

  /// Whether a field begins at the next token: a name and a colon where no expression can go on.
  var isAtField: Bool {
    guard token().kind == .identifier, token(1).kind == .punctuation(.colon) else { return false }
    guard position > 0, !token().startsLine else { return true }
    switch tokens[position - 1].kind {
    case .identifier, .number, .percentage, .string, .keyword(.true), .keyword(.false),
      .punctuation(.rightParenthesis), .punctuation(.rightBracket), .punctuation(.leftBrace):
      return true
    default: return false
    }
  }
}
