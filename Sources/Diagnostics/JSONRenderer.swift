/// Renders diagnostics as JSON for programs.
///
/// The result is one array, one object for each diagnostic, keys in a fixed order. Offsets count UTF-8
/// bytes from 0; lines and columns count from 1, columns in Unicode scalars.
package struct JSONRenderer: Sendable {
  /// The files that spans refer to.
  package let sources: SourceMap

  /// Makes a renderer.
  package init(sources: SourceMap) {
    self.sources = sources
  }

  /// The JSON text, which ends with a newline.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    guard !diagnostics.isEmpty else { return "[]\n" }
    return "[\n" + diagnostics.map { "  " + object($0) }.joined(separator: ",\n") + "\n]\n"
  }

  private func object(_ diagnostic: Diagnostic) -> String {
    let notes = diagnostic.notes.map { "{\"message\":\(Self.quote($0.message)),\(place($0.span))}" }
    let fixes = diagnostic.fixIts.map { fixIt in
      let edits = fixIt.edits.map { "{\(place($0.span)),\"text\":\(Self.quote($0.replacement))}" }
      return "{\"title\":\(Self.quote(fixIt.title)),\"edits\":[\(edits.joined(separator: ","))]}"
    }
    let fields = [
      "\"code\":\(Self.quote(diagnostic.code.rawValue))",
      "\"title\":\(Self.quote(diagnostic.code.title))",
      "\"severity\":\(Self.quote(diagnostic.severity.rawValue))",
      "\"message\":\(Self.quote(diagnostic.message))",
      place(diagnostic.span),
      "\"notes\":[\(notes.joined(separator: ","))]",
      "\"help\":\(diagnostic.help.map(Self.quote) ?? "null")",
      "\"fixes\":[\(fixes.joined(separator: ","))]",
    ]
    return "{" + fields.joined(separator: ",") + "}"
  }

  private func place(_ span: SourceSpan) -> String {
    guard let file = sources[span.source] else { return "\"file\":null,\"start\":null,\"end\":null" }
    return "\"file\":\(Self.quote(file.name)),\"start\":\(position(span.lower, file)),"
      + "\"end\":\(position(span.upper, file))"
  }

  private func position(_ offset: Int, _ file: SourceFile) -> String {
    let location = file.location(at: offset)
    return "{\"offset\":\(offset),\"line\":\(location.line),\"column\":\(location.column)}"
  }

  /// A JSON string literal (RFC 8259, section 7).
  static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
