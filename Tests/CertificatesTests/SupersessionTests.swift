import Certificates
import Testing

/// A later certificate takes the place of an earlier one if somebody signed it who could.
@Suite struct SupersessionTests {
  /// A certificate, and one that names the certificates of some digests.
  private func pair(
    _ folder: String, earlierKey: UInt8 = 1, laterKey: UInt8, naming: (ContentDigest) -> [ContentDigest]
  ) throws -> (CertificateContents, UnverifiedCertificate) {
    let (old, new) = ("\(folder)/old.dcert", "\(folder)/new.dcert")
    try BundleWriter.write(try Samples.envelope(keys: [earlierKey]), Samples.content(), to: old)
    let earlier = try UnverifiedCertificate(bundle: old).check()
    var predicate = try Samples.predicate()
    predicate.supersedes = naming(earlier.payloadDigest)
    let envelope = try Envelope(
      signing: try Statement(predicate: predicate).payload(), with: [try Samples.key(laterKey)])
    try BundleWriter.write(envelope, Samples.content(), to: new)
    return (earlier, try UnverifiedCertificate(bundle: new))
  }

  private func policy(_ keys: [UInt8], role: TrustRole = .issuer) throws -> TrustPolicy {
    try TrustPolicy(try keys.map { TrustedKey(try Samples.key($0).verificationKey, roles: [role]) })
  }

  @Test(arguments: [
    (UInt8(1), [UInt8(1)], TrustRole.issuer, true), (2, [2], .issuer, true), (2, [1, 2], .issuer, true),
    (2, [1], .issuer, false), (2, [], .issuer, false), (2, [2], .reviewer, false),
    // Whoever signed the certificate itself may always say so.
    (1, [1], .reviewer, true),
  ])
  func countsWhereSomebodySignedWhoCould(
    laterKey: UInt8, trusted: [UInt8], role: TrustRole, counts: Bool
  ) throws {
    try withTemporaryFolder("supersession") { folder in
      let (earlier, later) = try pair(folder, laterKey: laterKey) { [$0] }
      let found = try Supersession(of: earlier, by: later, policy: try policy(trusted, role: role))
      #expect(found.counts == counts)
      #expect(found.successor == later.payloadDigest)
    }
  }

  @Test func anotherCertificateIsNotSuperseded() throws {
    try withTemporaryFolder("supersession") { folder in
      let (earlier, later) = try pair(folder, laterKey: 1) { _ in [ContentDigest(of: [1])] }
      let policy = try policy([1])
      #expect(refusal { _ = try Supersession(of: earlier, by: later, policy: policy) } == .receiptSubject)
      #expect(
        refusal {
          _ = try Supersession(
            of: earlier, by: UnverifiedCertificate(bundle: "\(folder)/old.dcert"), policy: policy)
        } == .receiptSubject)
    }
  }
}
