import DSpecSemantics

/// The paths that documents go by, and their addresses.
///
/// A document with an address of scheme `file` goes by its path, any other by its address.
package enum FileURI {
  /// The path of a document, without `.` and `..` parts.
  package static func path(of uri: String) -> String {
    guard uri.lowercased().hasPrefix("file://") else { return SourcePath.resolve(uri, from: "") }
    let rest = uri.dropFirst("file://".count)
    guard let slash = rest.firstIndex(of: "/") else { return uri }
    return SourcePath.resolve(decoded(rest[slash...]), from: "")
  }

  /// The address of a path.
  package static func uri(of path: String) -> String {
    guard path.hasPrefix("/") else { return path }
    var result = "file://"
    for byte in path.utf8 {
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || "/-._~".contains(character) {
        result.append(character)
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        result += "%" + (hex.count < 2 ? "0" : "") + hex
      }
    }
    return result
  }

  private static func decoded(_ text: Substring) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = Character(Unicode.Scalar(bytes[index + 1])).hexDigitValue,
        let low = Character(Unicode.Scalar(bytes[index + 2])).hexDigitValue
      {
        result.append(UInt8(high << 4 | low))
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
