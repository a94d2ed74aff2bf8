/// A problem in a JSON text.
package struct JSONError: Error, Hashable, Sendable {
  /// What is wrong.
  package let message: String
  /// The offset in bytes where it was noticed.
  package let offset: Int
}

/// Reads JSON texts (RFC 8259) from bytes that nobody has checked.
///
/// Nesting is bounded by `maximumDepth`. Of members with the same name the last counts. An escaped half of
/// a surrogate pair without its other half, and bytes that are not UTF-8, become U+FFFD.
package struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0

  /// The greatest nesting of arrays and objects.
  package static let maximumDepth = 200

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The value that `bytes` hold, with nothing but blanks around it.
  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.readValue(depth: 0)
    parser.skipBlanks()
    guard parser.position == bytes.count else { throw parser.error("text after the value") }
    return value
  }

  private func error(_ message: String) -> JSONError { JSONError(message: message, offset: position) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= Self.maximumDepth else { throw error("nested too deeply") }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try readObject(depth: depth)
    case UInt8(ascii: "["): return try readArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "t"): return try readWord("true", .boolean(true))
    case UInt8(ascii: "f"): return try readWord("false", .boolean(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    case nil: throw error("the text ends too early")
    default: return try readNumber()
    }
  }

  private mutating func readWord(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw error("no JSON value") }
    position += word.utf8.count
    return value
  }

  private mutating func readArray(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var items: [JSONValue] = []
    if accept(UInt8(ascii: "]")) { return .array(items) }
    repeat { items.append(try readValue(depth: depth + 1)) } while accept(UInt8(ascii: ","))
    guard accept(UInt8(ascii: "]")) else { throw error("`]` or `,` is expected") }
    return .array(items)
  }

  private mutating func readObject(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var members: [String: JSONValue] = [:]
    if accept(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw error("a member name is expected") }
      let name = try readString()
      guard accept(UInt8(ascii: ":")) else { throw error("`:` is expected") }
      members[name] = try readValue(depth: depth + 1)
    } while accept(UInt8(ascii: ","))
    guard accept(UInt8(ascii: "}")) else { throw error("`}` or `,` is expected") }
    return .object(members)
  }

  private mutating func readNumber() throws(JSONError) -> JSONValue {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let whole = position
    guard skipDigits() else { throw error("no JSON value") }
    if bytes[whole] == UInt8(ascii: "0"), position > whole + 1 { throw error("a number begins with 0") }
    var isInteger = true
    if next == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard skipDigits() else { throw error("digits are expected") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() else { throw error("digits are expected") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw error("number out of range") }
    return .number(value)
  }

  private mutating func skipDigits() -> Bool {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position > start
  }

  private mutating func readString() throws(JSONError) -> String {
    position += 1
    var result: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try readEscape(into: &result)
      case 0..<0x20: throw error("control character in a string")
      default:
        let start = position
        while let inside = next, inside >= 0x20, inside != UInt8(ascii: "\""), inside != UInt8(ascii: "\\") {
          position += 1
        }
        result += bytes[start..<position]
      }
    }
    throw error("string without an end")
  }

  private mutating func readEscape(into result: inout [UInt8]) throws(JSONError) {
    guard let byte = next else { throw error("string without an end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = try readScalar()
      result += Array(String(Character(scalar)).utf8)
    default: throw error("unknown escape")
    }
  }

  /// The scalar of `\u` escapes, the first `\u` being read already.
  private mutating func readScalar() throws(JSONError) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    let first = try readHexadecimal()
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? replacement }
    let afterFirst = position
    guard next == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
    else { return replacement }
    position += 2
    let second = try readHexadecimal()
    guard (0xDC00..<0xE000).contains(second) else {
      position = afterFirst
      return replacement
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? replacement
  }

  private mutating func readHexadecimal() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw error("four hexadecimal digits are expected") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw error("four hexadecimal digits are expected")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
