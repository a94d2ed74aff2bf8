import Diagnostics

extension Formatter.Builder {
  /// Lays out the whole file.
  mutating func layOutFile() {
    var wordBefore = ""
    var isFirst = true
    for child in tree.root.children {
      guard case .node(let node) = child else {
        endFile()
        continue
      }
      let word = firstWord(of: node)
      // Alike declarations, such as networks, may stand without empty lines between them.
      let needsBlank = hasBlock(node) && (wordBefore != word || hasOwnComments)
      beginStatement(flatWidth: nil, isFirst: isFirst, needsBlank: needsBlank)
      layOutWords(node)
      wordBefore = word
      isFirst = false
    }
  }

  private func firstWord(of node: SyntaxNode) -> String {
    guard case .token(let index)? = node.children.first else { return "" }
    let token = tree.tokens[index]
    return tree.file.text(in: token.start..<token.end)
  }

  private func hasBlock(_ node: SyntaxNode) -> Bool {
    node.children.contains { child in
      if case .node(let inner) = child { inner.kind == .block } else { false }
    }
  }

  /// Lays out parts with a blank between them, but none before a colon, a comma or the inputs of a `let`.
  private mutating func layOutWords(_ node: SyntaxNode) {
    for (index, child) in node.children.enumerated() {
      switch child {
      case .token(let token):
        if index > 0, !isToken(token, .colon), !isToken(token, .comma) { space() }
        self.token(token)
      case .node(let inner):
        if index > 0, inner.kind != .ports || node.kind == .signature { space() }
        layOut(inner)
      }
    }
  }

  /// Lays out a part of a declaration or an expression.
  ///
  /// `startsLine` says that the part stands on a line of its own wherever it does not fit beside what is
  /// before it, so that its continuation lines need no further indentation.
  mutating func layOut(_ node: SyntaxNode, startsLine: Bool = false) {
    switch node.kind {
    case .file, .header, .module, .importDeclaration, .declaration, .signature, .binder, .unexpected:
      layOutWords(node)
    case .port, .argument: layOutLabelled(node)
    case .field: layOutLabelled(node)
    case .ports, .typeRange, .arguments, .subscripts, .parenthesized, .list:
      layOutBracketed(node.children[...])
    case .enumCases: layOutBracketed(node.children[...], inset: 1)
    case .type: layOutType(node)
    case .block: layOutBlock(node)
    case .quantified: layOutQuantified(node)
    case .measure: layOutMeasure(node)
    case .conditional: layOutConditional(node, startsLine: startsLine)
    case .implication: layOutImplication(node, startsLine: startsLine)
    case .disjunction, .conjunction, .comparison, .sum, .product:
      layOutChain(node, startsLine: startsLine)
    case .negation: layOutWords(node)
    case .minus, .postfix, .path, .literal, .name: layOutTight(node)
    }
  }

  mutating func layOut(_ element: SyntaxElement, startsLine: Bool = false) {
    switch element {
    case .token(let index): token(index)
    case .node(let node): layOut(node, startsLine: startsLine)
    }
  }

  private mutating func layOutTight(_ node: SyntaxNode) {
    for child in node.children { layOut(child) }
  }

  /// Lays out `name: value`, a value alone, or either with a comma.
  private mutating func layOutLabelled(_ node: SyntaxNode) {
    var startsLine = node.kind == .argument
    for child in node.children {
      layOut(child, startsLine: startsLine)
      if case .token(let index) = child, isToken(index, .colon) {
        space()
        startsLine = false
      }
    }
  }

  private mutating func layOutType(_ node: SyntaxNode) {
    let opening = node.children.firstIndex { isPunctuation($0, .leftBracket) }
    let closing = node.children.firstIndex { isPunctuation($0, .rightBracket) }
    var index = 0
    while index < node.children.count {
      if index == opening, let closing {
        layOutBracketed(node.children[index...closing])
        index = closing + 1
        continue
      }
      if index > 0 { space() }
      layOut(node.children[index])
      index += 1
    }
  }

  func isPunctuation(_ element: SyntaxElement, _ punctuation: Punctuation) -> Bool {
    if case .token(let index) = element { isToken(index, punctuation) } else { false }
  }

  /// Lays out brackets with parts between them: on one line, or one part a line.
  ///
  /// `inset` is the number of blanks inside the brackets on one line.
  private mutating func layOutBracketed(_ children: ArraySlice<SyntaxElement>, inset: Int = 0) {
    guard let first = children.first, let last = children.last, children.count > 1 else { return }
    group { builder in
      builder.layOut(first)
      builder.indent()
      let parts = children.dropFirst().dropLast()
      for (index, part) in zip(parts.indices, parts) {
        if !builder.isPunctuation(part, .comma) {
          builder.line(flatWidth: index == 1 + children.startIndex ? inset : 1)
        }
        builder.layOut(part, startsLine: true)
      }
      builder.commentsBeforeClosing()
      builder.dedent()
      if !parts.isEmpty || builder.hasComments { builder.line(flatWidth: inset) }
      builder.layOut(last)
    }
  }

  /// Lays out a block: on one line if it was and fits, otherwise one field a line.
  private mutating func layOutBlock(_ node: SyntaxNode) {
    guard case .token(let opening)? = node.children.first, case .token(let closing)? = node.children.last
    else { return }
    let isOnOneLine = !(opening + 1...closing).contains { gaps[$0].hasLineEnd }
    let fields = node.children.dropFirst().dropLast()
    group(isForced: !isOnOneLine && !fields.isEmpty) { builder in
      builder.token(opening)
      builder.indent()
      var flatWidth = 1
      for (index, field) in zip(fields.indices, fields) {
        builder.beginStatement(flatWidth: flatWidth, isFirst: index == fields.startIndex)
        builder.layOut(field)
        flatWidth = builder.endsWithComma(field) ? 1 : 2
      }
      if builder.hasOwnComments {
        builder.beginStatement(flatWidth: 0, isFirst: fields.isEmpty, isEnd: true)
      }
      builder.dedent()
      if !fields.isEmpty || builder.hasComments { builder.line() }
      builder.token(closing)
    }
  }

  private func endsWithComma(_ field: SyntaxElement) -> Bool {
    guard case .node(let node) = field, let last = node.children.last else { return false }
    return isPunctuation(last, .comma)
  }
}
