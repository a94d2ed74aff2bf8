/// Base64 with padding (RFC 4648 sections 4 and 5).
package enum Base64 {
  private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The standard spelling of bytes, without line breaks.
  package static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let group =
        UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
        | (left > 2 ? UInt32(bytes[index + 2]) : 0)
      for place in 0..<4 {
        text.append(
          place > left ? UInt8(ascii: "=") : standard[Int(group >> UInt32(18 - 6 * place)) & 0x3F])
      }
      index += 3
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of text in the standard or the URL-safe alphabet, or nil.
  ///
  /// Refused are mixed alphabets, white space, missing or surplus padding, and set bits under the padding: each
  /// would be a second spelling of the same bytes.
  package static func bytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 4) else { return nil }
    let padding = digits.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 4 * 3)
    var group: UInt32 = 0
    var isStandard = false
    var isURLSafe = false
    for (position, digit) in digits.dropLast(padding).enumerated() {
      guard let value = value(digit) else { return nil }
      if value >= 62 {
        if digit == UInt8(ascii: "+") || digit == UInt8(ascii: "/") {
          isStandard = true
        } else {
          isURLSafe = true
        }
      }
      group = group << 6 | value
      if position % 4 == 3 {
        bytes.append(contentsOf: [16, 8, 0].map { UInt8(truncatingIfNeeded: group >> $0) })
        group = 0
      }
    }
    guard !(isStandard && isURLSafe) else { return nil }
    switch padding {
    case 1:
      guard group & 0x3 == 0 else { return nil }
      bytes.append(contentsOf: [
        UInt8(truncatingIfNeeded: group >> 10), UInt8(truncatingIfNeeded: group >> 2),
      ])
    case 2:
      guard group & 0xF == 0 else { return nil }
      bytes.append(UInt8(truncatingIfNeeded: group >> 4))
    default: break
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a") + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0") + 52)
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
