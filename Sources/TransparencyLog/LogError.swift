package import Certificates

extension CertificateError {
  /// A refusal of a log, a checkpoint or a proof.
  package static func log(_ place: String, _ message: String, fix: String) -> CertificateError {
    CertificateError(.log, at: place, message, fix: fix)
  }
}
