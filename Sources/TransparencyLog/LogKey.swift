package import Certificates

/// The name of a log, the first line of its checkpoints: an address without scheme, like `example.org/log`.
package struct LogName: Hashable, Sendable, CustomStringConvertible {
  /// The name: 1 to 255 visible ASCII characters other than `+`.
  package let text: String

  /// Reads a name; nil for one against the rules.
  ///
  /// Signed notes allow more of Unicode; a name that looks like another serves nobody.
  package init?(_ text: String) {
    guard (1...255).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "+") })
    else { return nil }
    self.text = text
  }

  /// The name.
  package var description: String { text }
}

/// The key of a log (C2SP signed-note, signature type 0x01, Ed25519).
package struct LogKey: Hashable, Sendable {
  private static let signatureType: UInt8 = 0x01

  /// The name that belongs to it.
  package let name: LogName
  /// The key.
  package let key: VerificationKey

  /// Makes a key of a log.
  package init(name: LogName, key: VerificationKey) {
    self.name = name
    self.key = key
  }

  /// The first four bytes of `SHA-256(name || 0x0A || 0x01 || key)`.
  package var tag: [UInt8] {
    let input = Array(name.text.utf8) + [0x0A, Self.signatureType] + key.rawBytes
    return Array(ContentDigest(of: input).bytes.prefix(4))
  }

  /// The line by which witnesses and monitors of other makers are told the key.
  package var line: String {
    let digits = tag.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
    return "\(name)+\(digits)+\(Base64.text([Self.signatureType] + key.rawBytes))"
  }
}
