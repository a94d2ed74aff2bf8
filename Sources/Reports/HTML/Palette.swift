/// The colours of a page in light and dark, as six hexadecimal digits.
package struct Palette: Sendable {
  /// Names and values in order.
  package let colours: [(name: String, value: String)]

  /// For light surroundings and for paper.
  package static let light = Palette(colours: [
    ("page", "f6f6f4"), ("card", "ffffff"), ("ink", "1b1e22"), ("muted", "565c64"), ("rule", "d8dadd"),
    ("line", "868c94"), ("link", "1d4f8f"), ("focus", "1d4f8f"), ("code", "f1f2f3"),
    ("holds", "17653a"), ("holds-soft", "e6f2ea"), ("violated", "a11d1a"), ("violated-soft", "fbe9e7"),
    ("open", "744d00"), ("open-soft", "fbf0d9"), ("unanswered", "4b5159"), ("unanswered-soft", "eceef0"),
    ("allowed", "e3ecf7"), ("tone0", "2d5f9e"), ("tone1", "e4e7eb"), ("tone2", "9bb7da"), ("tone3", "d9a441"),
    ("tone4", "8a8f97"), ("shade0", "d5e3f3"), ("shade1", "a9c6e6"), ("shade2", "76a2d3"),
    ("shade3", "4478b6"),
    ("shade4", "224b84"),
  ])

  /// For dark surroundings.
  package static let dark = Palette(colours: [
    ("page", "131519"), ("card", "1b1e24"), ("ink", "e7e8ea"), ("muted", "a7adb6"), ("rule", "363b44"),
    ("line", "7d848e"), ("link", "8fbcf5"), ("focus", "8fbcf5"), ("code", "23272e"),
    ("holds", "7fd79c"), ("holds-soft", "16321f"), ("violated", "ff9f96"), ("violated-soft", "401a18"),
    ("open", "f2c66e"), ("open-soft", "382c10"), ("unanswered", "b4bac3"), ("unanswered-soft", "2a2e35"),
    ("allowed", "24344b"), ("tone0", "78ace8"), ("tone1", "343a43"), ("tone2", "4a6b94"), ("tone3", "c08f35"),
    ("tone4", "777d86"), ("shade0", "2b3d55"), ("shade1", "3c5a82"), ("shade2", "5580b4"),
    ("shade3", "7ba8dd"),
    ("shade4", "b3d2f5"),
  ])

  /// Texts and the grounds that they stand on.
  package static let textPairs: [(text: String, ground: String)] = [
    ("ink", "page"), ("ink", "card"), ("ink", "code"), ("muted", "page"), ("muted", "card"), ("link", "page"),
    ("link", "card"), ("holds", "holds-soft"), ("violated", "violated-soft"), ("open", "open-soft"),
    ("unanswered", "unanswered-soft"), ("ink", "holds-soft"), ("ink", "violated-soft"), ("ink", "open-soft"),
    ("ink", "unanswered-soft"), ("holds", "card"), ("violated", "card"), ("open", "card"),
    ("unanswered", "card"), ("muted", "allowed"), ("ink", "allowed"),
  ]

  /// Shapes that carry meaning and the grounds that they stand on.
  package static let shapePairs: [(shape: String, ground: String)] = [
    ("holds", "allowed"), ("violated", "allowed"), ("open", "allowed"), ("line", "card"), ("focus", "card"),
    ("focus", "page"), ("tone0", "tone1"),
  ]

  /// The colour of a name.
  package subscript(_ name: String) -> String? { colours.first { $0.name == name }?.value }

  /// The colours as properties of a style sheet.
  var properties: String { colours.map { "--\($0.name):#\($0.value)" }.joined(separator: ";") }
}
