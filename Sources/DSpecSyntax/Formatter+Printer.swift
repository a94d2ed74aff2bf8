import Diagnostics

extension Formatter {
  /// Carries out operations.
  ///
  /// A group is flat if it fits in the rest of the line together with what follows it up to the next
  /// place where a line may end. What separates texts is held back until the next text, so that no line
  /// ends in blanks.
  struct Printer {
    /// What stands before the next text.
    private enum Separator {
      case none
      /// A blank behind a comment, not needed before closing punctuation.
      case softSpace
      case spaces(Int)
      /// The end of a line behind a comment where no line was meant to end: the next one is indented more.
      case continuation
      case newline
      case emptyLine

      var rank: Int {
        switch self {
        case .none: 0
        case .softSpace: 1
        case .spaces(let count): 1 + count
        case .continuation: 1000
        case .newline: 1001
        case .emptyLine: 1002
        }
      }
    }

    private let file: SourceFile
    private let tokens: [Token]
    private let operations: [Operation]
    private let isForced: [Bool]
    private var output: [UInt8] = []
    private var column = 0
    private var indentation = 0
    private var separator = Separator.none
    private var flatGroups: [Bool] = []
    /// Whether the comments on lines of their own that are being written interrupt a line.
    private var isContinued = false

    init(_ builder: Builder) {
      file = builder.tree.file
      tokens = builder.tree.tokens
      operations = builder.operations
      isForced = builder.isForced
    }

    /// The text; it ends with one line end unless it is empty.
    mutating func run() -> [UInt8] {
      for (index, operation) in operations.enumerated() {
        switch operation {
        case .text(let token): write(file.utf8[tokens[token].start..<tokens[token].end])
        case .space: separate(.spaces(1))
        case .line(let flatWidth, let isBlank):
          if flatGroups.last == true {
            if flatWidth > 0 { separate(.spaces(flatWidth)) }
          } else {
            separate(isBlank ? .emptyLine : .newline)
          }
        case .newline(let isBlank): separate(isBlank ? .emptyLine : .newline)
        case .open(let group):
          flatGroups.append(flatGroups.last == true || !isForced[group] && fits(from: index))
        case .close: flatGroups.removeLast()
        case .indent: indentation += Formatter.indentWidth
        case .dedent: indentation -= Formatter.indentWidth
        case .trailingComment(let comment):
          separator = isBehindOpening && !comment.isLineComment ? .none : .spaces(1)
          write(comment.bytes[...])
          separator = comment.isLineComment ? .continuation : .softSpace
        case .leadingComment(let comment):
          write(comment.bytes[...])
          separator = .spaces(1)
        case .ownComment(let comment, let isBlankBefore, let isJoined, let joinsNext):
          if isJoined {
            separator = .spaces(1)
          } else {
            separate(isBlankBefore ? .emptyLine : .continuation)
            isContinued = separator.rank == Separator.continuation.rank
          }
          write(comment.bytes[...])
          separator = joinsNext ? .spaces(1) : isContinued ? .continuation : .newline
        }
      }
      if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
      return output
    }

    private var isBehindOpening: Bool {
      output.last == UInt8(ascii: "(") || output.last == UInt8(ascii: "[")
    }

    private mutating func separate(_ next: Separator) {
      if next.rank > separator.rank { separator = next }
    }

    private mutating func write(_ bytes: ArraySlice<UInt8>) {
      switch separator {
      case .none: break
      case .softSpace:
        if let first = bytes.first, !")],:.".utf8.contains(first) { writeSpaces(1) }
      case .spaces(let count): writeSpaces(output.isEmpty ? 0 : count)
      case .continuation, .newline, .emptyLine:
        if !output.isEmpty {
          output.append(UInt8(ascii: "\n"))
          if separator.rank == Separator.emptyLine.rank { output.append(UInt8(ascii: "\n")) }
        }
        column = 0
        let isIndented = separator.rank == Separator.continuation.rank && !output.isEmpty
        writeSpaces(indentation + (isIndented ? Formatter.indentWidth : 0))
      }
      separator = .none
      output += bytes
      if let end = bytes.lastIndex(of: UInt8(ascii: "\n")) {
        column = Self.width(bytes[(end + 1)...])
      } else {
        column += Self.width(bytes)
      }
    }

    private mutating func writeSpaces(_ count: Int) {
      output += [UInt8](repeating: UInt8(ascii: " "), count: count)
      column += count
    }

    /// The number of Unicode scalars.
    private static func width(_ bytes: ArraySlice<UInt8>) -> Int {
      bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// Whether the group that opens at `start` fits in the line when flat.
    private func fits(from start: Int) -> Bool {
      var room: Int
      switch separator {
      case .none: room = Formatter.columnLimit - column
      case .softSpace: room = Formatter.columnLimit - column - 1
      case .spaces(let count): room = Formatter.columnLimit - column - count
      case .continuation: room = Formatter.columnLimit - indentation - Formatter.indentWidth
      case .newline, .emptyLine: room = Formatter.columnLimit - indentation
      }
      var depth = 0
      var isBehind = false
      for operation in operations[start...] {
        switch operation {
        case .text(let token): room -= Self.width(file.utf8[tokens[token].start..<tokens[token].end])
        case .space: room -= 1
        case .line(let flatWidth, _):
          if isBehind { return true }
          room -= flatWidth
        case .open: depth += 1
        case .close:
          depth -= 1
          if depth == 0 { isBehind = true }
        case .trailingComment(let comment):
          if comment.isLineComment || comment.spansLines { return true }
          room -= 1 + Self.width(comment.bytes[...])
        case .leadingComment(let comment): room -= 1 + Self.width(comment.bytes[...])
        case .newline, .ownComment: return true
        case .indent, .dedent: break
        }
        if room < 0 { return false }
      }
      return true
    }
  }
}
