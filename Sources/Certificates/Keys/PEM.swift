/// One block of textual encoding (RFC 7468, strict form): a label and the bytes between its lines.
package struct PEMBlock: Equatable, Sendable {
  /// What stands between `BEGIN` and the dashes.
  package let label: String
  /// The content.
  package let bytes: [UInt8]

  init(label: String, bytes: [UInt8]) {
    self.label = label
    self.bytes = bytes
  }

  /// Reads text that is exactly one block; line ends may be LF or CRLF.
  package init?(_ text: [UInt8]) {
    guard text.count <= 1 << 16, text.allSatisfy({ $0 < 0x80 }) else { return nil }
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
    while lines.last == "" { lines.removeLast() }
    let (opening, closing, dashes) = ("-----BEGIN ", "-----END ", "-----")
    guard lines.count >= 3, let first = lines.first, first.hasPrefix(opening), first.hasSuffix(dashes),
      first.utf8.count > opening.utf8.count + dashes.utf8.count
    else { return nil }
    label = String(first.dropFirst(opening.count).dropLast(dashes.count))
    guard lines.last == closing + label + dashes else { return nil }
    let body = lines.dropFirst().dropLast()
    guard body.dropLast().allSatisfy({ $0.utf8.count == 64 }), (1...64).contains(body.last?.utf8.count ?? 0),
      let bytes = Base64.bytes(body.joined()), !body.joined().contains(where: { $0 == "-" || $0 == "_" })
    else { return nil }
    self.bytes = bytes
  }

  /// The text with 64 digits a line.
  var text: String {
    var lines = ["-----BEGIN \(label)-----"]
    var digits = Base64.text(bytes)[...]
    while !digits.isEmpty {
      lines.append(String(digits.prefix(64)))
      digits = digits.dropFirst(64)
    }
    lines.append("-----END \(label)-----")
    return lines.joined(separator: "\n") + "\n"
  }
}
