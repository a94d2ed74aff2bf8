/// Why bytes are not JSON of the strict kind, or a value cannot be written as such.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The stable names of the refusals.
  package enum Code: String, CaseIterable, Sendable {
    /// The text starts with a byte-order mark.
    case byteOrderMark = "JSON_BOM"
    /// The bytes are not UTF-8 (overlong forms and encoded surrogates included).
    case notUTF8 = "JSON_NOT_UTF8"
    /// An object names one member twice, whatever the spelling.
    case duplicateKey = "JSON_DUPLICATE_KEY"
    /// Arrays and objects are nested too deeply.
    case depth = "JSON_DEPTH"
    /// The text is larger than allowed.
    case size = "JSON_SIZE"
    /// The text ends inside a value.
    case truncated = "JSON_TRUNCATED"
    /// The text breaks the grammar of RFC 8259.
    case syntax = "JSON_SYNTAX"
    /// An integer lies outside ±(2^53 − 1).
    case integerRange = "JSON_INTEGER_RANGE"
    /// A number has a fraction, an exponent or is minus zero.
    case number = "JSON_NUMBER"
    /// `NaN` or `Infinity`.
    case nonFinite = "JSON_NONFINITE"
    /// An escape names half of a surrogate pair.
    case surrogate = "JSON_SURROGATE"
    /// Something follows the value.
    case trailingData = "JSON_TRAILING_DATA"
  }

  /// The stable name.
  package let code: Code
  /// Offset in bytes from the start of the text; 0 when a value is written.
  package let offset: Int
  /// The problem in words.
  package let message: String

  /// Makes an error.
  package init(_ code: Code, at offset: Int, _ message: String) {
    self.code = code
    self.offset = offset
    self.message = message
  }

  /// Code, place and problem in one line.
  package var description: String { "\(code.rawValue) at byte \(offset): \(message)" }
}
