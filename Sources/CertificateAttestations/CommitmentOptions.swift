package import ArgumentParser
package import Certificates
import TimeStamping
import TransparencyLog

/// What must show that the specification was committed to before.
package struct CommitmentOptions: ParsableArguments {
  @Option(
    help:
      "Public key of a log that must hold the commitment to the specification under its signer's key, by the proof within.",
    completion: .file(extensions: ["pem"]))
  var commitmentLogKey: String?
  @Option(
    help: """
      Certificate of a timestamping authority, or of its direct issuer, that must have seen the commitment to the \
      specification; may be repeated.
      """, completion: .file(extensions: ["pem"]))
  var commitmentTsa: [String] = []

  package init() {}

  /// Reads the files that are named.
  ///
  /// - Throws: `CertificateError` of these files; they say nothing of a certificate.
  package func anchors() throws(CertificateError) -> CommitmentAnchors {
    var authorities: [TimeStampAnchor] = []
    for path in commitmentTsa { authorities.append(try TimeStampAnchor(at: path)) }
    var log: VerificationKey?
    if let commitmentLogKey { log = try KeyFile.verificationKey(at: commitmentLogKey) }
    return CommitmentAnchors(log: log, authorities: authorities)
  }
}
