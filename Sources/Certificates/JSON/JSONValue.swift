/// A JSON value without floating-point numbers.
///
/// Integers are exact in every JSON reader only within ±(2^53 − 1) (RFC 7493 section 2.2); every other number
/// travels as a string, see `HexFloat`.
package enum JSONValue: Hashable, Sendable {
  /// An object.
  case object(JSONObject)
  /// An array.
  case array([JSONValue])
  /// A string.
  case string(String)
  /// An integer within ±`largestInteger`; a larger one is refused when the value is serialised.
  case integer(Int)
  /// A truth value.
  case bool(Bool)
  /// The null value.
  case null

  /// The largest magnitude of an integer, 2^53 − 1.
  package static let largestInteger = 9_007_199_254_740_991

  /// The object, if the value is one.
  package var objectValue: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// The elements, if the value is an array.
  package var arrayValue: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text, if the value is a string.
  package var stringValue: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number, if the value is an integer.
  package var integerValue: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The truth value, if the value is one.
  package var boolValue: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }

  /// The kind of value in words, for messages: `an object`.
  package var kind: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .integer: "an integer"
    case .bool: "a truth value"
    case .null: "null"
    }
  }
}

extension JSONValue {
  /// Equality by structure; strings and names compare scalar by scalar.
  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.object(let a), .object(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.string(let a), .string(let b)): ExactText(a) == ExactText(b)
    case (.integer(let a), .integer(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    case (.null, .null): true
    default: false
    }
  }

  /// Hashes the kind and the content.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    switch self {
    case .object(let object): hasher.combine(object)
    case .array(let elements): hasher.combine(elements)
    case .string(let text): hasher.combine(ExactText(text))
    case .integer(let number): hasher.combine(number)
    case .bool(let flag): hasher.combine(flag)
    case .null: break
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Makes a string.
  package init(stringLiteral value: String) {
    self = .string(value)
  }

  /// Makes an integer.
  package init(integerLiteral value: Int) {
    self = .integer(value)
  }

  /// Makes a truth value.
  package init(booleanLiteral value: Bool) {
    self = .bool(value)
  }

  /// Makes an array.
  package init(arrayLiteral elements: JSONValue...) {
    self = .array(elements)
  }

  /// Makes an object.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements))
  }
}
