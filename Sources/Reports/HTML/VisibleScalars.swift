/// Text of a certificate as a reader must see it.
///
/// A character that shows nothing, turns the direction of writing or covers its neighbours could make a page show another
/// verdict than the one stated. Such characters are spelled as `⟦U+202E⟧`; so is what XML cannot hold.
package enum VisibleScalars {
  /// Combining marks in a row that are shown on one letter.
  static let largestMarkCount = 3

  /// The text with every such character spelled out.
  ///
  /// - Parameter keepsLines: Whether line breaks and tabs pass; otherwise they become spaces.
  package static func spelled(_ text: String, keepsLines: Bool = true) -> String {
    // Most texts have nothing to spell.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text }
    var result = String.UnicodeScalarView()
    var marks = 0
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t" {
        result.append(keepsLines ? scalar : " ")
        marks = 0
        continue
      }
      let isMark = isCombining(scalar)
      marks = isMark ? marks + 1 : 0
      if isHidden(scalar) || marks > largestMarkCount {
        result.append(contentsOf: "⟦U+\(hex(scalar))⟧".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Whether a character has no shape of its own, or is none.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
    case .spaceSeparator: scalar != " " && scalar != "\u{A0}"
    default: scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isNoncharacterCodePoint
    }
  }

  private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .enclosingMark, .nonspacingMark: true
    default: false
    }
  }

  private static func hex(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
