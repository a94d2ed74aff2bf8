package import ArgumentParser
package import Certificates
import TimeStamping
import TransparencyLog

/// Which statements of others than the issuer, in files beside a certificate, must hold.
package struct AttestationOptions: ParsableArguments {
  @Option(
    help: "Public key of a log that must hold the certificate, by BUNDLE.tlog-proof.",
    completion: .file(extensions: ["pem"]))
  var logKey: String?
  @Option(help: "Name that this log must have; any by default.")
  var logOrigin: String?
  @Option(
    help: """
      Certificate of a timestamping authority, or of its direct issuer, whose timestamp BUNDLE.tsr decides when keys \
      must have counted; may be repeated.
      """, completion: .file(extensions: ["pem"]))
  var tsa: [String] = []

  package init() {}

  package func validate() throws {
    guard let logOrigin else { return }
    guard logKey != nil else { throw ValidationError("--log-origin goes with --log-key") }
    guard LogName(logOrigin) != nil else {
      throw ValidationError("`--log-origin \(logOrigin)` is no name of a log")
    }
  }

  /// Checks what is asked for, but for who made the signatures; see `Attestations.examine`.
  ///
  /// - Throws: LOG or TIMESTAMP for what does not hold, and the errors of the files.
  package func check(_ certificate: UnverifiedCertificate) throws(CertificateError) -> Attestations {
    var found = Attestations()
    guard logKey != nil || !tsa.isEmpty else { return found }
    let statement = try SignedStatement(certificate)
    if let logKey {
      let path = statement.path + LogProof.fileExtension
      let proof = try LogProof(at: path)
      let entry = try proof.check(
        statement, key: try KeyFile.verificationKey(at: logKey), origin: logOrigin.flatMap { LogName($0) },
        at: path)
      found.log = proof
      found.loggedKeyID = entry.keyID.hex
    }
    if !tsa.isEmpty {
      var anchors: [TimeStampAnchor] = []
      for path in tsa { anchors.append(try TimeStampAnchor(at: path)) }
      found.time = try TimeStampToken(at: statement.path + TimeStampToken.fileExtension)
        .verify(statement, anchors: anchors)
    }
    return found
  }
}
