package import Diagnostics

/// Writes specifications in the one layout of the language.
///
/// Only blanks and line ends change. Every token and comment stays, in order, so the meaning of the file
/// and the documentation of its declarations stay too; formatting a second time changes nothing.
package enum Formatter {
  /// The column that lines end before where a line can be broken.
  package static let columnLimit = 100
  /// The blanks of one level of indentation.
  static let indentWidth = 2

  /// The bytes of the file in the standard layout; nil if the file has syntax errors.
  ///
  /// The result is bytes because comments may hold bytes that are not UTF-8, which stay as they are.
  /// As a last guard it is also nil if it would not hold the same tokens and comments as the file.
  package static func format(_ parsed: ParsedFile) -> [UInt8]? {
    guard !parsed.diagnostics.hasErrors else { return nil }
    let result = layout(parsed.tree)
    let written = SourceFile(name: parsed.tree.file.name, utf8: result)
    guard contents(of: written) == contents(of: parsed.tree.file) else { return nil }
    return result
  }

  /// The bytes of each token and comment of `file`, in order, comments without blanks at line ends.
  ///
  /// This is all that a layout must keep.
  package static func contents(of file: SourceFile) -> [[UInt8]] {
    let tokens = Lexer.lex(file, source: SourceID(index: 0)).tokens
    return tokens.flatMap { token in
      Gap(of: token, in: file).comments.map(\.bytes) + [Array(file.utf8[token.start..<token.end])]
    }
  }

  private static func layout(_ tree: SyntaxTree) -> [UInt8] {
    var builder = Builder(tree)
    builder.layOutFile()
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var printer = Printer(builder)
    if tree.file.utf8.starts(with: byteOrderMark) {
      // A first line that holds the mark is not documentation; a line end after the mark must stay.
      let startsNewLine = builder.gaps[0].comments.first.map { $0.newlinesBefore > 0 } ?? false
      return byteOrderMark + (startsNewLine ? [UInt8(ascii: "\n")] : []) + printer.run()
    }
    return printer.run()
  }
}
