/// What one Unicode scalar looks like in an excerpt of source text.
struct DisplayCell {
  /// What is printed for the scalar.
  let text: String
  /// The number of terminal columns it takes: 0, 1, 2, or the width of a tab.
  let width: Int

  /// The cell for a scalar: tabs become two spaces; control characters, which could move the cursor or
  /// reorder the line, become U+FFFD.
  init(_ scalar: Unicode.Scalar) {
    if scalar == "\t" {
      (text, width) = ("  ", 2)
    } else if Self.isUnsafe(scalar) {
      (text, width) = ("\u{FFFD}", 1)
    } else {
      (text, width) = (String(scalar), Self.columns(of: scalar))
    }
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
    case .format: scalar != "\u{200D}"
    default: false
    }
  }

  /// The columns of a scalar after the East Asian Width property (Unicode Annex 11), by blocks.
  private static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
