extension JSONValue {
  /// The canonical text of the value (RFC 8785, JCS): one spelling per value, so bytes can be compared.
  ///
  /// Members are ordered by the UTF-16 code units of their names; strings are escaped only where JSON requires
  /// it; there is no white space.
  ///
  /// - Throws: `JSONError` for an integer outside ±(2^53 − 1) or nesting beyond `depth`.
  package func canonicalBytes(depth: Int = JSONLimits.standard.depth) throws(JSONError) -> [UInt8] {
    var bytes: [UInt8] = []
    try write(to: &bytes, depthLeft: depth)
    return bytes
  }

  private func write(to bytes: inout [UInt8], depthLeft: Int) throws(JSONError) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let number):
      guard number.magnitude <= UInt(Self.largestInteger) else {
        throw JSONError(.integerRange, at: 0, "the integer \(number) lies outside ±(2^53 − 1)")
      }
      bytes.append(contentsOf: String(number).utf8)
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let elements):
      try Self.checkDepth(depthLeft)
      bytes.append(UInt8(ascii: "["))
      for (position, element) in elements.enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        try element.write(to: &bytes, depthLeft: depthLeft - 1)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      try Self.checkDepth(depthLeft)
      bytes.append(UInt8(ascii: "{"))
      let ordered = object.members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
      for (position, member) in ordered.enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        try member.value.write(to: &bytes, depthLeft: depthLeft - 1)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func checkDepth(_ left: Int) throws(JSONError) {
    guard left > 0 else {
      throw JSONError(.depth, at: 0, "arrays and objects are nested too deeply to write")
    }
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      case 0x08: bytes.append(contentsOf: "\\b".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0C: bytes.append(contentsOf: "\\f".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case 0x00..<0x20:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(contentsOf: [hexDigit(byte >> 4), hexDigit(byte & 0xF)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// The lower-case hexadecimal digit of a value below 16.
func hexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
}
