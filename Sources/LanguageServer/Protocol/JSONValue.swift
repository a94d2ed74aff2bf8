/// A JSON value.
///
/// Numbers written as integers in the range of `Int` are `.integer`, all others `.number`.
package enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The member of an object, or nil for other values and missing members.
  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// The element of an array, or nil for other values and positions outside it.
  package subscript(index: Int) -> JSONValue? {
    if case .array(let items) = self, items.indices.contains(index) { items[index] } else { nil }
  }

  /// The text of a string.
  package var stringValue: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value of an integer; a number with an integral value counts as one.
  package var integerValue: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The value of a truth value.
  package var booleanValue: Bool? {
    if case .boolean(let value) = self { value } else { nil }
  }

  /// The elements of an array.
  package var arrayValue: [JSONValue]? {
    if case .array(let items) = self { items } else { nil }
  }

  /// The members of an object.
  package var objectValue: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(nilLiteral: ()) { self = .null }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}

// MARK: Printing

extension JSONValue {
  /// The value as compact UTF-8 text; members are sorted by name, so that equal values print alike.
  package func encoded() -> [UInt8] {
    var result: [UInt8] = []
    append(to: &result)
    return result
  }

  private func append(to result: inout [UInt8]) {
    switch self {
    case .null: result += Array("null".utf8)
    case .boolean(let value): result += Array((value ? "true" : "false").utf8)
    case .integer(let value): result += Array(String(value).utf8)
    // JSON has no notation for infinities and NaN.
    case .number(let value): result += Array((value.isFinite ? "\(value)" : "null").utf8)
    case .string(let text): Self.append(text, to: &result)
    case .array(let items):
      result.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { result.append(UInt8(ascii: ",")) }
        item.append(to: &result)
      }
      result.append(UInt8(ascii: "]"))
    case .object(let members):
      result.append(UInt8(ascii: "{"))
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { result.append(UInt8(ascii: ",")) }
        Self.append(member.key, to: &result)
        result.append(UInt8(ascii: ":"))
        member.value.append(to: &result)
      }
      result.append(UInt8(ascii: "}"))
    }
  }

  private static func append(_ text: String, to result: inout [UInt8]) {
    result.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): result += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
      case UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
      case UInt8(ascii: "\n"): result += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0..<0x20, 0x7F:
        let hex = String(byte, radix: 16)
        result += Array(("\\u" + String(repeating: "0", count: 4 - hex.count) + hex).utf8)
      default: result.append(byte)
      }
    }
    result.append(UInt8(ascii: "\""))
  }
}
