extension JSONValue {
  /// Reads one value from UTF-8 text and refuses everything that two readers could take differently.
  ///
  /// The grammar is RFC 8259 with the restrictions of RFC 7493 (no duplicate names, no lone surrogates) and our
  /// own: no byte-order mark, integers only, bounded size and depth.
  ///
  /// - Throws: `JSONError` with the offset of the offending byte.
  package static func parse(
    _ text: [UInt8], limits: JSONLimits = .standard
  ) throws(JSONError) -> JSONValue {
    guard text.count <= limits.bytes else {
      throw JSONError(.size, at: limits.bytes, "the text has \(text.count) bytes, more than \(limits.bytes)")
    }
    if text.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw JSONError(.byteOrderMark, at: 0, "the text starts with a byte-order mark; save it without one")
    }
    if let offset = firstInvalidUTF8Offset(in: text) {
      throw JSONError(.notUTF8, at: offset, "the text is not valid UTF-8")
    }
    var parser = JSONParser(text: text, depthLimit: limits.depth)
    return try parser.document()
  }
}

/// A recursive-descent parser over valid UTF-8; its recursion is bounded by `depthLimit`.
private struct JSONParser {
  let text: [UInt8]
  let depthLimit: Int
  var index = 0

  init(text: [UInt8], depthLimit: Int) {
    self.text = text
    self.depthLimit = depthLimit
  }

  mutating func document() throws(JSONError) -> JSONValue {
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard index == text.count else {
      throw JSONError(.trailingData, at: index, "something follows the value")
    }
    return value
  }

  private var current: UInt8? { index < text.count ? text[index] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
  }

  private func ended() -> JSONError {
    JSONError(.truncated, at: index, "the text ends before the value does")
  }

  private func unexpected(_ wanted: String) -> JSONError {
    current == nil ? ended() : JSONError(.syntax, at: index, "expected \(wanted)")
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard let byte = current else { throw ended() }
    switch byte {
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
    case UInt8(ascii: "N"), UInt8(ascii: "I"): throw nonFinite(from: index)
    default: throw unexpected("a value")
    }
  }

  private func follows(_ word: String, at offset: Int) -> Bool {
    text[min(offset, text.count)...].starts(with: word.utf8)
  }

  private func nonFinite(from offset: Int) -> JSONError {
    if follows("NaN", at: offset) || follows("Infinity", at: offset) {
      return JSONError(.nonFinite, at: offset, "a number must be finite")
    }
    return JSONError(.syntax, at: offset, "expected a value")
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard follows(word, at: index) else {
      let rest = text[index...]
      if word.utf8.starts(with: rest) {
        throw JSONError(.truncated, at: text.count, "the text ends inside a word")
      }
      throw JSONError(.syntax, at: index, "expected `\(word)`")
    }
    index += word.utf8.count
    return value
  }

  private func checkDepth(_ depth: Int) throws(JSONError) {
    guard depth <= depthLimit else {
      throw JSONError(.depth, at: index, "arrays and objects are nested more than \(depthLimit) deep")
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
    try checkDepth(depth)
    index += 1
    var elements: [JSONValue] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      index += 1
      return elements
    }
    while true {
      skipSpace()
      elements.append(try value(depth: depth))
      skipSpace()
      switch current {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "]"):
        index += 1
        return elements
      default: throw unexpected("`,` or `]`")
      }
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
    try checkDepth(depth)
    index += 1
    var members: [(name: String, value: JSONValue)] = []
    var names: Set<ExactText> = []
    skipSpace()
    if current == UInt8(ascii: "}") {
      index += 1
      return JSONObject()
    }
    while true {
      skipSpace()
      let start = index
      guard current == UInt8(ascii: "\"") else { throw unexpected("a name in quotation marks") }
      let name = try string()
      guard names.insert(ExactText(name)).inserted else {
        throw JSONError(.duplicateKey, at: start, "the object names `\(name)` twice")
      }
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw unexpected("`:`") }
      index += 1
      skipSpace()
      members.append((name, try value(depth: depth)))
      skipSpace()
      switch current {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "}"):
        index += 1
        return JSONObject(distinct: members)
      default: throw unexpected("`,` or `}`")
      }
    }
  }

  private mutating func integer() throws(JSONError) -> Int {
    let start = index
    let isNegative = current == UInt8(ascii: "-")
    if isNegative { index += 1 }
    guard let first = current else { throw ended() }
    guard isDigit(first) else {
      throw first == UInt8(ascii: "I") ? nonFinite(from: index) : unexpected("a digit")
    }
    var magnitude = 0
    var isTooLarge = false
    while let byte = current, isDigit(byte) {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, overflowToo) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      isTooLarge = isTooLarge || overflow || overflowToo
      magnitude = isTooLarge ? 0 : sum
      index += 1
    }
    if let byte = current, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte) {
      throw JSONError(
        .number, at: start, "a number with a fraction or an exponent is written as a string")
    }
    if first == UInt8(ascii: "0"), index - start > (isNegative ? 2 : 1) {
      throw JSONError(.syntax, at: start, "a number starts with a surplus zero")
    }
    guard !isTooLarge, magnitude <= JSONValue.largestInteger else {
      throw JSONError(.integerRange, at: start, "an integer lies outside ±(2^53 − 1); write it as a string")
    }
    if isNegative, magnitude == 0 { throw JSONError(.number, at: start, "minus zero is not an integer") }
    return isNegative ? -magnitude : magnitude
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private mutating func string() throws(JSONError) -> String {
    index += 1
    var scalars: [UInt8] = []
    var start = index
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        scalars.append(contentsOf: text[start..<index])
        index += 1
        return String(decoding: scalars, as: UTF8.self)
      case UInt8(ascii: "\\"):
        scalars.append(contentsOf: text[start..<index])
        let scalar = try escape()
        scalars.append(contentsOf: String(Character(scalar)).utf8)
        start = index
      case 0x00..<0x20:
        throw JSONError(.syntax, at: index, "a control character in a string must be escaped")
      default: index += 1
      }
    }
    throw ended()
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = index
    index += 1
    guard let byte = current else { throw ended() }
    index += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default: throw JSONError(.syntax, at: start, "an unknown escape")
    }
  }

  /// Reads what follows `\u`, and the second half of a surrogate pair when the first half was read.
  private mutating func unicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
    let first = try hexQuad()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let lone = JSONError(.surrogate, at: start, "an escape names half of a surrogate pair")
    guard (0xD800...0xDBFF).contains(first) else { throw lone }
    guard index < text.count, index + 1 < text.count || text[index] != UInt8(ascii: "\\") else {
      throw ended()
    }
    guard follows("\\u", at: index) else { throw lone }
    index += 2
    let second = try hexQuad()
    guard (0xDC00...0xDFFF).contains(second) else { throw lone }
    guard let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) else {
      throw lone
    }
    return scalar
  }

  private mutating func hexQuad() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current else { throw ended() }
      guard let digit = digitValue(byte) else { throw unexpected("a hexadecimal digit") }
      value = value << 4 | digit
      index += 1
    }
    return value
  }

  private func digitValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
