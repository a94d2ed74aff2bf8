import Diagnostics

extension Parser {
  /// Parses the whole file and consumes the end of the file.
  mutating func parseFile() -> FileSyntax {
    var header: HeaderSyntax?
    var module: PathSyntax?
    var imports: [ImportSyntax] = []
    var hasDamagedImport = false
    var declarations: [DeclarationSyntax] = []
    while token().kind != .endOfFile {
      let before = position
      switch clause {
      case .header where token(1).kind != .punctuation(.colon):
        let first = position == 0
        let parsed = parseHeader(isFirst: first)
        if first { header = parsed }
      case .module where token(1).kind != .punctuation(.colon):
        let isInPlace = module == nil && imports.isEmpty && declarations.isEmpty
        let parsed = parseModule(isInPlace: isInPlace)
        module = module ?? parsed
      case .import:
        let parsed = parseImport(isInPlace: declarations.isEmpty)
        if let parsed, !isRecovering { imports.append(parsed) } else { hasDamagedImport = true }
      default:
        if let parsed = parseDeclaration() { declarations.append(parsed) }
      }
      recover { $0.isAtDeclaration }
      if position == before {
        let mark = events.count
        bump()
        finish(.unexpected, from: mark)
      }
    }
    events.append(.token(position))
    return FileSyntax(
      header: header, module: module, imports: imports, hasDamagedImport: hasDamagedImport,
      declarations: declarations)
  }

  /// The clause that begins at the next token, if any.
  private var clause: FileSyntax.Clause? {
    token().kind == .identifier ? FileSyntax.Clause(rawValue: text(of: token())) : nil
  }

  private mutating func parseHeader(isFirst: Bool) -> HeaderSyntax? {
    let mark = events.count
    if !isFirst {
      report(
        Diagnostic(.misplacedClause, "the `dspec` header belongs at the start of the file", at: here))
    }
    bump()
    var header: HeaderSyntax?
    if kind() == .number {
      header = HeaderSyntax(version: text(of: token()), span: here)
      bump()
    } else {
      fail(expected: "a version number", help: "write `dspec 1.0`")
    }
    finish(.header, from: mark)
    return header
  }

  private mutating func parseModule(isInPlace: Bool) -> PathSyntax? {
    let mark = events.count
    if !isInPlace {
      report(
        Diagnostic(
          .misplacedClause, "the module name belongs once, before imports and declarations", at: here))
    }
    bump()
    let path = parsePath("a module name")
    finish(.module, from: mark)
    return path
  }

  private mutating func parseImport(isInPlace: Bool) -> ImportSyntax? {
    let mark = events.count
    if !isInPlace {
      report(Diagnostic(.misplacedClause, "imports belong before declarations", at: here))
    }
    bump()
    let start = position
    let target: ImportSyntax.Target
    if kind() == .string {
      target = .file(parseString())
    } else {
      guard let path = parsePath("a file name in quotes") else { return nil }
      target = .module(path)
    }
    let targetSpan = span(since: start)
    var alias: NameSyntax?
    if kind() == .identifier, text(of: token()) == "as", !token().startsLine {
      bump()
      alias = expectName("a name after `as`")
    }
    finish(.importDeclaration, from: mark)
    return ImportSyntax(target: target, targetSpan: targetSpan, alias: alias)
  }

  mutating func parsePath(_ what: String) -> PathSyntax? {
    let (mark, start) = (events.count, position)
    guard let first = expectName(what) else { return nil }
    var names = [first]
    while isAt(.dot), names.count < Self.maximumDepth {
      bump()
      guard let name = expectName("a name after `.`") else { break }
      names.append(name)
    }
    finish(.path, from: mark)
    return PathSyntax(names: names, span: span(since: start))
  }

  private mutating func parseDeclaration() -> DeclarationSyntax? {
    let (mark, start) = (events.count, position)
    guard let keyword = declarationKeyword() else { return nil }
    let documentation = documentation(before: token())
    let keywordSpan = here
    bump()
    let name = keyword == .test ? nil : expectName("a name after `\(keyword.rawValue)`")
    let body = parseBody(keyword)
    // What stands where the lexer has rejected something would only be misunderstood.
    let end = body.block?.span.lower ?? token().start
    let isDamaged = isRecovering || isRejected(between: keywordSpan.lower, and: end)
    // Closing a damaged declaration here keeps what is skipped inside its node.
    recover { $0.isAtDeclaration }
    finish(.declaration, from: mark)
    return DeclarationSyntax(
      keyword: keyword, keywordSpan: keywordSpan, name: name, body: isDamaged ? .damaged : body,
      documentation: documentation, span: span(since: start))
  }

  /// The word that begins the declaration here; a misspelt one is reported and read as what was meant.
  private mutating func declarationKeyword() -> DeclarationSyntax.Keyword? {
    let word = text(of: token())
    if token().kind == .identifier, let keyword = DeclarationSyntax.Keyword(rawValue: word) {
      return keyword
    }
    let words = DeclarationSyntax.Keyword.allCases.map(\.rawValue)
    guard token().kind == .identifier, token(1).kind == .identifier || token(1).kind == .string,
      let meant = SpellingSuggestion.nearest(to: word, among: words),
      let keyword = DeclarationSyntax.Keyword(rawValue: meant)
    else {
      let list = words.map { "`\($0)`" }.joined(separator: ", ")
      fail(expected: "a declaration", help: "declarations begin with \(list)")
      return nil
    }
    let place = here
    report(
      Diagnostic(
        .unexpectedToken, "expected a declaration, found `\(word)`", at: place,
        help: "did you mean `\(meant)`?",
        fixIts: [FixIt("replace it with `\(meant)`", replace: place, with: meant)]))
    return keyword
  }

  /// The text of the `///` lines in the trivia of a token.
  private func documentation(before token: Token) -> String? {
    let trivia = file.text(in: token.triviaStart..<token.start)
    let lines = trivia.split(whereSeparator: \.isNewline).compactMap { line -> String? in
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      guard trimmed.hasPrefix("///") else { return nil }
      let body = trimmed.dropFirst(3)
      return String(body.hasPrefix(" ") ? body.dropFirst() : body)
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private mutating func parseBody(_ keyword: DeclarationSyntax.Keyword) -> DeclarationSyntax.Body {
    switch keyword {
    case .enum: return parseCases()
    case .param:
      let type = parseTypeAnnotation()
      let value = accept(.equal) ? parseExpression() : nil
      return type.map { .parameter($0, value) } ?? .damaged
    case .domain, .dist:
      let type = parseTypeAnnotation()
      expect(.equal, "before the definition")
      let value = parseExpression()
      guard let type else { return .damaged }
      return keyword == .domain ? .domain(type, value) : .law(type, value)
    case .network, .sampler:
      expect(.colon, "before the signature")
      let signature = parseSignature()
      let block = parseBlock()
      guard let signature else { return .damaged }
      return keyword == .network ? .network(signature, block) : .sampler(signature, block)
    case .dataset:
      let type = parseTypeAnnotation()
      let block = parseBlock()
      return type.map { .dataset($0, block) } ?? .damaged
    case .mitigation:
      let path = parseOf()
      expect(.colon, "before the kind of mitigation")
      let kind = expectName("the kind of mitigation")
      let block = parseBlock()
      guard let path, let kind else { return .damaged }
      return .mitigation(of: path, kind: kind, block)
    case .hazard, .property:
      let title = kind() == .string ? parseString() : nil
      let block = parseBlock()
      return keyword == .hazard ? .hazard(title: title, block) : .property(title: title, block)
    case .goal:
      let title = kind() == .string ? parseString() : nil
      return .goal(title: title, parseBlock())
    case .test:
      let start = position
      guard kind() == .string else {
        fail(expected: "what the test shows, in quotes")
        return .damaged
      }
      let title = NameSyntax(text: parseString(), span: span(since: start))
      return .test(title: title, parseBlock())
    case .training:
      let path = parseOf()
      let block = parseBlock()
      return path.map { .training(of: $0, block) } ?? .damaged
    case .let:
      let inputs = isAt(.leftParenthesis) ? parsePorts() : nil
      let type = isAt(.colon) ? parseTypeAnnotation() : nil
      expect(.equal, "before the definition")
      return .definition(inputs: inputs, type, parseExpression())
    }
  }

  private mutating func parseOf() -> PathSyntax? {
    if kind() == .identifier, text(of: token()) == "of" {
      bump()
    } else {
      fail(expected: "`of`")
    }
    return parsePath("a name after `of`")
  }

  private mutating func parseCases() -> DeclarationSyntax.Body {
    let mark = events.count
    expect(.leftBrace, "before the cases")
    var cases: [NameSyntax] = []
    repeat {
      if isAt(.rightBrace), !cases.isEmpty { break }
      guard let name = expectName("a case name") else { break }
      cases.append(name)
    } while accept(.comma)
    expect(.rightBrace, "after the cases")
    finish(.enumCases, from: mark)
    return .enumeration(cases: cases)
  }

  private mutating func parseTypeAnnotation() -> TypeSyntax? {
    expect(.colon, "before the type")
    return parseType()
  }

  mutating func parseType() -> TypeSyntax? {
    let (mark, start) = (events.count, position)
    guard let path = parsePath("a type") else { return nil }
    var extents: [ExpressionSyntax] = []
    if accept(.leftBracket) { extents = parseList(until: .rightBracket) }
    let range = accept(.in) ? parseTypeRange() : nil
    finish(.type, from: mark)
    return TypeSyntax(path: path, extents: extents, range: range, span: span(since: start))
  }

  private mutating func parseTypeRange() -> TypeRangeSyntax {
    let (mark, start) = (events.count, position)
    expect(.leftBracket, "before the ends of the range")
    let lower = parseExpression()
    expect(.comma, "between the ends of the range")
    let upper = parseExpression()
    expect(.rightBracket, "after the ends of the range")
    finish(.typeRange, from: mark)
    return TypeRangeSyntax(lower: lower, upper: upper, span: span(since: start))
  }

  private mutating func parseSignature() -> SignatureSyntax? {
    let mark = events.count
    let inputs = parsePorts()
    expect(.arrow, "before the output type")
    let output = parseType()
    finish(.signature, from: mark)
    return output.map { SignatureSyntax(inputs: inputs, output: $0) }
  }

  private mutating func parsePorts() -> [PortSyntax] {
    let mark = events.count
    expect(.leftParenthesis, "before the inputs")
    var ports: [PortSyntax] = []
    repeat {
      if isAt(.rightParenthesis), !ports.isEmpty { break }
      let inner = events.count
      guard let name = expectName("an input name"), let type = parseTypeAnnotation() else { break }
      ports.append(PortSyntax(name: name, type: type))
      finish(.port, from: inner)
    } while accept(.comma)
    expect(.rightParenthesis, "after the inputs")
    finish(.ports, from: mark)
    return ports
  }

  private mutating func parseBlock() -> BlockSyntax {
    let (mark, start) = (events.count, position)
    expect(.leftBrace, "before the fields")
    guard !isRecovering else { return BlockSyntax(fields: [], span: here, isDamaged: true) }
    var fields: [FieldSyntax] = []
    var isDamaged = false
    while !isAt(.rightBrace) {
      if token().kind == .endOfFile || isAtDeclaration && !isAtField {
        if isDamaged { isRecovering = true } else { fail(expected: "`}` after the fields") }
        break
      }
      let inner = events.count
      if let name = expectName("a field name") {
        expect(.colon, "after the field name")
        let value = parseExpression()
        // Half a value would only be misunderstood: a damaged one counts as missing.
        let isRejected = isRejected(between: name.span.upper, and: token().start)
        fields.append(FieldSyntax(name: name, value: isRecovering || isRejected ? missing() : value))
        isDamaged = isDamaged || isRejected
      }
      _ = accept(.comma)
      if isRecovering {
        isDamaged = true
        let before = position
        recover { $0.token().kind == .punctuation(.rightBrace) || $0.isAtField || $0.isAtDeclaration }
        finish(.field, from: inner)
        // Recovery may stop where it began, at what looks like a field but is none.
        if position == before, token().kind == .endOfFile {
          isRecovering = true
          break
        }
      } else {
        finish(.field, from: inner)
      }
    }
    if !isRecovering { expect(.rightBrace, "after the fields") }
    finish(.block, from: mark)
    return BlockSyntax(fields: fields, span: span(since: start), isDamaged: isDamaged || isRecovering)
  }
}
