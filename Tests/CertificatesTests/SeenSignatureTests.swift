import Certificates
import Testing

@Suite("Signatures that a trusted clock saw")
struct SeenSignatureTests {
  @Test("a key that was revoked or expired counts for what was seen before")
  func before() throws {
    try withTemporaryFolder("seen") { folder in
      let key = try Samples.key(1)
      let envelope = try Samples.envelope(keys: [1, 2])
      let bundle = "\(folder)/sample.dcert"
      try BundleWriter.write(envelope, Samples.content(), to: bundle)
      let contents = try UnverifiedCertificate(bundle: bundle).check()
      let own = envelope.signatures[0].bytes
      func decide(
        revoked: [String], notAfter: String? = nil, seen: String?, bytes: [UInt8]? = nil
      ) -> CertificateError.Code? {
        refusal {
          let digest = try #require(ContentDigest(hex: key.verificationKey.keyID))
          let policy = try TrustPolicy(
            [TrustedKey(key.verificationKey, notAfter: notAfter.map(Samples.moment))],
            revokedKeys: revoked.map {
              Withdrawal(digest: digest, moment: Samples.moment($0), reason: "lost")
            })
          let record = seen.map { SeenSignature(bytes: bytes ?? own, moment: Samples.moment($0)) }
          let decision = try policy.decide(on: contents, seen: record)
          #expect(decision == .trusted(keyIDs: [key.verificationKey.keyID]))
        }
      }
      let (early, late) = ("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")
      #expect(decide(revoked: [late], seen: nil) == .revoked)
      #expect(decide(revoked: [late], seen: early) == nil)
      #expect(decide(revoked: [late], seen: late) == .revoked, "the moment of revocation counts as after")
      #expect(decide(revoked: [early], seen: late) == .revoked)
      #expect(decide(revoked: [late, early], seen: early) == .revoked)
      // What was seen is another key's signature, or none of this certificate's.
      #expect(decide(revoked: [late], seen: early, bytes: envelope.signatures[1].bytes) == .revoked)
      #expect(decide(revoked: [late], seen: early, bytes: [UInt8](repeating: 0, count: 64)) == .revoked)
      let stranger = try Samples.key(1).signature(for: [1])
      #expect(decide(revoked: [late], seen: early, bytes: stranger) == .revoked)
      // The issuer's word puts the signature in November; the clock decides.
      #expect(decide(revoked: [], notAfter: early, seen: nil) == nil)
      #expect(decide(revoked: [], notAfter: late, seen: early) == nil)
      #expect(decide(revoked: [], notAfter: early, seen: early) == .expired)
    }
  }
}
