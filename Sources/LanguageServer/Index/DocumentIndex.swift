package import DSpecSyntax
package import Diagnostics

/// The names of one document: what it declares, and what it refers to before imports are followed.
///
/// All spans have the source identity 0.
package struct DocumentIndex: Sendable {
  /// The path of the document.
  package let path: String
  /// The text.
  package let file: SourceFile
  /// The lines of the text.
  package let map: PositionMap
  /// The tokens, the declarations and the problems of the syntax.
  package let parsed: ParsedFile
  /// Everything that the document defines, in the order of the text.
  package internal(set) var symbols: [Symbol] = []
  /// The symbols that the whole document sees, by name; the first of equal names.
  package internal(set) var globals: [String: Symbol] = [:]
  /// The paths of the imported documents by alias.
  package internal(set) var imports: [String: String] = [:]
  /// The inputs of networks and samplers by position of the declaration and name.
  var ports: [Int: [String: Symbol]] = [:]
  /// The cases of enumerations by position of the declaration and name.
  var cases: [Int: [String: Symbol]] = [:]
  /// The dotted names that may stand for symbols of this or another document.
  var paths: [[NameSyntax]] = []
  /// Names of variables and the variables.
  var variableUses: [Occurrence] = []
  /// The switched inputs of mitigations with the samplers they belong to.
  var attributes: [(sampler: [NameSyntax], name: NameSyntax)] = []
  /// The denoisers of samplers by position of the declaration.
  var denoisers: [Int: [NameSyntax]] = [:]
  /// Names that stand for no symbol, in no order.
  package internal(set) var words: [WordOccurrence] = []

  /// Reads the names of a document.
  package init(path: String, bytes: [UInt8]) {
    var builder = IndexBuilder(DocumentIndex(parsing: bytes, path: path))
    builder.build()
    self = builder.index
  }

  private init(parsing bytes: [UInt8], path: String) {
    self.path = path
    file = SourceFile(name: path, utf8: bytes)
    map = PositionMap(bytes)
    parsed = Parser.parse(file, source: SourceID(index: 0))
  }

  /// The declarations in order.
  package var declarations: [DeclarationSyntax] { parsed.syntax.declarations }

  /// The text of a span.
  package func text(_ span: SourceSpan) -> String { file.text(in: span.lower..<span.upper) }

  /// Whether the document has problems of syntax, so that names in it may have been overlooked.
  package var hasSyntaxErrors: Bool {
    parsed.diagnostics.hasErrors
  }

  /// The position of the last token that begins before `offset`, or nil.
  package func tokenIndex(before offset: Int) -> Int? {
    var low = 0
    var high = parsed.tree.tokens.count
    while low < high {
      let middle = low + (high - low) / 2
      if parsed.tree.tokens[middle].start < offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  /// The text of a token.
  package func text(of token: Token) -> String { file.text(in: token.start..<token.end) }
}
