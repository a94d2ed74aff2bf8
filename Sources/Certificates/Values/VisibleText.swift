/// Rules for text that reaches a reviewer's terminal.
///
/// A certificate that could move the cursor or turn the direction of writing could show another verdict than
/// the one signed.
package enum VisibleText {
  /// Whether text has no control or direction-changing character; line breaks and tabs pass when allowed.
  static func isClean(_ text: String, allowingLineBreaks: Bool) -> Bool {
    text.unicodeScalars.allSatisfy { isClean($0, allowingLineBreaks: allowingLineBreaks) }
  }

  /// The text with every such character replaced by U+FFFD, cut after 400 characters.
  package static func cleaned(_ text: String) -> String {
    var cleaned = String.UnicodeScalarView()
    for (position, scalar) in text.unicodeScalars.enumerated() {
      guard position < 400 else {
        cleaned.append("…")
        break
      }
      cleaned.append(isClean(scalar, allowingLineBreaks: false) ? scalar : "\u{FFFD}")
    }
    return String(cleaned)
  }

  /// The text with line breaks and tabs, which text of a certificate may hold, spelled as `␊` and a space, and other such
  /// characters replaced by U+FFFD.
  package static func onOneLine(_ text: String) -> String {
    guard !isClean(text, allowingLineBreaks: false) else { return text }
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r": line.append("\u{240A}")
      case "\t": line.append(" ")
      default: line.append(isClean(scalar, allowingLineBreaks: false) ? scalar : "\u{FFFD}")
      }
    }
    return String(line)
  }

  /// The text with such characters other than line breaks and tabs replaced by U+FFFD.
  package static func onLines(_ text: String) -> String {
    guard !isClean(text, allowingLineBreaks: true) else { return text }
    var lines = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      lines.append(isClean(scalar, allowingLineBreaks: true) ? scalar : "\u{FFFD}")
    }
    return String(lines)
  }

  private static func isClean(_ scalar: Unicode.Scalar, allowingLineBreaks: Bool) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: allowingLineBreaks
    case 0x00..<0x20, 0x7F...0x9F: false
    case 0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: false
    default: true
    }
  }
}
