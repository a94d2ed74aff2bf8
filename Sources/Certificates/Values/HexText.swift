/// Lower-case hexadecimal text of bytes.
func hexText(_ bytes: some Sequence<UInt8>) -> String {
  var text: [UInt8] = []
  for byte in bytes { text.append(contentsOf: [hexDigit(byte >> 4), hexDigit(byte & 0xF)]) }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes of lower-case hexadecimal text, or nil for any other text.
func bytes(fromHex text: String) -> [UInt8]? {
  let digits = Array(text.utf8)
  guard digits.count.isMultiple(of: 2) else { return nil }
  var bytes: [UInt8] = []
  for position in stride(from: 0, to: digits.count, by: 2) {
    guard let high = hexValue(digits[position]), let low = hexValue(digits[position + 1]) else { return nil }
    bytes.append(high << 4 | low)
  }
  return bytes
}

/// The value of a lower-case hexadecimal digit.
func hexValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  default: nil
  }
}
