package import Certificates

/// A text with signatures below it (C2SP signed-note).
///
/// The text ends in a line end and is separated from the signatures by the last empty line. A signature line is an em
/// dash, a space, the key's name, a space and base64 of four bytes that tell the key and of the signature.
package struct SignedNote: Hashable, Sendable {
  /// A line of signature, not verified.
  package struct Signature: Hashable, Sendable {
    /// The key's name.
    package let name: String
    /// The four bytes that tell the key.
    package let tag: [UInt8]
    /// The signature.
    package let bytes: [UInt8]
  }

  /// The largest note that is read.
  package static let sizeLimit = 1 << 20
  private static let signatureLimit = 64
  private static let dash = Array("— ".utf8)

  /// The signed bytes.
  package let text: [UInt8]
  /// The signatures, at least one.
  package let signatures: [Signature]

  /// Signs a text, which must end in a line end and hold no empty line at its end.
  ///
  /// - Throws: `CertificateError` of the signer.
  package init(_ text: String, signer: any Signer, name: LogName) throws(CertificateError) {
    self.text = Array(text.utf8)
    let key = LogKey(name: name, key: signer.verificationKey)
    signatures = [
      Signature(name: name.text, tag: key.tag, bytes: try signer.signature(for: self.text))
    ]
  }

  /// Reads a note.
  ///
  /// - Throws: `CertificateError` LOG.
  package init(_ note: [UInt8], at place: String) throws(CertificateError) {
    func refuse(_ problem: String) -> CertificateError {
      .log(place, problem, fix: "obtain the file again from the log")
    }
    guard note.count <= Self.sizeLimit, String(validating: note, as: UTF8.self) != nil,
      note.allSatisfy({ $0 >= 0x20 || $0 == 0x0A })
    else { throw refuse("the signed text is too long, is not UTF-8 or holds control characters") }
    let feed = UInt8(ascii: "\n")
    guard note.last == feed,
      let gap = note.indices.dropLast().last(where: { note[$0] == feed && note[$0 + 1] == feed })
    else { throw refuse("there is no empty line between text and signatures") }
    text = Array(note[...gap])
    let lines = note[(gap + 2)...].split(separator: feed, omittingEmptySubsequences: false).dropLast()
    guard (1...Self.signatureLimit).contains(lines.count) else {
      throw refuse("there are \(lines.count) signatures, not 1 to \(Self.signatureLimit)")
    }
    var signatures: [Signature] = []
    for line in lines {
      let fields = line.dropFirst(Self.dash.count).split(
        separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      guard line.starts(with: Self.dash), fields.count == 2, let name = fields.first, !name.isEmpty,
        let digits = fields.last.map({ String(decoding: $0, as: UTF8.self) }),
        let bytes = Base64.bytes(digits), Base64.text(bytes) == digits, bytes.count > 4
      else { throw refuse("a line of signature is malformed") }
      signatures.append(
        Signature(
          name: String(decoding: name, as: UTF8.self), tag: Array(bytes.prefix(4)),
          bytes: Array(bytes.dropFirst(4))))
    }
    self.signatures = signatures
  }

  /// The bytes of the note.
  package var bytes: [UInt8] {
    var bytes = text + [UInt8(ascii: "\n")]
    for signature in signatures {
      bytes += Self.dash
      bytes += Array("\(signature.name) \(Base64.text(signature.tag + signature.bytes))\n".utf8)
    }
    return bytes
  }

  /// Refuses a note that a key has not signed; signatures by other keys are ignored.
  ///
  /// - Throws: `CertificateError` LOG.
  package func verify(by key: LogKey, at place: String) throws(CertificateError) {
    let own = signatures.filter { $0.name == key.name.text && $0.tag == key.tag }
    guard !own.isEmpty else {
      throw .log(
        place, "the key given has not signed for `\(key.name)`",
        fix: "give the public key of this log, or obtain its file from this log")
    }
    guard own.allSatisfy({ key.key.isValid(signature: $0.bytes, for: text) }) else {
      throw .log(
        place, "the signature of `\(key.name)` does not verify",
        fix: "obtain the file again from the log, and ask its keeper if that does not help")
    }
  }
}
