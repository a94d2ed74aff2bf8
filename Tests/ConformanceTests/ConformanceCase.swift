import DSpecSemantics
import DSpecSyntax
import Diagnostics
import Testing

/// One input of the corpus: a specification of one or more files and what its first lines say of it.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
  /// The folder it lies in.
  let category: String
  /// The file name without extension, or the folder name.
  let name: String
  /// The path of the root file among `files`.
  let main: String
  /// The bytes by path.
  let files: [String: [UInt8]]

  var testDescription: String { "\(category)/\(name)" }

  /// The first line without `//`, and the codes before its first colon if it states any.
  ///
  /// A first line `// D0301 D0604: text` states two codes; a line without codes is text only.
  var statement: (codes: [String], rule: String) {
    guard let first = lines.first, first.hasPrefix("//") else { return ([], "") }
    let text = trimmed(first.dropFirst(2))
    let parts = text.split(separator: ":", maxSplits: 1)
    let codes = (parts.first ?? "").split(separator: " ").map(String.init)
    guard parts.count == 2, !codes.isEmpty, codes.allSatisfy(Self.isCode) else { return ([], text) }
    return (codes, trimmed(parts[1]))
  }

  /// Values of parameters from outside, from the lines `// with NAME = VALUE` after the first.
  var parameters: [String: String] {
    var result: [String: String] = [:]
    for line in lines.dropFirst() {
      guard line.hasPrefix("// with ") else { break }
      let parts = line.dropFirst(8).split(separator: "=", maxSplits: 1)
      if parts.count == 2 { result[trimmed(parts[0])] = trimmed(parts[1]) }
    }
    return result
  }

  /// What checking the specification gives.
  func check(replacing replaced: [String: [UInt8]] = [:]) -> CheckedSpecification {
    SpecificationChecker.check(
      root: main, loader: InMemoryLoader(bytes: files.merging(replaced) { $1 }), parameters: parameters)
  }

  /// The parsed files in order of their paths.
  func parsed() -> [ParsedFile] {
    files.sorted { $0.key < $1.key }.map { path, bytes in
      Parser.parse(SourceFile(name: path, utf8: bytes), source: SourceID(index: 0))
    }
  }

  /// The tokens and rejected bytes of all files without blanks and comments, to find repeated cases.
  var normalized: String {
    let texts = files.sorted { $0.key < $1.key }.map { path, bytes in
      let file = SourceFile(name: path, utf8: bytes)
      let lexed = Lexer.lex(file, source: SourceID(index: 0))
      let tokens = lexed.tokens.map { ($0.start, file.text(in: $0.start..<$0.end)) }
      let rejected = lexed.diagnostics.map { problem in
        (problem.span.lower, "rejected \(bytes[problem.span.lower..<min(problem.span.upper, bytes.count)])")
      }
      return (tokens + rejected).sorted { $0 < $1 }.map(\.1).joined(separator: " ")
    }
    return (texts + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
      .joined(separator: "\n")
  }

  private var lines: [Substring] {
    guard let bytes = files[main] else { return [] }
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    return bytes.dropFirst(isMarked ? 3 : 0).prefix(2000)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { Substring(String(decoding: $0, as: UTF8.self)) }
  }

  private func trimmed(_ text: some StringProtocol) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  private static func isCode(_ text: String) -> Bool {
    text.utf8.count == 5 && text.hasPrefix("D") && text.dropFirst().allSatisfy(\.isNumber)
  }
}
