/// A parenthesised list or a word, with the place where it begins.
indirect enum SExpression: Sendable {
  case word(Substring, line: Int)
  case list([SExpression], line: Int)

  /// The line where it begins, from 1.
  var line: Int {
    switch self {
    case .word(_, let line), .list(_, let line): line
    }
  }

  /// Deepest nesting of lists that is read.
  static let maximumDepth = 64

  /// The expressions of a text; comments run from `;` to the next line feed or carriage return (SMT-LIB 2.6, section 3.1).
  ///
  /// Lists are built on a stack of their own, so that no nesting overflows the program's.
  static func read(_ text: String, file: String) throws(VNNLIBError) -> [SExpression] {
    var open: [(items: [SExpression], line: Int)] = [([], 1)]
    var line = 1
    let bytes = text.utf8
    var position = bytes.startIndex
    while position < bytes.endIndex {
      switch bytes[position] {
      case UInt8(ascii: "\n"):
        line += 1
        position = bytes.index(after: position)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        position = bytes.index(after: position)
      case UInt8(ascii: ";"):
        position =
          bytes[position...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
          ?? bytes.endIndex
      case UInt8(ascii: "("):
        guard open.count <= maximumDepth else {
          throw VNNLIBError(file, line, "lists are nested more than \(maximumDepth) deep")
        }
        open.append(([], line))
        position = bytes.index(after: position)
      case UInt8(ascii: ")"):
        guard open.count > 1, let last = open.popLast() else {
          throw VNNLIBError(file, line, "`)` closes nothing")
        }
        open[open.count - 1].items.append(.list(last.items, line: last.line))
        position = bytes.index(after: position)
      case ..<0x20, 0x7F:
        throw VNNLIBError(file, line, "a control character stands here", fix: "is this a text file?")
      default:
        let end =
          bytes[position...].firstIndex { $0 <= 0x20 || "();".utf8.contains($0) } ?? bytes.endIndex
        open[open.count - 1].items.append(.word(text[position..<end], line: line))
        position = end
      }
    }
    guard open.count == 1, let whole = open.first else {
      throw VNNLIBError(file, open.last?.line ?? line, "`(` is never closed", fix: "add `)`")
    }
    return whole.items
  }
}
