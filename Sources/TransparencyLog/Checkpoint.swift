package import Certificates

/// The state of a log that its key signed (C2SP tlog-checkpoint): name, number of entries and root.
package struct Checkpoint: Hashable, Sendable {
  /// The log's name.
  package let origin: LogName
  /// The number of entries.
  package let size: Int
  /// The root of their tree.
  package let root: ContentDigest
  /// The note with its signatures.
  package let note: SignedNote

  /// Signs a state.
  ///
  /// - Throws: `CertificateError` of the signer.
  package init(
    origin: LogName, size: Int, root: ContentDigest, signer: any Signer
  ) throws(CertificateError) {
    self.origin = origin
    self.size = size
    self.root = root
    note = try SignedNote(
      "\(origin)\n\(size)\n\(Base64.text(root.bytes))\n", signer: signer, name: origin)
  }

  /// Reads a checkpoint, whose signatures are not verified thereby.
  ///
  /// - Throws: `CertificateError` LOG.
  package init(_ bytes: [UInt8], at place: String) throws(CertificateError) {
    note = try SignedNote(bytes, at: place)
    // Lines behind the third are the log's own business, but none may be empty.
    let lines = note.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
      .map { String(decoding: $0, as: UTF8.self) }
    guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }), let origin = LogName(lines[0]),
      let size = Self.number(lines[1]), let bytes = Base64.bytes(lines[2]), Base64.text(bytes) == lines[2],
      let root = ContentDigest(bytes: bytes), size > 0 || root == MerkleTree.empty
    else {
      throw .log(
        place, "the text is no checkpoint of a log: name, number of entries and root, each in a line",
        fix: "obtain the file again from the log")
    }
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// Refuses a checkpoint that a key has not signed, or of a log of another name.
  ///
  /// - Throws: `CertificateError` LOG.
  package func verify(
    by key: VerificationKey, origin expected: LogName? = nil, at place: String
  ) throws(CertificateError) {
    if let expected, expected != origin {
      throw .log(
        place, "the checkpoint is of the log `\(origin)`, not of `\(expected)`",
        fix: "give the file of that log")
    }
    try note.verify(by: LogKey(name: origin, key: key), at: place)
  }

  /// A number of entries or an index: decimal digits without leading zeros, at most 2^53 − 1.
  static func number(_ text: String) -> Int? {
    guard (1...16).contains(text.utf8.count), text == "0" || !text.hasPrefix("0"),
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = Int(text), number <= TilePath.sizeLimit
    else { return nil }
    return number
  }
}
