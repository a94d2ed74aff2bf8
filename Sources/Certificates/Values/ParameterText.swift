/// Text of a parameter's value: an exact number, `3` or `-3/4`, or the name of a case, `Lighting.dark`.
///
/// Numbers have decimal digits without leading zeros, an optional minus that zero never bears, and a positive
/// denominator. Lowest terms are the writer's affair: whoever computes with the number has the arithmetic to
/// check them.
enum ParameterText {
  /// Whether text has one of these forms and at most 4096 bytes.
  static func isWellFormed(_ text: String) -> Bool {
    text.utf8.count <= 4096 && (isNumber(text) || isName(text))
  }

  private static func isNumber(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2 else { return false }
    let isNegative = first.first == UInt8(ascii: "-")
    let numerator = isNegative ? first.dropFirst() : first
    guard isNatural(numerator), !(isNegative && numerator.first == UInt8(ascii: "0")) else { return false }
    return parts.count == 1 || isNatural(parts[1]) && parts[1].first != UInt8(ascii: "0")
  }

  private static func isNatural(_ digits: Substring.UTF8View) -> Bool {
    !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      && (digits.first != UInt8(ascii: "0") || digits.count == 1)
  }

  private static func isName(_ text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.first, isLetter(first) else { return false }
      return part.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    default: false
    }
  }
}
