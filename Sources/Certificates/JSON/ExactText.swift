/// A string compared by its Unicode scalars.
///
/// `String` equality is canonical equivalence, under which `é` and `e` + U+0301 are one key. JSON (RFC 8259
/// section 8.3) compares names scalar by scalar, and a checker that merged the two would lose a member.
struct ExactText: Hashable, Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: ExactText, right: ExactText) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }
}
