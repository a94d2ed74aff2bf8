import Certificates
import Testing
import TransparencyLog

@Suite("Signed notes and checkpoints")
struct NoteTests {
  // The example of the documentation of Go's package `note`: a note and its key by other people's software.
  private static let foreignNote = """
    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

    """
  private static let foreignKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

  @Test("a note by another implementation verifies, and its key has the same line")
  func foreign() throws {
    let raw = try present(Base64.bytes("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))
    let key = LogKey(
      name: try Sample.name("PeterNeumann"), key: try VerificationKey(rawBytes: Array(raw.dropFirst())))
    #expect(key.line == Self.foreignKey)
    let note = try SignedNote(Array(Self.foreignNote.utf8), at: "note")
    try note.verify(by: key, at: "note")
    #expect(note.bytes == Array(Self.foreignNote.utf8))
    let other = LogKey(name: try Sample.name("PeterNeumann"), key: try Sample.key().verificationKey)
    #expect(refusal { try note.verify(by: other, at: "note") } == .log)
  }

  @Test("a checkpoint has the form of C2SP tlog-checkpoint and comes back as it was")
  func roundTrip() throws {
    let key = try Sample.key()
    let root = ContentDigest(of: Array("root".utf8))
    let checkpoint = try Checkpoint(origin: Sample.name(), size: 70_000, root: root, signer: key)
    let lines = String(decoding: checkpoint.note.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 6)
    #expect(lines[0] == "example.org/log" && lines[1] == "70000" && lines[3] == "" && lines[5] == "")
    #expect(Base64.bytes(String(lines[2])) == root.bytes)
    #expect(lines[4].hasPrefix("— example.org/log "))
    let copy = try Checkpoint(checkpoint.note.bytes, at: "copy")
    #expect(copy == checkpoint)
    try copy.verify(by: key.verificationKey, origin: try Sample.name(), at: "copy")
    #expect(
      refusal {
        try copy.verify(by: key.verificationKey, origin: try Sample.name("example.org/other"), at: "copy")
      } == .log)
    #expect(refusal { try copy.verify(by: try Sample.key(2).verificationKey, at: "copy") } == .log)
  }

  @Test("signatures by unknown keys are ignored, a broken one by the known key is not")
  func cosigned() throws {
    let key = try Sample.key()
    let checkpoint = try Checkpoint(origin: Sample.name(), size: 0, root: MerkleTree.empty, signer: key)
    let text = String(decoding: checkpoint.note.bytes, as: UTF8.self)
    let stranger = "— witness.example \(Base64.text([UInt8](repeating: 7, count: 76)))\n"
    let cosigned = try Checkpoint(Array((text + stranger).utf8), at: "note")
    try cosigned.verify(by: key.verificationKey, at: "note")
    let tag = LogKey(name: try Sample.name(), key: key.verificationKey).tag
    let broken = "— example.org/log \(Base64.text(tag + [UInt8](repeating: 7, count: 64)))\n"
    #expect(
      refusal {
        try Checkpoint(Array((text + broken).utf8), at: "note").verify(by: key.verificationKey, at: "note")
      } == .log)
  }

  @Test(
    "what is no checkpoint is refused",
    arguments: [
      "", "\n", "\n\n", "a\n1\n", "example.org/log\n0\n",
      "example.org/log\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "example.org/log\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "example.org/log\n9007199254740992\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "example.org/log\n0\nAAAAQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "example.org/log\n1\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "example.org/log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==\n",
      "two words\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "plus+plus\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "example.org/log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\nempty line before\n",
      "example.org/log\r\n1\r\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\r\n",
    ])
  func malformed(text: String) throws {
    let signature = "— example.org/log \(Base64.text([UInt8](repeating: 7, count: 68)))\n"
    #expect(refusal { _ = try Checkpoint(Array((text + "\n" + signature).utf8), at: "note") } == .log)
  }

  @Test(
    "signature lines are read strictly",
    arguments: [
      "", "— a\n", "- a BBBBBBBB\n", "— a BBBBBBBB", "— a BBBB\n", "— a b BBBBBBBB\n", "—  BBBBBBBB\n",
      "— a BBBBBBBB\n\n", "— a BBBBBBB-\n", "— a\tBBBBBBBB\n",
    ])
  func lines(signature: String) {
    let text = "example.org/log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"
    #expect(refusal { _ = try Checkpoint(Array((text + signature).utf8), at: "note") } == .log)
  }

  @Test(
    "names of logs",
    arguments: [
      ("a", true), ("example.org/log-1_x~", true), ("", false), ("a b", false), ("a+b", false),
      ("ä", false), ("a\n", false),
    ])
  func names(text: String, isName: Bool) {
    #expect((LogName(text) != nil) == isName)
  }
}
