/// Renders diagnostics as text for people.
///
/// Layout: `file:line:column: error[D0301]: message`, the source line with carets, the related places
/// in the same form, then `help:` and the fix-its.
package struct TerminalRenderer: Sendable {
  /// The files that spans refer to.
  package let sources: SourceMap
  /// Whether to use ANSI colours.
  package let usesColor: Bool
  /// The greatest width of a source excerpt in columns, without the line number; at least 20.
  package let width: Int

  /// Makes a renderer.
  package init(sources: SourceMap, usesColor: Bool = false, width: Int = 100) {
    self.sources = sources
    self.usesColor = usesColor
    self.width = width
  }

  /// The text of all diagnostics, a blank line after each.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { render($0) + "\n" }.joined()
  }

  /// The text of one diagnostic, which ends with a newline.
  package func render(_ diagnostic: Diagnostic) -> String {
    let label = "\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]"
    var text = entry(
      label, color: Self.color(diagnostic.severity), message: diagnostic.message, span: diagnostic.span)
    for note in diagnostic.notes {
      text += entry("note", color: "36", message: note.message, span: note.span)
    }
    if let help = diagnostic.help {
      text += "\(paint("help", "32")): \(Self.clean(help))\n"
    }
    for fixIt in diagnostic.fixIts {
      text += "\(paint("fix", "32")): \(Self.clean(fixIt.title))\n"
    }
    return text
  }

  private func entry(_ label: String, color: String, message: String, span: SourceSpan) -> String {
    guard let file = sources[span.source] else {
      return "\(paint(label, color)): \(Self.clean(message))\n"
    }
    let location = file.location(at: span.lower)
    let place = "\(Self.clean(file.name)):\(location.line):\(location.column)"
    var text = "\(place): \(paint(label, color)): \(Self.clean(message))\n"
    let excerpt = SourceExcerpt(of: span, in: file, width: width)
    let number = String(excerpt.line)
    let margin = String(repeating: " ", count: number.count)
    text += " \(number) | \(excerpt.text)\n"
    text += " \(margin) | \(paint(excerpt.carets, color))\n"
    return text
  }

  private static func color(_ severity: Severity) -> String {
    switch severity {
    case .error: "31"
    case .warning: "33"
    case .note: "36"
    }
  }

  private func paint(_ text: String, _ color: String) -> String {
    usesColor ? "\u{1B}[1;\(color)m\(text)\u{1B}[0m" : text
  }

  /// Text without characters that could control the terminal.
  private static func clean(_ text: String) -> String {
    text.unicodeScalars.map { DisplayCell($0).text }.joined()
  }
}
