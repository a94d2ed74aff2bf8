package import Certificates
package import TimeStamping
import TransparencyLog

/// Whom the reader believes about a commitment to a specification.
package struct CommitmentAnchors: Sendable {
  /// A log's key; nil where none is asked for.
  private let log: VerificationKey?
  /// Authorities, or their direct issuers; empty where none is asked for.
  private let authorities: [TimeStampAnchor]

  private static let place = "predicate.spec.committedBefore"

  package init(log: VerificationKey?, authorities: [TimeStampAnchor]) {
    self.log = log
    self.authorities = authorities
  }

  /// Whether something must be shown of it.
  package var isAsked: Bool { log != nil || !authorities.isEmpty }

  /// What the certificate says of a commitment to its specification, and what is shown of it; nil where it says nothing.
  ///
  /// A timestamp is of a signature, and shows when the statement was there only if that signature verifies. A log's entry
  /// names the statement itself and the key that its signature claims, so that entries can be counted by key only if that
  /// is the key that signed.
  ///
  /// - Throws: COMMITMENT where something is asked for of no commitment, or of one that was stamped after the certificate was
  ///   issued; LOG, TIMESTAMP and SIGNATURE for what is asked for and does not hold; SIGNATURE for one said to be of a
  ///   trusted key that does not verify; where something is asked for, also REVOKED and EXPIRED for such a key that does not
  ///   count.
  package func check(
    _ contents: CertificateContents, policy: TrustPolicy
  ) throws(CertificateError) -> ShownCommitment? {
    let predicate = contents.predicate
    guard let record = predicate.spec.committedBefore else {
      guard !isAsked else {
        throw CertificateError(
          .commitment, at: "predicate.spec", "the certificate names no commitment to its specification",
          fix: "ask its issuer for one that was made with `dspec verify --commitment`")
      }
      return nil
    }
    let commitment = record.commitment
    let statement = try SignedStatement(commitment.envelope, at: Self.place)
    var shown = ShownCommitment(
      commitment, missing: commitment.missing(of: predicate.models + predicate.datasets))
    shown.time = try time(record, statement, issuedAt: predicate.issuedAt)
    let seen = shown.time.map { SeenSignature(bytes: $0.signature.bytes, moment: $0.latest) }
    do {
      let decision = try policy.decide(
        commitment.envelope, role: .issuer, at: commitment.committedAt, seen: seen, place: Self.place)
      if case .trusted(let keyIDs) = decision { shown.signers = keyIDs }
    } catch {
      // Whether the certificate counts does not hang on the signer of something that nobody asked for.
      guard !isAsked, error.code == .revoked || error.code == .expired else { throw error }
      shown.objection = error.message
    }
    if let time = shown.time {
      let keys = policy.keys.filter { shown.signers.contains($0.keyID) }
      guard keys.contains(where: { commitment.bears(time.signature, of: $0) }) else {
        throw Self.refuse(
          .signature, "the timestamp is of a signature that no trusted key has made",
          fix: "trust the key of whoever signed the commitment: `--trust`")
      }
    }
    shown.log = try logged(record, statement, signers: shown.signers)
    return shown
  }

  private func time(
    _ record: CommitmentRecord, _ statement: SignedStatement, issuedAt: Timestamp
  ) throws(CertificateError) -> TrustedTime? {
    guard !authorities.isEmpty else { return nil }
    guard let bytes = record.timestamp else {
      throw Self.refuse(.timestamp, "the commitment has no timestamp", fix: "ask its issuer for one that has")
    }
    let time = try TimeStampToken(bytes, at: Self.place + ".timestamp").verify(
      statement, anchors: authorities)
    guard time.latest <= issuedAt else {
      throw Self.refuse(
        .commitment,
        "the commitment was there by \(time.latest), after the certificate was issued, at \(issuedAt)",
        fix: "ask for a certificate of a specification that was committed to before")
    }
    return time
  }

  private func logged(
    _ record: CommitmentRecord, _ statement: SignedStatement, signers: [String]
  ) throws(CertificateError) -> LogProof? {
    guard let log else { return nil }
    guard let bytes = record.logProof else {
      throw Self.refuse(
        .log, "the commitment has no proof that a log holds it", fix: "ask its issuer for one that has")
    }
    let place = Self.place + ".logProof"
    let proof = try LogProof(bytes, at: place)
    let entry = try proof.check(statement, key: log, at: place)
    guard signers.contains(entry.keyID.hex) else {
      throw Self.refuse(
        .log,
        "the log has the commitment under the key \(entry.keyID), by which no trusted key has signed it",
        fix: "trust the key of whoever signed the commitment: `--trust`")
    }
    return proof
  }

  private static func refuse(
    _ code: CertificateError.Code, _ problem: String, fix: String
  ) -> CertificateError {
    CertificateError(code, at: place, problem, fix: fix)
  }
}
