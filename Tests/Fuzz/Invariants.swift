import DSpecSemantics
import DSpecSyntax
import Diagnostics

/// What holds of every input, whatever its bytes.
enum Invariants {
  /// The first invariant that `input` violates, in words; nil if it keeps them all.
  static func violation(by input: FuzzInput) -> String? {
    let parsed = parse(input.bytes)
    guard parsed.tree.printed() == input.bytes else { return "the tree does not print as its source" }
    guard indices(in: parsed.tree.root) == Array(parsed.tree.tokens.indices) else {
      return "the tree does not hold every token once and in order"
    }
    if input.isValid, let first = parsed.diagnostics.first {
      return "a text of the grammar has the problem: \(first.message)"
    }
    return checkerViolation(input.bytes) ?? formatterViolation(parsed)
  }

  private static func checkerViolation(_ bytes: [UInt8]) -> String? {
    let loader = InMemoryLoader(bytes: ["root.dspec": bytes, "common.dspec": Array(Corpus.imported.utf8)])
    let checked = SpecificationChecker.check(root: "root.dspec", loader: loader)
    guard (checked.spec == nil) == checked.diagnostics.hasErrors else {
      return "the checker gives neither a specification nor an error, or both"
    }
    return nil
  }

  private static func formatterViolation(_ parsed: ParsedFile) -> String? {
    let formatted = Formatter.format(parsed)
    guard !parsed.diagnostics.hasErrors else {
      return formatted == nil ? nil : "a text with syntax errors was formatted"
    }
    guard let formatted else { return "formatting changes the tokens or comments" }
    let again = parse(formatted)
    guard !again.diagnostics.hasErrors else { return "the formatted text has syntax errors" }
    guard Formatter.contents(of: again.tree.file) == Formatter.contents(of: parsed.tree.file) else {
      return "the formatted text has other tokens or comments"
    }
    guard again.tree.outline() == parsed.tree.outline() else { return "formatting changes the tree" }
    guard documentation(of: again) == documentation(of: parsed) else {
      return "formatting changes the documentation"
    }
    guard Formatter.format(again) == formatted else { return "formatting twice changes the text again" }
    guard hasCleanLines(formatted) else { return "the formatted text has blanks at the end of a line" }
    return nil
  }

  private static func parse(_ bytes: [UInt8]) -> ParsedFile {
    Parser.parse(SourceFile(name: "root.dspec", utf8: bytes), source: SourceID(index: 0))
  }

  private static func indices(in root: SyntaxNode) -> [Int] {
    var result: [Int] = []
    func collect(_ node: SyntaxNode) {
      for child in node.children {
        switch child {
        case .node(let inner): collect(inner)
        case .token(let index): result.append(index)
        }
      }
    }
    collect(root)
    return result
  }

  private static func documentation(of parsed: ParsedFile) -> [[Substring]] {
    parsed.syntax.declarations.map { declaration in
      (declaration.documentation ?? "").split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        .map {
          $0[..<($0.lastIndex { $0 != " " && $0 != "\t" }.map($0.index(after:)) ?? $0.startIndex)]
        }
    }
  }

  private static func hasCleanLines(_ bytes: [UInt8]) -> Bool {
    // Nothing, or a byte-order mark alone.
    guard let last = bytes.last, bytes != [0xEF, 0xBB, 0xBF] else { return true }
    return last == 0x0A && !bytes.starts(with: [0x0A])
      && bytes.split(separator: 0x0A).allSatisfy { line in
        line.last.map { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D } ?? true
      }
  }
}
