extension Explanation {
  /// The greatest width of a line of prose, in columns.
  package static var width: Int { 78 }

  /// The explanation as plain text, prose wrapped at `width` columns and snippets indented by four.
  ///
  /// Layout: code, severity and title; the meaning; why it matters; the snippet that raises the code; the mended one;
  /// what the snippets assume.
  package var text: String {
    var heading = code
    if let known = DiagnosticCode(rawValue: code) {
      heading += " (\(known.severity.rawValue)): \(known.title)"
    }
    var parts = [
      Self.wrapped(heading), Self.wrapped(meaning), Self.wrapped("Why it matters: " + why), "This raises it:",
      Self.indented(wrong), "This does not:", Self.indented(right),
    ]
    if !standsAlone(wrong) { parts.append(Self.wrapped(Self.preludeSummary)) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// Text broken between words into lines of at most `width` columns; a longer word gets a line of its own.
  static func wrapped(_ prose: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in prose.split(whereSeparator: \.isWhitespace) {
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return (lines + [line]).joined(separator: "\n")
  }

  private static func indented(_ snippet: String) -> String {
    snippet.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
  }
}
