import Diagnostics

extension Parser {
  /// Parses a primary expression with its calls, subscripts and members.
  mutating func parsePostfix() -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    var result = parsePrimary()
    var hasSuffix = false
    while true {
      if isAt(.leftParenthesis) {
        let arguments = parseArguments()
        result = make(
          .call(result, arguments), since: start, over: max(result.height, arguments.maximumHeight))
      } else if isAt(.leftBracket) {
        let inner = events.count
        bump()
        let indices = parseList(until: .rightBracket)
        finish(.subscripts, from: inner)
        result = make(
          .subscripted(result, indices), since: start, over: max(result.height, indices.maximumHeight))
      } else if accept(.dot) {
        guard let name = expectName("a name after `.`") else { break }
        result = make(.member(result, name), since: start, over: result.height)
      } else {
        break
      }
      hasSuffix = true
    }
    if hasSuffix { finish(.postfix, from: mark) }
    return result
  }

  private mutating func parseArguments() -> [ArgumentSyntax] {
    let mark = events.count
    bump()
    var arguments: [ArgumentSyntax] = []
    while !isAt(.rightParenthesis) && !isRecovering {
      let inner = events.count
      var label: NameSyntax?
      if kind() == .identifier, kind(1) == .punctuation(.colon) {
        label = expectName("a label")
        bump()
      }
      arguments.append(ArgumentSyntax(label: label, value: parseExpression()))
      finish(.argument, from: inner)
      if !accept(.comma) { break }
    }
    expect(.rightParenthesis, "after the arguments")
    finish(.arguments, from: mark)
    return arguments
  }

  /// Parses expressions with commas between them and the closing punctuation.
  mutating func parseList(until closing: Punctuation) -> [ExpressionSyntax] {
    var result: [ExpressionSyntax] = []
    while !isAt(closing) && !isRecovering {
      result.append(parseExpression())
      if !accept(.comma) { break }
    }
    expect(closing, "after the list")
    return result
  }

  private mutating func parsePrimary() -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    switch kind() {
    case .number, .percentage: return parseNumber()
    case .string:
      let value = parseString()
      return make(.string(value), since: start)
    case .keyword(.true), .keyword(.false):
      let value = isAt(.true)
      bump()
      finish(.literal, from: mark)
      return make(.boolean(value), since: start)
    case .identifier:
      let name = text(of: token())
      if kind(1) == .punctuation(.leftBracket), let measure = MeasureName(rawValue: name) {
        return parseMeasure(measure)
      }
      bump()
      finish(.name, from: mark)
      return make(.name(name), since: start)
    case .punctuation(.leftParenthesis): return parseParenthesized()
    case .punctuation(.leftBracket):
      bump()
      let items = parseList(until: .rightBracket)
      finish(.list, from: mark)
      return make(.list(items), since: start, over: items.maximumHeight)
    case .keyword(.forall), .keyword(.exists), .keyword(.if):
      let word = text(of: token())
      let result = parseExpression()
      report(
        Diagnostic(
          .bareQuantifier, "`\(word)` is an operand without parentheses", at: result.span,
          help: "put parentheses around it",
          fixIts: [
            FixIt(
              "put parentheses around it",
              edits: [
                TextEdit(span: result.span.start, replacement: "("),
                TextEdit(span: result.span.end, replacement: ")"),
              ])
          ]))
      return result
    default:
      fail(expected: "an expression")
      return missing()
    }
  }

  private mutating func parseNumber() -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    let isPercentage = kind() == .percentage
    let text = text(of: token())
    bump()
    finish(.literal, from: mark)
    return make(
      .number(isPercentage ? String(text.dropLast()) : text, isPercentage: isPercentage), since: start)
  }

  /// Consumes a string token and returns its text with escapes resolved.
  mutating func parseString() -> String {
    let mark = events.count
    let raw = stringContent(of: token())
    bump()
    // The rest of its line is lost in it.
    if isBehindUnterminatedString { isRecovering = true }
    finish(.literal, from: mark)
    var result = ""
    var isEscaped = false
    for character in raw.unicodeScalars {
      if isEscaped || (character != "\\" && character != "\"") {
        result.unicodeScalars.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      }
    }
    return result
  }

  /// What a string token holds between its quotes, of whatever kind they are.
  private func stringContent(of token: Token) -> Substring {
    let text = text(of: token)
    guard text.first == "\"" else { return text.dropFirst().dropLast() }
    return text.dropFirst()
  }

  private mutating func parseParenthesized() -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    bump()
    let inner = parseExpression()
    expect(.rightParenthesis, "to close the parenthesis")
    finish(.parenthesized, from: mark)
    return ExpressionSyntax(
      kind: inner.kind, span: span(since: start), isParenthesized: true, height: inner.height)
  }

  private mutating func parseMeasure(_ kind: MeasureName) -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    let name = NameSyntax(text: text(of: token()), span: here)
    bump()
    bump()
    let (binders, condition) = parseBinders()
    expect(.colon, "before the event")
    let body = parseExpression()
    let target = accept(.predicts) ? nested { $0.parseSum() } : nil
    let given = accept(.given) ? parseExpression() : nil
    expect(.rightBracket, "to close `\(name.text)[`")
    finish(.measure, from: mark)
    let measure = MeasureSyntax(
      measure: kind, name: name, binders: binders, condition: condition, body: body, target: target,
      given: given)
    let parts = max(condition?.height ?? 0, body.height, target?.height ?? 0, given?.height ?? 0)
    return make(.measure(measure), since: start, over: max(parts, binders.maximumHeight))
  }
}
