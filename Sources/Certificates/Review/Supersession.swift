/// Whether a later certificate takes the place of an earlier one.
///
/// Only who may issue certificates can say so, or whoever signed the earlier one: otherwise anybody could silence a
/// certificate. That it is superseded does not make it false.
package struct Supersession: Hashable, Sendable {
  /// Payload digest of the later certificate.
  package let successor: ContentDigest
  /// When it says that it was issued.
  package let issuedAt: Timestamp
  /// Whether a trusted issuer, or a signer of the earlier certificate, signed it.
  package let counts: Bool

  /// Reads a later certificate.
  ///
  /// Its files are not looked at: what it says of itself is for a review of its own.
  ///
  /// - Throws: `CertificateError` of its envelope or statement; RECEIPT_SUBJECT where it does not name the earlier one;
  ///   SIGNATURE where a signature said to be of a trusted key does not verify.
  package init(
    of certificate: CertificateContents, by later: UnverifiedCertificate, policy: TrustPolicy
  ) throws(CertificateError) {
    let predicate = try later.stated().predicate
    guard predicate.supersedes.contains(certificate.payloadDigest) else {
      throw CertificateError(
        .receiptSubject, at: later.folder,
        "this certificate does not say that it supersedes \(certificate.payloadDigest)",
        fix: "give the certificate whose `supersedes` names it")
    }
    successor = later.payloadDigest
    issuedAt = predicate.issuedAt
    var isTrusted = !later.envelope.signers(among: certificate.envelope.signers(among: policy.keys)).isEmpty
    do {
      if !isTrusted,
        case .trusted = try policy.decide(
          later.envelope, role: .issuer, at: predicate.issuedAt, place: later.folder)
      {
        isTrusted = true
      }
    } catch {
      // A key that does not count itself supersedes nothing.
      guard error.code == .expired || error.code == .revoked else { throw error }
    }
    counts = isTrusted
  }
}
