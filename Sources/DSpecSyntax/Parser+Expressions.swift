import Diagnostics

// Precedence from loose to tight: quantifiers and conditionals; `implies` (to the right); `or`; `and`;
// `not`; comparison chains; `+ -`; `* /`; unary minus; calls, subscripts and members.

extension Parser {
  /// Parses an expression of any form.
  mutating func parseExpression() -> ExpressionSyntax {
    nested { parser in
      switch parser.kind() {
      case .keyword(.forall), .keyword(.exists): parser.parseQuantified()
      case .keyword(.if): parser.parseConditional()
      case .identifier where parser.isAtSpacedQuantifier: parser.parseQuantified(words: 2)
      default: parser.parseImplication()
      }
    }
  }

  /// Parses one level deeper, or reports that the expression is too deep.
  ///
  /// Every cycle of the rules of expressions passes through here, so their recursion is bounded.
  mutating func nested(_ rule: (inout Parser) -> ExpressionSyntax) -> ExpressionSyntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      reportDepth(at: here)
      return missing()
    }
    return rule(&self)
  }

  mutating func reportDepth(at span: SourceSpan) {
    reportDepth("nested too deeply", "at most \(Self.maximumDepth) levels are allowed", at: span)
  }

  private mutating func reportDepth(_ problem: String, _ limit: String, at span: SourceSpan) {
    report(Diagnostic(.tooDeep, "expression is \(problem)", at: span, help: limit))
    isRecovering = true
  }

  func missing() -> ExpressionSyntax {
    ExpressionSyntax(kind: .missing, span: here.start, isParenthesized: false, height: 1)
  }

  /// Makes an expression from the tokens since `start`; a too high one is reported and dropped.
  ///
  /// `parts` is the height of its highest part; the expression is higher by `rise`.
  mutating func make(
    _ kind: ExpressionSyntax.Kind, since start: Int, over parts: Int = 0, rise: Int = 1
  ) -> ExpressionSyntax {
    let height = rise + parts
    guard height <= ExpressionSyntax.maximumHeight else {
      reportDepth(
        "of too many levels",
        "at most \(ExpressionSyntax.maximumHeight) levels are allowed, of which each term of a sum and each factor "
          + "of a product is one", at: span(since: start))
      return missing()
    }
    return ExpressionSyntax(
      kind: kind, span: span(since: start), isParenthesized: false, height: height)
  }

  /// Whether `for all` stands here, and a variable after it.
  private var isAtSpacedQuantifier: Bool {
    token(1).kind == .identifier && token(2).kind == .identifier && text(of: token()) == "for"
      && text(of: token(1)) == "all"
  }

  private mutating func parseQuantified(words: Int = 1) -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    let isUniversal = words > 1 || isAt(.forall)
    for _ in 0..<words { bump() }
    if words > 1 {
      let place = span(since: start)
      report(
        Diagnostic(
          .unexpectedToken, "the quantifier is one word", at: place, help: "write `forall`",
          fixIts: [FixIt("replace it with `forall`", replace: place, with: "forall")]))
    }
    let (binders, condition) = parseBinders()
    expect(.colon, "before the quantified claim")
    let body = parseExpression()
    finish(.quantified, from: mark)
    return make(
      .quantified(isUniversal: isUniversal, binders, condition: condition, body), since: start,
      over: max(binders.maximumHeight, condition?.height ?? 0, body.height))
  }

  mutating func parseBinders() -> ([BinderSyntax], ExpressionSyntax?) {
    var binders: [BinderSyntax] = []
    repeat {
      let mark = events.count
      guard let name = expectName("a variable") else { break }
      var isDraw = false
      if accept(.tilde) {
        isDraw = true
      } else if !accept(.in) {
        fail(expected: "`in` or `~` after the variable")
      }
      binders.append(BinderSyntax(name: name, isDraw: isDraw, source: nested { $0.parseSum() }))
      finish(.binder, from: mark)
    } while accept(.comma)
    return (binders, accept(.where) ? nested { $0.parseImplication() } : nil)
  }

  private mutating func parseConditional() -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    bump()
    let condition = parseExpression()
    if !accept(.then) { fail(expected: "`then`") }
    let positive = parseExpression()
    if !accept(.else) { fail(expected: "`else`") }
    let negative = parseExpression()
    finish(.conditional, from: mark)
    return make(
      .conditional(condition, positive, negative), since: start,
      over: max(condition.height, positive.height, negative.height))
  }

  private mutating func parseImplication() -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    let left = parseDisjunction()
    guard accept(.implies) else { return left }
    let right = parseExpression()
    finish(.implication, from: mark)
    return make(.implies(left, right), since: start, over: max(left.height, right.height))
  }

  private mutating func parseDisjunction() -> ExpressionSyntax {
    let result = parseLogical(.or, .disjunction) { $0.parseConjunction() }
    guard case .chain(.or, let first, let links) = result.kind, !result.isParenthesized else {
      return result
    }
    let mixed = ([first] + links.map(\.operand)).filter { operand in
      if case .chain(.and, _, _) = operand.kind { return !operand.isParenthesized }
      return false
    }
    if let offender = mixed.first {
      let edits = mixed.flatMap { operand in
        [
          TextEdit(span: operand.span.start, replacement: "("),
          TextEdit(span: operand.span.end, replacement: ")"),
        ]
      }
      report(
        Diagnostic(
          .mixedAndOr, "`and` and `or` are mixed without parentheses", at: offender.span,
          notes: links.first.map { [DiagnosticNote("the `or`", at: $0.operation.span)] } ?? [],
          help: "put parentheses around one of them, for example around `\(sourceText(offender.span))`",
          fixIts: [FixIt("put parentheses around the `and`", edits: edits)]))
    }
    return result
  }

  private func sourceText(_ span: SourceSpan) -> String {
    let text = file.text(in: span.lower..<span.upper)
    return text.count > 60 ? text.prefix(60) + "…" : text
  }

  private mutating func parseConjunction() -> ExpressionSyntax {
    parseLogical(.and, .conjunction) { $0.parseNegation() }
  }

  private mutating func parseLogical(
    _ keyword: Keyword, _ node: SyntaxKind, operand: (inout Parser) -> ExpressionSyntax
  ) -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    let first = operand(&self)
    var links: [ChainLink] = []
    while isAt(keyword) {
      let operation = OperatorSyntax(text: keyword.rawValue, span: here)
      bump()
      links.append(ChainLink(operation: operation, operand: operand(&self)))
    }
    guard !links.isEmpty else { return first }
    finish(node, from: mark)
    return make(
      .chain(keyword == .or ? .or : .and, first, links), since: start,
      over: max(first.height, links.maximumHeight))
  }

  private mutating func parseNegation() -> ExpressionSyntax {
    guard isAt(.not) else { return parseComparison() }
    let (mark, start) = (events.count, position)
    bump()
    let operand = nested { $0.parseNegation() }
    finish(.negation, from: mark)
    return make(.not(operand), since: start, over: operand.height)
  }

  private mutating func parseComparison() -> ExpressionSyntax {
    let result = parseChain(.comparison, .comparison, rise: { _ in 2 }) { $0.parseSum() }
    if isAt(.equal) { reportAssignment() }
    if case .chain(.comparison, _, let links) = result.kind { checkDirection(links) }
    return result
  }

  /// Says what compares where `=` stands, alone or before `<`, as other languages write it.
  private mutating func reportAssignment() {
    var (place, written, meant) = (here, "=", "==")
    let next = token(1)
    if next.kind == .punctuation(.less), next.triviaStart == next.start {
      (place, written, meant) = (place.union(span(of: next)), "=<", "<=")
    }
    report(
      Diagnostic(
        .unexpectedToken, "`\(written)` does not compare", at: place, help: "write `\(meant)`",
        fixIts: [FixIt("replace it with `\(meant)`", replace: place, with: meant)]))
    isRecovering = true
  }

  private mutating func checkDirection(_ links: [ChainLink]) {
    guard links.count > 1 else { return }
    if let offender = links.first(where: { $0.operation.text == "!=" }) {
      report(
        Diagnostic(
          .mixedChain, "`!=` cannot stand in a comparison chain", at: offender.operation.span,
          help: "write the comparisons one by one with `and` between them"))
      return
    }
    let directed = links.filter { $0.operation.text != "==" }
    guard let first = directed.first,
      let offender = directed.first(where: { $0.operation.text.first != first.operation.text.first })
    else { return }
    report(
      Diagnostic(
        .mixedChain, "the comparison chain changes direction", at: offender.operation.span,
        notes: [DiagnosticNote("it began in this direction", at: first.operation.span)],
        help: "write the comparisons one by one with `and` between them"))
  }

  mutating func parseSum() -> ExpressionSyntax {
    parseChain(.sum, .sum, rise: { $0 }) { $0.parseProduct() }
  }

  private mutating func parseProduct() -> ExpressionSyntax {
    parseChain(.product, .product, rise: { $0 }) { $0.parseUnary() }
  }

  private mutating func parseChain(
    _ chain: ExpressionSyntax.Chain, _ node: SyntaxKind,
    rise: (Int) -> Int, operand: (inout Parser) -> ExpressionSyntax
  ) -> ExpressionSyntax {
    let (mark, start) = (events.count, position)
    let first = operand(&self)
    var links: [ChainLink] = []
    while case .punctuation(let punctuation) = kind(), punctuation.chain == chain {
      let operation = OperatorSyntax(text: punctuation.rawValue, span: here)
      bump()
      links.append(ChainLink(operation: operation, operand: operand(&self)))
    }
    guard !links.isEmpty else { return first }
    finish(node, from: mark)
    return make(
      .chain(chain, first, links), since: start, over: max(first.height, links.maximumHeight),
      rise: rise(links.count))
  }

  private mutating func parseUnary() -> ExpressionSyntax {
    guard isAt(.minus) else { return parsePostfix() }
    let (mark, start) = (events.count, position)
    bump()
    let operand = nested { $0.parseUnary() }
    finish(.minus, from: mark)
    return make(.minus(operand), since: start, over: operand.height)
  }
}

// MARK: Operators and heights

extension Punctuation {
  /// The group of operators that it belongs to, if any.
  fileprivate var chain: ExpressionSyntax.Chain? {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equalEqual, .notEqual: .comparison
    case .plus, .minus: .sum
    case .star, .slash: .product
    default: nil
    }
  }
}

extension [ExpressionSyntax] {
  /// The height of the highest; 0 where there is none.
  var maximumHeight: Int { reduce(0) { Swift.max($0, $1.height) } }
}

extension [ArgumentSyntax] {
  /// The height of the highest value; 0 where there is none.
  var maximumHeight: Int { reduce(0) { Swift.max($0, $1.value.height) } }
}

extension [BinderSyntax] {
  /// The height of the highest source; 0 where there is none.
  var maximumHeight: Int { reduce(0) { Swift.max($0, $1.source.height) } }
}

extension [ChainLink] {
  /// The height of the highest operand; 0 where there is none.
  fileprivate var maximumHeight: Int { reduce(0) { Swift.max($0, $1.operand.height) } }
}
