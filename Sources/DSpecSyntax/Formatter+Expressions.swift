extension Formatter.Builder {
  /// Lays out `forall x in A, y in B where c: body`, broken after the colon first.
  mutating func layOutQuantified(_ node: SyntaxNode) {
    guard let word = node.children.first, let body = node.children.last else { return }
    group { builder in
      builder.layOut(word)
      builder.space()
      builder.group { builder in
        builder.indent()
        builder.layOutBinders(node.children.dropFirst().dropLast())
        builder.dedent()
      }
      builder.indent()
      builder.line()
      builder.layOut(body, startsLine: true)
      builder.dedent()
    }
  }

  /// Lays out binders with the commas between them, the condition, and the colon.
  private mutating func layOutBinders(_ parts: ArraySlice<SyntaxElement>) {
    for (index, part) in zip(parts.indices, parts) {
      switch part {
      case .token(let token):
        if tree.tokens[token].kind == .keyword(.where) { line() }
        self.token(token)
      case .node(let node):
        if index > parts.startIndex {
          if node.kind == .binder { line() } else { space() }
        }
        layOut(node)
      }
    }
  }

  /// Lays out `P[x ~ A: event predicts s given c]`.
  mutating func layOutMeasure(_ node: SyntaxNode) {
    let children = node.children
    guard let colon = children.firstIndex(where: { isPunctuation($0, .colon) }), colon > 2,
      let closing = children.last
    else { return }
    group { builder in
      builder.layOut(children[0])
      builder.layOut(children[1])
      builder.indent()
      builder.line(flatWidth: 0)
      builder.group { $0.layOutBinders(children[2...colon]) }
      for part in children[(colon + 1)...].dropLast() {
        switch part {
        case .token(let word):
          builder.line()
          builder.token(word)
          builder.space()
        case .node(let inner):
          let isEvent = part == children[colon + 1]
          if isEvent { builder.line() }
          builder.layOut(inner, startsLine: isEvent)
        }
      }
      builder.commentsBeforeClosing()
      builder.dedent()
      builder.line(flatWidth: 0)
      builder.layOut(closing)
    }
  }

  /// Lays out `if c then a else b`, broken before `then` and `else`.
  mutating func layOutConditional(_ node: SyntaxNode, startsLine: Bool) {
    group { builder in
      if !startsLine { builder.indent() }
      for (index, child) in node.children.enumerated() {
        switch child {
        case .token(let word):
          if index > 0 { builder.line() }
          builder.token(word)
          builder.space()
        case .node(let inner): builder.layOut(inner)
        }
      }
      if !startsLine { builder.dedent() }
    }
  }

  /// Lays out `a implies b implies c`, broken before each operator.
  mutating func layOutImplication(_ node: SyntaxNode, startsLine: Bool) {
    group { builder in
      if !startsLine { builder.indent() }
      var rest = node
      while true {
        for child in rest.children.dropLast() {
          switch child {
          case .token(let word):
            builder.line()
            builder.token(word)
            builder.space()
          case .node(let inner): builder.layOut(inner)
          }
        }
        guard case .node(let last)? = rest.children.last else { break }
        guard last.kind == .implication else {
          builder.layOut(last)
          break
        }
        rest = last
      }
      if !startsLine { builder.dedent() }
    }
  }

  /// Lays out operands with one kind of operator between them, broken before each operator.
  mutating func layOutChain(_ node: SyntaxNode, startsLine: Bool) {
    if isFraction(node) {
      for child in node.children { layOut(child) }
      return
    }
    group { builder in
      if !startsLine { builder.indent() }
      for child in node.children {
        switch child {
        case .token(let operation):
          builder.line()
          builder.token(operation)
          builder.space()
        case .node(let operand): builder.layOut(operand)
        }
      }
      if !startsLine { builder.dedent() }
    }
  }

  /// Whether the node is a fraction of two written numbers such as `1/16`, which stands without blanks.
  ///
  /// A comment after the slash would make `//` of it.
  private func isFraction(_ node: SyntaxNode) -> Bool {
    guard node.kind == .product, node.children.count == 3, isPunctuation(node.children[1], .slash),
      case .token(let slash) = node.children[1], gaps[slash].comments.isEmpty,
      slash + 1 < gaps.count, gaps[slash + 1].comments.isEmpty
    else { return false }
    return isNumber(node.children[0], allowsMinus: true) && isNumber(node.children[2], allowsMinus: false)
  }

  private func isNumber(_ element: SyntaxElement, allowsMinus: Bool) -> Bool {
    guard case .node(let node) = element else { return false }
    if node.kind == .minus, allowsMinus, let operand = node.children.last {
      return isNumber(operand, allowsMinus: false)
    }
    guard node.kind == .literal, case .token(let index)? = node.children.first else { return false }
    return tree.tokens[index].kind == .number
  }
}
