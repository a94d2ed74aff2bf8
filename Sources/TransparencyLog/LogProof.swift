package import Certificates

/// That a log holds a statement, in a file that can be checked without the log (C2SP tlog-proof).
///
///     c2sp.org/tlog-proof@v1
///     index 3
///     <base64 of a hash, from the leaf's sibling upwards, one in each line>
///
///     <checkpoint>
///
/// A line `extra …` before the index is read and ignored: nothing signs it.
package struct LogProof: Hashable, Sendable {
  private static let header = "c2sp.org/tlog-proof@v1"
  /// The ending of the file that lies beside a statement.
  package static let fileExtension = ".tlog-proof"
  private static let sizeLimit = 2 << 20

  /// The place of the entry.
  package let index: Int
  /// The proof of inclusion.
  package let hashes: [ContentDigest]
  /// The state of the log that it leads to.
  package let checkpoint: Checkpoint

  /// Makes a proof.
  package init(index: Int, hashes: [ContentDigest], checkpoint: Checkpoint) {
    self.index = index
    self.hashes = hashes
    self.checkpoint = checkpoint
  }

  /// Reads the file of a proof.
  ///
  /// - Throws: `CertificateError` READ, SIZE or LOG.
  package init(at path: String) throws(CertificateError) {
    try self.init(try FileReading.content(of: path, limit: Self.sizeLimit), at: path)
  }

  /// Reads a proof.
  ///
  /// - Throws: `CertificateError` LOG.
  package init(_ bytes: [UInt8], at place: String) throws(CertificateError) {
    func refuse(_ problem: String) -> CertificateError {
      .log(place, problem, fix: "obtain the proof again: `dspec log prove`")
    }
    let feed = UInt8(ascii: "\n")
    guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == feed && bytes[$0 + 1] == feed })
    else { throw refuse("there is no empty line before the checkpoint") }
    var lines = bytes[..<gap].split(separator: feed, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }[...]
    guard lines.popFirst() == Self.header else { throw refuse("the first line is not `\(Self.header)`") }
    if let line = lines.first, line.hasPrefix("extra ") {
      guard Base64.bytes(String(line.dropFirst(6))) != nil else { throw refuse("`extra` is not base64") }
      lines = lines.dropFirst()
    }
    let word = "index "
    guard let line = lines.popFirst(), line.hasPrefix(word),
      let index = Checkpoint.number(String(line.dropFirst(word.count)))
    else { throw refuse("there is no line `index` with a number") }
    guard lines.count <= 63 else {
      throw refuse("the proof has \(lines.count) hashes, more than a tree is high")
    }
    var hashes: [ContentDigest] = []
    for line in lines {
      guard let raw = Base64.bytes(line), Base64.text(raw) == line, let hash = ContentDigest(bytes: raw)
      else { throw refuse("a line of the proof is not base64 of 32 bytes") }
      hashes.append(hash)
    }
    self.index = index
    self.hashes = hashes
    checkpoint = try Checkpoint(Array(bytes[(gap + 2)...]), at: place)
  }

  /// The bytes of the file.
  package var bytes: [UInt8] {
    let lines = [Self.header, "index \(index)"] + hashes.map { Base64.text($0.bytes) }
    return Array((lines.joined(separator: "\n") + "\n\n").utf8) + checkpoint.note.bytes
  }

  /// Checks that the log with a key holds a statement.
  ///
  /// - Parameters:
  ///   - key: The log's key; the reader must know that it is the log's.
  ///   - origin: The log's name; any by default.
  /// - Returns: The entry that is proved to be there.
  /// - Throws: `CertificateError` LOG for a checkpoint of another key or name, an index outside the log, and a proof that
  ///   does not lead from the statement to the checkpoint's root.
  package func check(
    _ statement: SignedStatement, key: VerificationKey, origin: LogName? = nil, at place: String
  ) throws(CertificateError) -> LogEntry {
    try checkpoint.verify(by: key, origin: origin, at: place)
    guard index < checkpoint.size else {
      throw .log(
        place, "the index \(index) lies outside the log of \(checkpoint.size) entries",
        fix: "obtain the proof again: `dspec log prove`")
    }
    return try checkInclusion(of: statement, at: place)
  }

  /// Checks that the proof leads from a statement to the checkpoint's root, whoever signed that.
  ///
  /// - Returns: The entry that is proved to be there.
  /// - Throws: `CertificateError` LOG.
  package func checkInclusion(
    of statement: SignedStatement, at place: String
  ) throws(CertificateError) -> LogEntry {
    for entry in LogEntry.entries(of: statement)
    where MerkleProof.provesInclusion(
      of: try entry.leaf(), at: index, in: checkpoint.size, by: hashes, root: checkpoint.root)
    {
      return entry
    }
    throw .log(
      place, "the proof does not lead from `\(statement.path)` to the root of the log's checkpoint",
      fix: "give the proof of this statement, or obtain one: `dspec log prove`")
  }
}
