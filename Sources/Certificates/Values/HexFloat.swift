/// Exact text of finite doubles, one spelling per value: C99 `%a` with the shortest fraction.
///
/// Normal numbers read `[-]0x1[.h…]p±e`, subnormal ones `[-]0x0.h…p-1022`, zero `0x0p+0`; the fraction has at
/// most 13 lower-case digits and no trailing zero, the exponent a sign and no leading zero. Minus zero, infinity
/// and NaN have no spelling.
package enum HexFloat {
  /// Why text is not a number of this form.
  package enum Refusal: Error, Hashable, Sendable {
    /// NaN, an infinity or minus zero.
    case nonFinite
    /// Not the one spelling of a double.
    case spelling
  }

  /// The spelling of a value, or nil for a non-finite one; minus zero is written as zero.
  package static func text(_ value: Double) -> String? {
    guard value.isFinite else { return nil }
    if value == 0 { return "0x0p+0" }
    let isNormal = value.isNormal
    var digits: [UInt8] = []
    var fraction = value.significandBitPattern
    while fraction != 0 {
      digits.append(hexDigit(UInt8(truncatingIfNeeded: fraction >> 48) & 0xF))
      fraction = (fraction << 4) & ((1 << 52) - 1)
    }
    let exponent = isNormal ? Int(value.exponentBitPattern) - 1023 : -1022
    let point = digits.isEmpty ? "" : "."
    return (value < 0 ? "-" : "") + (isNormal ? "0x1" : "0x0") + point
      + String(decoding: digits, as: UTF8.self) + "p" + (exponent < 0 ? "" : "+") + String(exponent)
  }

  /// The value of the one spelling of a finite double.
  ///
  /// - Throws: `Refusal`.
  package static func value(_ text: String) throws(Refusal) -> Double {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    let bare = String(decoding: rest, as: UTF8.self)
    if ["nan", "NaN", "inf", "infinity", "Infinity"].contains(bare) { throw .nonFinite }
    guard rest.count <= 32, rest.starts(with: "0x".utf8), let mark = rest.firstIndex(of: UInt8(ascii: "p"))
    else {
      throw .spelling
    }
    let (lead, fraction) = try mantissa(rest[(rest.startIndex + 2)..<mark])
    guard let exponent = Int(String(decoding: rest[(mark + 1)...], as: UTF8.self)), exponent.magnitude <= 1023
    else {
      throw .spelling
    }
    let sign: UInt64 = isNegative ? 1 << 63 : 0
    let biased: UInt64 = lead == 1 ? UInt64(exponent + 1023) : 0
    let value = Double(bitPattern: sign | biased << 52 | fraction)
    if value == 0, isNegative { throw .nonFinite }
    // The encoder is the definition of the spelling, so comparing with it leaves no second one.
    guard let spelling = Self.text(value), spelling.utf8.elementsEqual(text.utf8) else { throw .spelling }
    return value
  }

  /// The digit before the point and the 52 bits after it.
  private static func mantissa(_ text: ArraySlice<UInt8>) throws(Refusal) -> (lead: Int, fraction: UInt64) {
    guard let first = text.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1") else {
      throw .spelling
    }
    var fraction: UInt64 = 0
    let digits = text.dropFirst(2)
    if text.count > 1 {
      guard text[text.startIndex + 1] == UInt8(ascii: "."), (1...13).contains(digits.count) else {
        throw .spelling
      }
      for digit in digits {
        guard let value = hexValue(digit) else { throw .spelling }
        fraction = fraction << 4 | UInt64(value)
      }
      fraction <<= UInt64(4 * (13 - digits.count))
    }
    return (first == UInt8(ascii: "1") ? 1 : 0, fraction)
  }
}
