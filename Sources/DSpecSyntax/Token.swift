/// What a token is.
package enum TokenKind: Hashable, Sendable {
  case identifier
  /// A reserved word of expressions.
  case keyword(Keyword)
  /// A decimal number such as `50_000`, `0.5` or `1e-4`.
  case number
  /// A decimal number directly followed by `%`.
  case percentage
  /// Text between double quotes.
  case string
  case punctuation(Punctuation)
  /// The end of the text; its trivia is what follows the last token.
  case endOfFile
}

/// The reserved words of expressions; words that begin declarations are not reserved.
package enum Keyword: String, Hashable, Sendable, CaseIterable {
  case forall, exists, `in`, `where`, `if`, then, `else`, implies, or, and, not, `true`, `false`
  case predicts, given
}

/// The punctuation of the language.
package enum Punctuation: String, Hashable, Sendable, CaseIterable {
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case dot = "."
  case arrow = "->"
  case lessOrEqual = "<="
  case less = "<"
  case greaterOrEqual = ">="
  case greater = ">"
  case equalEqual = "=="
  case notEqual = "!="
  case equal = "="
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case tilde = "~"
}

/// A token with the trivia before it: blanks, comments and bytes that the lexer rejected.
///
/// Invariant: the trivia and texts of the tokens of a file, in order, are its bytes.
package struct Token: Hashable, Sendable {
  /// What the token is.
  package let kind: TokenKind
  /// The offset where its trivia begins.
  package let triviaStart: Int
  /// The offset of its first byte.
  package let start: Int
  /// The offset after its last byte.
  package let end: Int
  /// Whether a line ends in its trivia, or it is the first token.
  package let startsLine: Bool
}
