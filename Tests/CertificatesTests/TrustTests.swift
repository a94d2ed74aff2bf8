import Certificates
import Testing

private func certificate(_ folder: String, keys: [UInt8]) throws -> CertificateContents {
  let bundle = "\(folder)/sample.dcert"
  try BundleWriter.write(try Samples.envelope(keys: keys), Samples.content(), to: bundle)
  return try UnverifiedCertificate(bundle: bundle).check()
}

private func policy(_ keys: [UInt8], threshold: Int = 1) throws -> TrustPolicy {
  try TrustPolicy(keys: try keys.map { try Samples.key($0).verificationKey }, threshold: threshold)
}

@Suite struct TrustTests {
  @Test func trustedAndUnknownSigners() throws {
    try withTemporaryFolder("trust") { folder in
      let ids = try (0...4).map { try Samples.key($0).verificationKey.keyID }
      let one = try certificate(folder, keys: [1])
      #expect(try policy([1]).decide(on: one) == .trusted(keyIDs: [ids[1]]))
      #expect(try policy([2, 1, 3]).decide(on: one) == .trusted(keyIDs: [ids[1]]))
      #expect(try policy([2]).decide(on: one) == .unknownSigner(keyIDs: [ids[1]]))
      #expect(try policy([]).decide(on: one) == .unknownSigner(keyIDs: [ids[1]]))
      let two = try certificate(folder, keys: [1, 2])
      #expect(try policy([2, 1], threshold: 2).decide(on: two) == .trusted(keyIDs: [ids[2], ids[1]]))
      #expect(refusal { _ = try policy([1, 3], threshold: 2).decide(on: two) } == .threshold)
      #expect(refusal { _ = try policy([1, 1], threshold: 2) } == .keyDuplicate)
      #expect(refusal { _ = try policy([1], threshold: 2) } == .threshold)
      #expect(refusal { _ = try policy([1], threshold: 0) } == .threshold)
    }
  }

  @Test func aBrokenSignatureOfATrustedKeyIsNotJustUnknown() throws {
    try withTemporaryFolder("broken") { folder in
      let bundle = "\(folder)/sample.dcert"
      let key = try Samples.key(1)
      let good = try Samples.envelope()
      var predicate = try Samples.predicate()
      predicate.properties[2].nodes = 99
      // Signed before the predicate was changed.
      let forged = try Envelope(
        signing: try Statement(predicate: predicate).payload(), with: [try Samples.key(2)])
      let text = String(decoding: try forged.json(), as: UTF8.self)
        .replacing(try Samples.key(2).verificationKey.keyID, with: key.verificationKey.keyID)
      let envelope = try Envelope(json: Array(text.utf8))
      #expect(envelope != good)
      try BundleWriter.write(envelope, Samples.content(), to: bundle)
      let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: [key.verificationKey])
      #expect(contents.validSigners.isEmpty)
      #expect(refusal { _ = try policy([1]).decide(on: contents) } == .signature)
      #expect(try policy([3]).decide(on: contents) == .unknownSigner(keyIDs: [key.verificationKey.keyID]))
    }
  }

  @Test func oneKeyUnderTwoNamesDoesNotReachAThreshold() throws {
    try withTemporaryFolder("names") { folder in
      let bundle = "\(folder)/sample.dcert"
      let text = try Samples.envelope().json()
      var object = try #require(try JSONValue.parse(text).objectValue)
      let entry = try #require(object["signatures"]?.arrayValue?.first?.objectValue)
      var other = entry
      other["keyid"] = .string(try Samples.key(3).verificationKey.pem)
      object["signatures"] = [.object(entry), .object(other), .object(entry)]
      let envelope = try Envelope(json: try JSONValue.object(object).canonicalBytes())
      try BundleWriter.write(envelope, Samples.content(), to: bundle)
      let contents = try UnverifiedCertificate(bundle: bundle).check()
      #expect(refusal { _ = try policy([1, 2], threshold: 2).decide(on: contents) } == .threshold)
    }
  }

  @Test func policiesAreReadFromFiles() throws {
    try withTemporaryFolder("policy") { folder in
      let key = try Samples.key(1)
      try KeyFile.write(key.verificationKey, to: "\(folder)/a.pem")
      try KeyFile.write(key.verificationKey, to: "\(folder)/b.pem")
      #expect(try TrustPolicy(files: ["\(folder)/a.pem"]).keys == [key.verificationKey])
      #expect(
        refusal { _ = try TrustPolicy(files: ["\(folder)/a.pem", "\(folder)/b.pem"]) } == .keyDuplicate)
    }
  }

  @Test func thePeriodIsHalfOpen() throws {
    try withTemporaryFolder("period") { folder in
      let contents = try certificate(folder, keys: [1])
      let cases: [(String, CertificateError.Code?)] = [
        ("2026-11-22T19:59:59Z", .notYetValid), ("2026-11-22T20:00:00Z", nil), ("2027-11-22T19:59:59Z", nil),
        ("2027-11-22T20:00:00Z", .expired),
      ]
      for (moment, expected) in cases {
        #expect(refusal { try contents.checkPeriod(at: Samples.moment(moment)) } == expected)
      }
    }
  }
}
