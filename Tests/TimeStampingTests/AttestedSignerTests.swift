import ArgumentParser
import CertificateAttestations
import Certificates
import Foundation
import Testing
import TimeStamping
import TransparencyLog

/// What others saw of a certificate counts where it is a signature by a trusted key.
@Suite struct AttestedSignerTests {
  private let parties: Attesters

  init() throws { parties = try Attesters() }

  /// The token is of noon of the first of June.
  private func envelope(issuedAt: String = "2026-06-01T11:59:00Z") throws -> Envelope {
    let name = try #require(RelativePath("a.dspec"))
    let predicate = CompliancePredicate(
      issuedAt: try #require(Timestamp(issuedAt)), expiresAt: try #require(Timestamp("2027-06-01T00:00:00Z")),
      issuerKeyID: try #require(ContentDigest(hex: parties.signer.verificationKey.keyID)),
      tool: ToolRecord(name: "dspec", version: "1.0.0"),
      spec: SpecRecord(root: name, sources: [FileRecord(name: name, content: Array("spec".utf8))]),
      properties: [])
    return try Envelope(signing: try Statement(predicate: predicate).payload(), with: [parties.signer])
  }

  /// What is found beside a certificate whose envelope was changed, by a reader who trusts the signer or for nil nobody.
  ///
  /// - Parameter stamped: The bytes that the authority saw.
  private func attested(
    _ envelope: Envelope, stamping stamped: [UInt8]? = nil, logging entries: [LogEntry] = [],
    trusts: Bool = true
  ) throws -> Attestations {
    var result = Attestations()
    try withTemporaryFolder("attested") { folder in
      let (bundle, name) = (folder + "/a.dcert", try #require(RelativePath("a.dspec")))
      try BundleWriter.write(
        try self.envelope(issuedAt: Self.issuedAt(envelope)),
        BundleContent(spec: [name: .bytes(Array("spec".utf8))]),
        to: bundle)
      let place = URL(fileURLWithPath: bundle + "/certificate.json")
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: place.path)
      try Data(try envelope.json()).write(to: place)
      let certificate = try UnverifiedCertificate(bundle: bundle)
      let policy = try TrustPolicy(keys: trusts ? [parties.signer.verificationKey] : [])
      let contents = try certificate.check(candidates: policy.keys)
      var arguments: [String] = []
      if let stamped {
        try Data(try parties.authority.token(Authority.Stamp(of: stamped))).write(
          to: URL(fileURLWithPath: bundle + ".tsr"))
        try Data(try parties.authority.certificate()).write(to: URL(fileURLWithPath: folder + "/tsa.der"))
        arguments += ["--tsa", folder + "/tsa.der"]
      }
      if !entries.isEmpty {
        let storage = FolderStorage(folder + "/log")
        let writer = LogWriter(storage, signer: parties.log)
        _ = try writer.initialise(origin: try #require(LogName("example.org/log")))
        _ = try writer.append(entries)
        let proof = try LogReader(storage).proof(of: try SignedStatement(certificate)).0
        try Data(proof.bytes).write(to: URL(fileURLWithPath: bundle + ".tlog-proof"))
        try Data(parties.log.verificationKey.pem.utf8).write(to: URL(fileURLWithPath: folder + "/log.pem"))
        arguments += ["--log-key", folder + "/log.pem"]
      }
      var found = try AttestationOptions.parse(arguments).check(certificate)
      try found.examine(contents, try policy.decide(on: contents, seen: found.seen), policy)
      result = found
    }
    return result
  }

  private static func issuedAt(_ envelope: Envelope) -> String {
    let text = String(decoding: envelope.payload, as: UTF8.self)
    return String(text.firstMatch(of: /"issuedAt":"([^"]*)"/)?.output.1 ?? "")
  }

  /// The envelope with another signature that claims to be of some key.
  private func adding(_ bytes: [UInt8], keyID: String, to envelope: Envelope) throws -> Envelope {
    var object = try #require(try JSONValue.parse(try envelope.json()).objectValue)
    var list = try #require(object["signatures"]?.arrayValue)
    list.append(["keyid": .string(keyID), "sig": .string(Data(bytes).base64EncodedString())])
    object["signatures"] = .array(list)
    return try Envelope(json: try JSONValue.object(object).canonicalBytes(), place: "envelope")
  }

  @Test func theSignersOwnSignatureCounts() throws {
    let own = try envelope()
    let entries = LogEntry.entries(of: try SignedStatement(own, at: "own"))
    let known = try attested(own, stamping: own.signatures[0].bytes, logging: entries)
    #expect(known.attested.count == 2)
    #expect(known.attested.contains { $0.contains("signed by 2026-06-01T12:00:00Z") })
    let stranger = try attested(own, stamping: own.signatures[0].bytes, logging: entries, trusts: false)
    #expect(stranger.attested.count == 2 && stranger.attested.allSatisfy { $0.contains("not examined") })
    // Programs are told so too, whatever signer they accept.
    for (found, isExamined) in [(known, true), (stranger, false)] {
      let flags = found.members.map { $0.1.objectValue?["examined"] }
      #expect(flags == [.bool(isExamined), .bool(isExamined)])
    }
  }

  /// Bytes that were stamped before there was any certificate, put beside its signature later.
  @Test func stampedJunkIsNoSignature() throws {
    let junk = [UInt8](repeating: 7, count: 64)
    let own = try envelope()
    for keyID in [parties.signer.verificationKey.keyID, String(repeating: "ab", count: 32)] {
      let mixed = try adding(junk, keyID: keyID, to: own)
      #expect(refusal { _ = try attested(mixed, stamping: junk) } == .timestamp, "\(keyID)")
    }
  }

  @Test func aSignatureIsNotOlderThanItsCertificate() throws {
    for (issuedAt, isRefused) in [
      ("2026-06-01T12:04:00Z", false), ("2026-06-01T12:06:00Z", true), ("2026-07-01T00:00:00Z", true),
    ] {
      let own = try envelope(issuedAt: issuedAt)
      let code = refusal { _ = try attested(own, stamping: own.signatures[0].bytes) }
      #expect(code == (isRefused ? .timestamp : nil), "\(issuedAt)")
    }
  }

  /// An entry under a key that the envelope only claims is seen by no monitor of the issuer.
  @Test func entriesStandUnderTheSignersKey() throws {
    let own = try envelope()
    let other = try adding(own.signatures[0].bytes, keyID: String(repeating: "ab", count: 32), to: own)
    let entries = LogEntry.entries(of: try SignedStatement(other, at: "other"))
    try #require(entries.count == 2)
    #expect(refusal { _ = try attested(other, logging: [entries[1]]) } == .log)
    #expect(try attested(other, logging: [entries[0]]).attested.count == 1)
  }
}
