import Certificates
import Tampering

extension Attempt {
  /// Changes the bytes of the first signature.
  mutating func changeSignature(_ change: (inout [UInt8]) -> Void) throws {
    try changeSignatures {
      var bytes = base64Bytes($0[0].value(at: "sig")?.stringValue ?? "")
      change(&bytes)
      try $0[0].set("sig", .string(base64(bytes)))
    }
  }

  /// The reviewer trusts two keys and demands that both signed.
  mutating func demandTwo() throws {
    beside["second.pem"] = Array(try TrustRows.key(8).verificationKey.pem.utf8)
    arguments += ["--trust", "@second.pem", "--threshold", "2"]
  }

  /// The reviewer trusts what a file says, and nothing else.
  mutating func trust(_ file: [UInt8]) {
    beside["trust.file"] = file
    arguments = ["--trust", "@trust.file"]
  }

  /// A trust file with the issuer's key.
  func trustFile(key: String = "", more: String = "") throws -> [UInt8] {
    let pem = base.holder.key.verificationKey.pem.replacing("\n", with: "\\n")
    return Array(
      "{\"version\": 1, \"keys\": [{\"publicKey\": \"\(pem)\", \"roles\": [\"issuer\"]\(key)}]\(more)}".utf8)
  }

  /// The reviewer is given a statement of revocation.
  mutating func revoke(_ certificate: ContentDigest, by key: SigningKey) throws {
    guard let moment = Timestamp("2027-05-01T00:00:00Z") else { return }
    let remark = try SignedRemark(
      .revocation(Revocation(revokedAt: moment, reason: "wrong model")), on: certificate, signer: key)
    beside["revocation.json"] = try remark.envelope.json()
    arguments += ["--revocation", "@revocation.json"]
  }
}
