/// The offset of the first byte that no UTF-8 text can have there (RFC 3629 section 4), or nil for valid text.
///
/// Overlong forms, encoded surrogates and values above U+10FFFF are invalid.
func firstInvalidUTF8Offset(in bytes: [UInt8]) -> Int? {
  var index = 0
  while index < bytes.count {
    let lead = bytes[index]
    let second: ClosedRange<UInt8>
    let length: Int
    switch lead {
    case 0x00...0x7F:
      index += 1
      continue
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return index
    }
    guard bytes.count - index >= length, second.contains(bytes[index + 1]) else { return index }
    for offset in 2..<max(2, length) where !(0x80...0xBF).contains(bytes[index + offset]) { return index }
    index += length
  }
  return nil
}
