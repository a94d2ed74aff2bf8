package import Certificates

/// Statements that a reviewer names as revocations of a certificate.
package struct RevocationFiles: Sendable {
  private let statements: [(place: String, remark: SignedRemark)]

  /// Reads the files.
  ///
  /// - Throws: `CertificateError` where one cannot be read or is a replay receipt, which revokes nothing.
  package init(_ paths: [String]) throws(CertificateError) {
    var statements: [(place: String, remark: SignedRemark)] = []
    for path in paths {
      let remark = try SignedRemark(at: path)
      guard case .revocation = remark.content else {
        throw CertificateError(
          .predicateType, at: path, "it is a replay receipt, which revokes nothing",
          fix: "give what `dspec revoke` wrote; receipts go to `dspec review`")
      }
      statements.append((path, remark))
    }
    self.statements = statements
  }

  /// Examines them under a policy.
  ///
  /// - Returns: What revokes nothing, in lines.
  /// - Throws: `CertificateError` REVOKED where one revokes the certificate; others where one is forged or about another.
  package func check(
    _ contents: CertificateContents, under policy: TrustPolicy
  ) throws(CertificateError) -> [String] {
    try policy.checkRevocations(statements, of: contents)
  }
}
