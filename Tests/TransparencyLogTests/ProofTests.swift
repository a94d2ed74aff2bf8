import Certificates
import Testing
import TransparencyLog

/// A log with certificates among other entries.
private struct Fixture {
  let key: SigningKey
  let issuer: SigningKey
  let storage: MemoryStorage
  let statements: [SignedStatement]
  let proof: LogProof

  init() throws {
    key = try Sample.key()
    let issuer = try Sample.key(9)
    self.issuer = issuer
    storage = try Sample.log(4, key: key)
    statements = try (0..<3).map { try Sample.statement($0, key: issuer) }
    _ = try LogWriter(storage, signer: key).append(statements.flatMap { LogEntry.entries(of: $0) })
    proof = try LogReader(storage).proof(of: statements[1]).0
  }

  func check(_ bytes: [UInt8], _ statement: Int = 1, origin: LogName? = nil) throws -> LogEntry {
    try LogProof(bytes, at: "proof").check(
      statements[statement], key: key.verificationKey, origin: origin, at: "proof")
  }
}

@Suite("Proofs beside certificates")
struct ProofTests {
  @Test("a proof has the form of C2SP tlog-proof, and shows the certificate it was made for")
  func holds() throws {
    let fixture = try Fixture()
    let text = String(decoding: fixture.proof.bytes, as: UTF8.self)
    #expect(text.hasPrefix("c2sp.org/tlog-proof@v1\nindex 5\n"))
    #expect(text.contains("\n\nexample.org/log\n7\n"))
    #expect(try LogProof(fixture.proof.bytes, at: "proof") == fixture.proof)
    let entry = try fixture.check(fixture.proof.bytes, origin: try Sample.name())
    #expect(entry.payload == fixture.statements[1].payloadDigest)
    #expect(entry.keyID.hex == fixture.issuer.verificationKey.keyID)
    // A line that nothing signs is read over.
    let extra = text.replacing("@v1\n", with: "@v1\nextra AAAA\n")
    #expect(try fixture.check(Array(extra.utf8)) == entry)
  }

  @Test("a proof shows no other certificate, and none under another key, name or index")
  func tampered() throws {
    let fixture = try Fixture()
    let bytes = fixture.proof.bytes
    for other in [0, 2] { #expect(refusal { _ = try fixture.check(bytes, other) } == .log) }
    #expect(
      refusal { _ = try fixture.check(bytes, origin: try Sample.name("example.org/other")) } == .log)
    #expect(
      refusal {
        _ = try LogProof(bytes, at: "proof").check(
          fixture.statements[1], key: try Sample.key(3).verificationKey, at: "proof")
      } == .log)
    let checkpoint = fixture.proof.checkpoint
    for index in [0, 4, 6, 7, 1 << 40] {
      let other = LogProof(index: index, hashes: fixture.proof.hashes, checkpoint: checkpoint)
      #expect(refusal { _ = try fixture.check(other.bytes) } == .log)
    }
    for position in fixture.proof.hashes.indices {
      var hashes = fixture.proof.hashes
      hashes[position] = MerkleTree.empty
      let other = LogProof(index: fixture.proof.index, hashes: hashes, checkpoint: checkpoint)
      #expect(refusal { _ = try fixture.check(other.bytes) } == .log)
      hashes.remove(at: position)
      let shorter = LogProof(index: fixture.proof.index, hashes: hashes, checkpoint: checkpoint)
      #expect(refusal { _ = try fixture.check(shorter.bytes) } == .log)
    }
    // Another state that the log signed does not go with this path.
    _ = try LogWriter(fixture.storage, signer: fixture.key).append([Sample.entry(50)])
    let later = LogProof(
      index: fixture.proof.index, hashes: fixture.proof.hashes,
      checkpoint: try LogReader(fixture.storage).checkpoint())
    #expect(refusal { _ = try fixture.check(later.bytes) } == .log)
  }

  @Test("no bit of a proof can change, and no byte can be missing")
  func bits() throws {
    let fixture = try Fixture()
    let bytes = fixture.proof.bytes
    for position in bytes.indices {
      for bit in 0..<8 {
        var other = bytes
        other[position] ^= UInt8(1 << bit)
        #expect(refusal { _ = try fixture.check(other) } == .log, "bit \(bit) of byte \(position)")
      }
      #expect(refusal { _ = try fixture.check(Array(bytes[..<position])) } == .log)
    }
    #expect(refusal { _ = try fixture.check(bytes + [0x0A]) } == .log)
  }

  @Test("a certificate that is not logged has no proof, and one without a key's name no entry")
  func absent() throws {
    let fixture = try Fixture()
    let reader = LogReader(fixture.storage)
    #expect(refusal { _ = try reader.proof(of: try Sample.statement(77, key: fixture.issuer)) } == .log)
    let envelope = try Sample.envelope(1, key: fixture.issuer)
    let nameless = String(decoding: try envelope.json(), as: UTF8.self)
      .replacing(fixture.issuer.verificationKey.keyID, with: "")
    let statement = try SignedStatement(try Envelope(json: Array(nameless.utf8)), at: "nameless")
    #expect(LogEntry.entries(of: statement).isEmpty)
  }

  @Test("a certificate with two signatures is logged under both keys")
  func countersigned() throws {
    let fixture = try Fixture()
    let second = try Sample.key(8)
    let envelope = try Sample.envelope(1, key: fixture.issuer).countersigned(by: second)
    let statement = try SignedStatement(envelope, at: "both")
    let entries = LogEntry.entries(of: statement)
    #expect(entries.map(\.keyID.hex) == [fixture.issuer, second].map(\.verificationKey.keyID))
    // The proof of before still holds: the first entry is there.
    _ = try fixture.proof.check(statement, key: fixture.key.verificationKey, at: "proof")
    let positions = try LogWriter(fixture.storage, signer: fixture.key).append(entries).positions
    #expect(positions.map(\.isNew) == [false, true])
  }

  @Test("statements are read from envelopes, and what is none is refused")
  func statements() throws {
    try withTemporaryFolder("statements") { folder in
      let envelope = try Sample.envelope(1, key: try Sample.key())
      let path = "\(folder)/receipt.json"
      try SharedFile.replace(path, with: try envelope.json(), staging: path + ".new")
      let statement = try SignedStatement(at: path)
      #expect(statement.payloadDigest == ContentDigest(of: envelope.payload))
      #expect(statement.predicateType == "https://example.org/test/v1")
      #expect(refusal { _ = try SignedStatement(at: folder) } == .read)
      #expect(refusal { _ = try SignedStatement(at: "\(folder)/none") } == .read)
      for path in [".", "..", "/", "\(folder)/.", "\(folder)/../", ""] {
        #expect(refusal { _ = try SignedStatement(at: path) } == .path, "`\(path)`")
      }
      for payload in ["{}", "[]", #"{"_type":"https://in-toto.io/Statement/v1"}"#, "x"] {
        let other = try Envelope(signing: Array(payload.utf8), with: [try Sample.key()])
        #expect(refusal { _ = try SignedStatement(other, at: "x") } != nil)
      }
    }
  }
}
