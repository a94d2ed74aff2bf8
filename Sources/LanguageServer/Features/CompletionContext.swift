import DSpecSyntax
import Diagnostics

/// What may be written at a place of a document, read from the tokens before it.
///
/// Tokens are used rather than declarations, because the text around the place is hardly ever whole.
struct CompletionContext: Hashable {
  /// What may be written.
  enum Place: Hashable {
    /// Nothing that could be proposed: a comment, a string, a number, a new name.
    case nothing
    /// A declaration or clause.
    case topLevel
    /// A member of a dotted name.
    case member(of: [String])
    /// A member of a law, as after `normal(0, 1).`.
    case lawMember
    case type
    case fieldName
    /// The start of the value of a field.
    case fieldValue(String)
    /// What a variable ranges over, or is drawn from.
    case binderSource(isDraw: Bool)
    case set, law
    /// The sampler that a mitigation changes, and the kind of mitigation.
    case mitigationBase, mitigationKind
    /// An operand of an expression; `callee` if it may be a labelled argument of that callee.
    case operand(callee: String?)
    /// The value of a labelled argument.
    case labelled(String)
    /// After an operand: an operator word, or the next field within a block.
    case afterOperand(inBlock: Bool)
    /// These words only.
    case words([String])
  }

  var place = Place.nothing
  /// The word that begins the declaration around the place.
  var keyword: DeclarationSyntax.Keyword?
  /// The fields before the place in the same block.
  var givenFields: Set<String> = []
  /// The field whose value surrounds the place.
  var field: String?
  /// The variables bound before the place in the same field.
  var variables: [String] = []
  /// The dotted name after `of` in a mitigation.
  var base: [String] = []

  /// Reads the context of `offset` in a document.
  init(_ document: DocumentIndex, offset: Int) {
    let reader = ContextReader(document: document)
    guard let last = reader.lastToken(before: offset) else { return }
    reader.read(last, into: &self)
  }
}

/// Walks over the tokens of a document.
private struct ContextReader {
  let document: DocumentIndex
  var tokens: [Token] { document.parsed.tree.tokens }

  init(document: DocumentIndex) {
    self.document = document
  }

  private func text(_ index: Int) -> String { document.text(of: tokens[index]) }

  private func isMark(_ index: Int, _ mark: Punctuation) -> Bool {
    tokens.indices.contains(index) && tokens[index].kind == .punctuation(mark)
  }

  /// The position of the last token before the word at `offset`, -1 at the start; nil inside of a comment,
  /// a string or a number.
  func lastToken(before offset: Int) -> Int? {
    guard let index = document.tokenIndex(before: offset) else {
      return isInComment(from: 0, to: offset) ? nil : -1
    }
    let token = tokens[index]
    if token.end < offset || token.kind == .endOfFile {
      return isInComment(from: token.end, to: offset) ? nil : index
    }
    switch token.kind {
    case .identifier, .keyword: return index - 1
    case .number, .percentage: return nil
    case .string:
      let isClosed = token.end - token.start > 1 && document.file.utf8[token.end - 1] == UInt8(ascii: "\"")
      return token.end == offset && isClosed ? index : nil
    case .punctuation, .endOfFile: return index
    }
  }

  private func isInComment(from lower: Int, to upper: Int) -> Bool {
    let bytes = document.file.utf8
    var offset = lower
    var depth = 0
    while offset < upper {
      let pair = offset + 1 < bytes.count ? (bytes[offset], bytes[offset + 1]) : (bytes[offset], 0)
      switch pair {
      case (0x2F, 0x2F) where depth == 0:
        while offset < upper, bytes[offset] != 0x0A { offset += 1 }
        if offset == upper { return true }
      case (0x2F, 0x2A):
        depth += 1
        offset += 2
      case (0x2A, 0x2F) where depth > 0:
        depth -= 1
        offset += 2
      default: offset += 1
      }
    }
    return depth > 0
  }

  func read(_ last: Int, into context: inout CompletionContext) {
    if isMark(last, .dot) {
      context.place = memberPlace(last)
      return
    }
    guard let start = declarationStart(last) else {
      context.place = isClauseLine(last) ? .nothing : .topLevel
      return
    }
    guard let keyword = DeclarationSyntax.Keyword(rawValue: text(start)) else {
      let isTarget = last == start + 1 && tokens[last].kind == .string
      let isNewLine = last + 1 < tokens.count && tokens[last + 1].startsLine && last > start + 1
      context.place = isNewLine ? .topLevel : isTarget ? .words(["as"]) : .nothing
      return
    }
    context.keyword = keyword
    scan(start, last, &context)
  }

  private func memberPlace(_ last: Int) -> CompletionContext.Place {
    if isMark(last - 1, .rightParenthesis) { return .lawMember }
    var names: [String] = []
    var index = last
    while isMark(index, .dot), index > 0, tokens[index - 1].kind == .identifier {
      names.insert(text(index - 1), at: 0)
      index -= 2
    }
    return names.isEmpty ? .nothing : .member(of: names)
  }

  /// Whether the place stands behind `dspec`, `module` or a name of that clause on the same line.
  private func isClauseLine(_ last: Int) -> Bool {
    guard last >= 0 else { return false }
    var first = last
    while first > 0, !tokens[first].startsLine { first -= 1 }
    let isSameLine = last + 1 >= tokens.count || !tokens[last + 1].startsLine
    return ["dspec", "module"].contains(text(first)) && (isSameLine || first == last)
  }

  private func declarationStart(_ last: Int) -> Int? {
    var index = last
    while index >= 0 {
      let token = tokens[index]
      if token.kind == .identifier, token.startsLine, !isMark(index + 1, .colon),
        DeclarationSyntax.Keyword(rawValue: text(index)) != nil || text(index) == "import"
      {
        return index
      }
      index -= 1
    }
    return nil
  }

  // MARK: Declarations

  private func scan(_ start: Int, _ last: Int, _ context: inout CompletionContext) {
    var brackets: [Int] = []
    var isInBlock = false
    var isClosed = false
    var equal: Int?
    var valueStart: Int?
    for index in stride(from: start + 1, through: last, by: 1) {
      switch tokens[index].kind {
      case .punctuation(.leftBrace):
        isInBlock = true
      case .punctuation(.rightBrace): isClosed = true
      case .punctuation(.leftParenthesis), .punctuation(.leftBracket): brackets.append(index)
      case .punctuation(.rightParenthesis), .punctuation(.rightBracket): _ = brackets.popLast()
      case .punctuation(.equal): equal = index
      case .identifier where isInBlock && brackets.isEmpty && isMark(index + 1, .colon) && index < last:
        if isFieldName(index, after: context.field, in: context) {
          context.field = text(index)
          context.givenFields.insert(text(index))
          context.variables = []
          valueStart = index + 1
        }
      case .identifier
      where valueStart != nil && index < last
        && (tokens[index + 1].kind == .keyword(.in) || isMark(index + 1, .tilde)):
        context.variables.append(text(index))
      default: break
      }
      if text(index) == "of", tokens[index].kind == .identifier, context.keyword == .mitigation {
        context.base = dotted(index + 1)
      }
    }
    if isClosed {
      context.place = .topLevel
    } else if isInBlock {
      context.place = blockPlace(last, brackets, valueStart, context)
    } else {
      context.place = headPlace(start, last, brackets, equal, context)
    }
  }

  /// Whether a name and colon within a block begin a field rather than the claim of a quantifier.
  private func isFieldName(_ index: Int, after field: String?, in context: CompletionContext) -> Bool {
    guard field != nil, let keyword = context.keyword else { return true }
    return tokens[index].startsLine
      || LanguageCatalog.fields(of: keyword).contains { $0.name == text(index) }
        && endsOperand(index - 1)
  }

  private func dotted(_ start: Int) -> [String] {
    var names: [String] = []
    var index = start
    while tokens.indices.contains(index), tokens[index].kind == .identifier {
      names.append(text(index))
      guard isMark(index + 1, .dot) else { break }
      index += 2
    }
    return names
  }

  private func endsOperand(_ index: Int) -> Bool {
    guard tokens.indices.contains(index) else { return false }
    switch tokens[index].kind {
    case .identifier, .number, .percentage, .string, .keyword(.true), .keyword(.false),
      .punctuation(.rightParenthesis), .punctuation(.rightBracket):
      return true
    default: return false
    }
  }

  private func blockPlace(
    _ last: Int, _ brackets: [Int], _ valueStart: Int?, _ context: CompletionContext
  ) -> CompletionContext.Place {
    if context.keyword == .enum { return .nothing }
    guard let field = context.field, let valueStart else { return .fieldName }
    if isMark(last, .comma), brackets.isEmpty, context.variables.isEmpty { return .fieldName }
    if last == valueStart { return .fieldValue(field) }
    let isList = brackets.count == 1 && brackets[0] == valueStart + 1 && isMark(brackets[0], .leftBracket)
    if isList, last == brackets[0] || isMark(last, .comma) { return .fieldValue(field) }
    return expressionPlace(last, brackets, inBlock: brackets.isEmpty)
  }

  private func expressionPlace(
    _ last: Int, _ brackets: [Int], inBlock: Bool
  ) -> CompletionContext.Place {
    if tokens[last].kind == .keyword(.in) { return .binderSource(isDraw: false) }
    if isMark(last, .tilde) { return .binderSource(isDraw: true) }
    let open = brackets.last
    let callee = open.flatMap { index in
      isMark(index, .leftParenthesis) && index > 0 && tokens[index - 1].kind == .identifier
        ? text(index - 1) : nil
    }
    if isMark(last, .colon), tokens[last - 1].kind == .identifier, let callee,
      LanguageCatalog.labels(of: callee).contains(text(last - 1))
    {
      return .labelled(text(last - 1))
    }
    if endsOperand(last) { return .afterOperand(inBlock: inBlock) }
    return .operand(callee: last == open || isMark(last, .comma) ? callee : nil)
  }

  private func headPlace(
    _ start: Int, _ last: Int, _ brackets: [Int], _ equal: Int?, _ context: CompletionContext
  ) -> CompletionContext.Place {
    guard last > start else { return .nothing }
    // A new line after a whole declaration without a block begins another one.
    let beginsLine = last + 1 < tokens.count && tokens[last + 1].startsLine
    if beginsLine, brackets.isEmpty, equal != nil, endsOperand(last) { return .topLevel }
    if let equal {
      return brackets.isEmpty
        ? definitionPlace(last, equal, context) : expressionPlace(last, brackets, inBlock: false)
    }
    switch context.keyword {
    case .param, .domain, .dist, .dataset:
      if isMark(last, .colon) { return .type }
      if !brackets.isEmpty, !endsOperand(last) { return .operand(callee: nil) }
      return endsOperand(last) && brackets.isEmpty && last > start + 2 ? .words(["in"]) : .nothing
    case .network, .sampler:
      if isMark(last, .arrow) { return .type }
      let isPort = brackets.last.map { isMark($0, .leftParenthesis) } ?? false
      if isMark(last, .colon) { return isPort ? .type : .nothing }
      let isExtent = brackets.last.map { isMark($0, .leftBracket) } ?? false
      return isExtent && !endsOperand(last) ? .operand(callee: nil) : .nothing
    case .mitigation, .training:
      if last == start + 1 { return .words(["of"]) }
      if text(last) == "of" { return .mitigationBase }
      return isMark(last, .colon) ? .mitigationKind : .nothing
    default: return .nothing
    }
  }

  private func definitionPlace(
    _ last: Int, _ equal: Int, _ context: CompletionContext
  ) -> CompletionContext.Place {
    guard last == equal else { return expressionPlace(last, [], inBlock: false) }
    switch context.keyword {
    case .domain: return .set
    case .dist: return .law
    default: return .operand(callee: nil)
    }
  }
}
