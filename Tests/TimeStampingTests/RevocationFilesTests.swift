import CertificateAttestations
import Certificates
import Foundation
import Testing

/// Files that a reviewer names as revocations.
@Suite struct RevocationFilesTests {
  /// A receipt of a replay revokes nothing, and who gives one is told so instead of that nothing is revoked.
  @Test func receiptsAreNone() throws {
    let moment = try #require(Timestamp("2026-06-01T12:00:00Z"))
    let (certificate, key) = (ContentDigest(of: [1, 2, 3]), try Sample.key(1))
    let checker = ReplayReceipt.Checker(name: "dspec-replay", version: "1.3.0", digest: nil)
    let remarks: [Remark] = [
      .receipt(
        ReplayReceipt(
          reviewedAt: moment, checker: checker, result: .invalid,
          failure: ReplayReceipt.Failure(code: "TREE_SHAPE", step: "A", reason: "cut"))),
      .revocation(Revocation(revokedAt: moment, reason: "wrong model")),
    ]
    try withTemporaryFolder("revocations") { folder in
      for (index, remark) in remarks.enumerated() {
        let path = "\(folder)/\(index).json"
        try SignedRemark(remark, on: certificate, signer: key).write(to: path)
        let code = refusal { _ = try RevocationFiles([path]) }
        #expect(code == (index == 0 ? .predicateType : nil))
      }
      #expect(refusal { _ = try RevocationFiles(["\(folder)/none.json"]) } == .read)
    }
  }
}
