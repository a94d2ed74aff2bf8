import Diagnostics

extension Formatter {
  /// A step of the layout.
  enum Operation {
    /// A token.
    case text(Int)
    case space
    /// A place to break a line; if its group is flat, `flatWidth` blanks.
    case line(flatWidth: Int, isBlank: Bool)
    /// The end of a line, with an empty line after it if `isBlank`.
    case newline(isBlank: Bool)
    /// The start of a group, whose lines are all broken or all flat.
    case open(group: Int)
    case close
    case indent
    case dedent
    /// A comment on the line of what stands before it.
    case trailingComment(Comment)
    /// A comment on the line of what stands behind it.
    case leadingComment(Comment)
    /// A comment that begins a line, or stands on the line of the comment before it if it is joined; what
    /// stands behind it is on its line if it joins the next.
    case ownComment(Comment, isBlankBefore: Bool, isJoined: Bool, joinsNext: Bool)
  }

  /// Turns a tree into operations.
  ///
  /// Tokens are added in source order, each once. The comments of a token's line are held back until
  /// the groups that end with the token are closed, and the comments before a token come before the
  /// groups that begin with it: so a comment breaks only groups that go on behind it.
  struct Builder {
    let tree: SyntaxTree
    /// What stands before each token.
    private(set) var gaps: [Gap]
    private(set) var operations: [Operation] = []
    /// Whether each group is broken whatever its width.
    private(set) var isForced: [Bool] = []
    private var openGroups: [Int] = []
    private var heldComments: ArraySlice<Comment> = []
    private var nextToken = 0
    private var nextWithOwnComments = 0

    init(_ tree: SyntaxTree) {
      self.tree = tree
      gaps = tree.tokens.map { Gap(of: $0, in: tree.file) }
      for case .node(let node) in tree.root.children where node.kind == .importDeclaration {
        // `as` belongs to an import only on the line where the import ends.
        for case .token(let index) in node.children.dropFirst().prefix(2) { gaps[index].joinToTokenBefore() }
      }
      for index in gaps.indices.dropFirst() where opensPart(index - 1) && !isClosing(index) {
        gaps[index].joinToToken()
      }
    }

    func isToken(_ index: Int, _ punctuation: Punctuation) -> Bool {
      tree.tokens[index].kind == .punctuation(punctuation)
    }

    /// Whether a part of a list may begin behind a token.
    private func opensPart(_ index: Int) -> Bool {
      switch tree.tokens[index].kind {
      case .punctuation(.leftParenthesis), .punctuation(.leftBracket), .punctuation(.leftBrace),
        .punctuation(.comma):
        true
      default: false
      }
    }

    private func isClosing(_ index: Int) -> Bool {
      switch tree.tokens[index].kind {
      case .punctuation(.rightParenthesis), .punctuation(.rightBracket), .punctuation(.rightBrace),
        .endOfFile:
        true
      default: false
      }
    }

    mutating func token(_ index: Int) {
      releaseComments()
      addOwnComments()
      operations.append(.text(index))
      nextToken = index + 1
      if nextToken < gaps.count { heldComments = gaps[nextToken].trailing }
    }

    mutating func space() {
      releaseComments()
      operations.append(.space)
    }

    mutating func line(flatWidth: Int = 1, isBlank: Bool = false) {
      releaseComments()
      operations.append(.line(flatWidth: flatWidth, isBlank: isBlank))
    }

    mutating func newline(isBlank: Bool) {
      releaseComments()
      operations.append(.newline(isBlank: isBlank))
    }

    mutating func indent() { operations.append(.indent) }

    mutating func dedent() { operations.append(.dedent) }

    mutating func group(isForced forced: Bool = false, _ contents: (inout Builder) -> Void) {
      releaseComments()
      addOwnComments()
      openGroups.append(isForced.count)
      operations.append(.open(group: isForced.count))
      isForced.append(false)
      if forced { forceGroups() }
      contents(&self)
      operations.append(.close)
      openGroups.removeLast()
    }

    /// Adds the comments before the closing token of brackets, which belong inside of them.
    mutating func commentsBeforeClosing() {
      releaseComments()
      addOwnComments()
    }

    private mutating func forceGroups() {
      // Outer groups of a forced group are forced already.
      for group in openGroups.reversed() {
        if isForced[group] { return }
        isForced[group] = true
      }
    }

    private mutating func releaseComments() {
      if !heldComments.isEmpty, gaps[nextToken].keepsLineEnd { forceGroups() }
      for comment in heldComments {
        if comment.isLineComment || comment.spansLines { forceGroups() }
        operations.append(.trailingComment(comment))
      }
      heldComments = []
    }

    private mutating func addOwnComments() {
      guard nextWithOwnComments <= nextToken, nextToken < gaps.count else { return }
      nextWithOwnComments = nextToken + 1
      addComments(of: gaps[nextToken], joinsToken: gaps[nextToken].isJoinedToToken) { _ in false }
      for comment in gaps[nextToken].leading { operations.append(.leadingComment(comment)) }
    }

    private mutating func addComments(
      of gap: Gap, joinsToken: Bool, isBlankBefore: (ArraySlice<Comment>.Index) -> Bool
    ) {
      let comments = gap.own
      guard !comments.isEmpty else { return }
      forceGroups()
      for (index, comment) in zip(comments.indices, comments) {
        operations.append(
          .ownComment(
            comment, isBlankBefore: isBlankBefore(index),
            isJoined: index > comments.startIndex && comment.newlinesBefore == 0,
            joinsNext: joinsToken && index == comments.endIndex - 1))
      }
    }

    /// Ends the line before a declaration or field and adds the comments before it.
    ///
    /// Single empty lines stay, except behind documentation; `needsBlank` asks for one, and
    /// `isFirst` drops the one before everything else and `isEnd` the one behind the comments.
    mutating func beginStatement(
      flatWidth: Int?, isFirst: Bool, needsBlank: Bool = false, isEnd: Bool = false
    ) {
      let gap = gaps[nextToken]
      let own = gap.own
      func isBlank(_ newlines: Int, behind index: Int) -> Bool {
        if index < own.startIndex { return !isFirst && newlines > 1 }
        return newlines > 1 && !own[index].isDocumentation
      }
      let blanks = own.indices.map { isBlank(own[$0].newlinesBefore, behind: $0 - 1) }
      let isLastBlank = !isEnd && isBlank(gap.newlinesBeforeToken, behind: own.endIndex - 1)
      let addsBlank = needsBlank && !isFirst && !isLastBlank && !blanks.contains(true)
      if own.isEmpty {
        separate(flatWidth: flatWidth, isBlank: isLastBlank || addsBlank)
      } else {
        separate(flatWidth: flatWidth, isBlank: addsBlank)
        nextWithOwnComments = nextToken + 1
        let joinsToken = !isEnd && gap.isJoinedToToken
        addComments(of: gap, joinsToken: joinsToken) { blanks[$0 - own.startIndex] }
        if !joinsToken { newline(isBlank: isLastBlank) }
      }
    }

    private mutating func separate(flatWidth: Int?, isBlank: Bool) {
      if let flatWidth {
        line(flatWidth: flatWidth, isBlank: isBlank)
      } else {
        newline(isBlank: isBlank)
      }
    }

    /// Whether comments stand before the next token.
    var hasComments: Bool { !gaps[nextToken].comments.isEmpty }

    /// Whether comments on lines of their own stand before the next token.
    var hasOwnComments: Bool { !gaps[nextToken].own.isEmpty }

    /// Adds the comments at the end of the file.
    mutating func endFile() {
      if hasOwnComments {
        beginStatement(flatWidth: nil, isFirst: nextToken == 0, isEnd: true)
      } else {
        releaseComments()
      }
    }
  }
}
