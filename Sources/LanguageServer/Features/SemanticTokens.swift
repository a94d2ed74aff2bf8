import DSpecSyntax
import Diagnostics

/// The kinds of semantic tokens in the order of the legend.
enum SemanticTokenLegend: Int, CaseIterable {
  case keyword, comment, string, number, `operator`, type, `enum`, enumMember, variable, parameter
  case property, function, namespace, macro

  /// The modifiers in the order of their bits.
  static let modifiers = ["declaration", "documentation", "defaultLibrary"]

  static var json: JSONValue {
    [
      "tokenTypes": .array(allCases.map { .string("\($0)") }),
      "tokenModifiers": .array(modifiers.map { .string($0) }),
    ]
  }
}

/// A piece of text with its semantic kind; it may span lines.
struct SemanticToken: Hashable {
  let range: Range<Int>
  let kind: SemanticTokenLegend
  /// The bits of the modifiers.
  var modifiers = 0

  static let declaration = 1
  static let documentation = 2
  static let builtin = 4
}

extension Session {
  /// Answers `textDocument/semanticTokens/full`.
  func semanticTokens(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    let document = try document(parameters)
    let tokens = semanticTokens(of: document)
    var data: [JSONValue] = []
    data.reserveCapacity(tokens.count * 5)
    var last = TextPosition(line: 0, character: 0)
    for token in tokens {
      let start = document.map.position(of: token.range.lowerBound)
      let end = document.map.position(of: token.range.upperBound)
      guard end.line == start.line, end.character > start.character else { continue }
      let isSameLine = start.line == last.line
      data += [
        .integer(start.line - last.line),
        .integer(isSameLine ? start.character - last.character : start.character),
        .integer(end.character - start.character), .integer(token.kind.rawValue),
        .integer(token.modifiers),
      ]
      last = start
    }
    return ["data": .array(data)]
  }

  /// The tokens of a document in order, none of which spans lines.
  func semanticTokens(of document: DocumentIndex) -> [SemanticToken] {
    var names: [Int: SemanticToken] = [:]
    for word in document.words { names[word.span.lower] = token(word) }
    for occurrence in index.occurrences[document.path] ?? [] {
      guard let symbol = index.symbol(occurrence.symbol) else { continue }
      names[occurrence.span.lower] = SemanticToken(
        range: occurrence.span.lower..<occurrence.span.upper, kind: symbol.kind.semanticKind,
        modifiers: occurrence.isDefinition ? SemanticToken.declaration : 0)
    }
    let declaring = Set(document.declarations.map(\.keywordSpan.lower))
    var result: [SemanticToken] = []
    for token in document.parsed.tree.tokens {
      appendComments(token.triviaStart..<token.start, of: document, to: &result)
      let range = token.start..<token.end
      switch token.kind {
      case .endOfFile: break
      case .keyword: result.append(SemanticToken(range: range, kind: .keyword))
      case .number, .percentage: result.append(SemanticToken(range: range, kind: .number))
      case .string: result.append(SemanticToken(range: range, kind: .string))
      case .punctuation(let mark):
        if mark.isOperator { result.append(SemanticToken(range: range, kind: .operator)) }
      case .identifier:
        if declaring.contains(token.start) || token.startsLine && isClause(token, in: document) {
          result.append(SemanticToken(range: range, kind: .keyword))
        } else if let name = names[token.start] {
          result.append(SemanticToken(range: range, kind: name.kind, modifiers: name.modifiers))
        }
      }
    }
    return result
  }

  private func isClause(_ token: Token, in document: DocumentIndex) -> Bool {
    let start = document.declarations.first?.span.lower ?? Int.max
    return token.start < start && LanguageCatalog.clauses.contains { $0.name == document.text(of: token) }
  }

  private func token(_ word: WordOccurrence) -> SemanticToken {
    let range = word.span.lower..<word.span.upper
    return switch word.kind {
    case .field: SemanticToken(range: range, kind: .property)
    case .label: SemanticToken(range: range, kind: .parameter)
    case .type: SemanticToken(range: range, kind: .type, modifiers: SemanticToken.builtin)
    case .builtin: SemanticToken(range: range, kind: .function, modifiers: SemanticToken.builtin)
    case .measure: SemanticToken(range: range, kind: .macro, modifiers: SemanticToken.builtin)
    }
  }

  /// Adds the comments among trivia, a token for each line of them.
  private func appendComments(
    _ trivia: Range<Int>, of document: DocumentIndex, to result: inout [SemanticToken]
  ) {
    let bytes = document.file.utf8
    var offset = trivia.lowerBound
    func starts(_ first: Character, _ second: Character) -> Bool {
      offset + 1 < trivia.upperBound && bytes[offset] == first.asciiValue
        && bytes[offset + 1] == second.asciiValue
    }
    while offset < trivia.upperBound {
      let start = offset
      var modifiers = 0
      if starts("/", "/") {
        let isDocumentation = offset + 2 < trivia.upperBound && bytes[offset + 2] == UInt8(ascii: "/")
        modifiers = isDocumentation ? SemanticToken.documentation : 0
        while offset < trivia.upperBound, bytes[offset] != 0x0A { offset += 1 }
      } else if starts("/", "*") {
        var depth = 0
        repeat {
          if starts("/", "*") {
            depth += 1
            offset += 2
          } else if starts("*", "/") {
            depth -= 1
            offset += 2
          } else {
            offset += 1
          }
        } while depth > 0 && offset < trivia.upperBound
      } else {
        offset += 1
        continue
      }
      appendLines(start..<offset, modifiers, bytes, to: &result)
    }
  }

  private func appendLines(
    _ range: Range<Int>, _ modifiers: Int, _ bytes: [UInt8], to result: inout [SemanticToken]
  ) {
    for line in bytes[range].split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      result.append(
        SemanticToken(range: line.startIndex..<line.endIndex, kind: .comment, modifiers: modifiers))
    }
  }
}

extension Punctuation {
  /// Whether the mark is an operator rather than a bracket or separator.
  var isOperator: Bool {
    switch self {
    case .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket, .leftBrace, .rightBrace, .comma,
      .colon, .dot:
      false
    default: true
    }
  }
}

extension SymbolKind {
  /// How names of the symbol are shown.
  var semanticKind: SemanticTokenLegend {
    switch self {
    case .declaration(let keyword):
      switch keyword {
      case .enum: .enum
      case .network, .sampler: .function
      case .domain, .dist, .dataset: .type
      case .param: .variable
      default: .variable
      }
    case .yield: .function
    case .enumCase: .enumMember
    case .variable: .variable
    case .port: .parameter
    case .importAlias: .namespace
    }
  }
}
