package import Certificates
package import TimeStamping
package import TransparencyLog

/// A commitment to a certificate's specification, and what others than its signer show of when it was made.
package struct ShownCommitment: Sendable {
  /// The commitment; it is to the specification of the certificate.
  package let commitment: SpecCommitment
  /// The trusted keys that signed it; none where its signatures were not examined.
  package var signers: [String] = []
  /// Why a trusted key that signed it does not count; nil where that is not so.
  package var objection: String?
  /// Models and data of the certificate that were not there to be committed to.
  package let missing: [RelativePath]
  /// When one of its signatures was there, by a trusted clock.
  package var time: TrustedTime?
  /// That a log holds it.
  package var log: LogProof?

  /// What nobody else has said anything of.
  package init(_ commitment: SpecCommitment, missing: [RelativePath]) {
    self.commitment = commitment
    self.missing = missing
  }

  /// What its signer says, in words.
  package var statement: String {
    let signer: String
    if !signers.isEmpty {
      signer = "the trusted signer \(signers.joined(separator: ", "))"
    } else if let objection {
      signer = "a signer who does not count: \(objection)"
    } else {
      signer = "\(commitment.claimedSigner), whose signature was not examined"
    }
    let rest =
      missing.isEmpty
      ? "" : "; not there at the time: \(missing.map(\.text).joined(separator: ", "))"
    return "specification committed to at \(commitment.committedAt), by the word of \(signer)\(rest)"
  }

  /// What others show of it, in words.
  package var attested: [String] {
    var lines: [String] = []
    if let time {
      lines.append("specification fixed by \(time.latest), by the clock of `\(time.authority)`")
    }
    if let log {
      lines.append(
        "commitment logged: entry \(log.index) of \(log.checkpoint.size) in \(log.checkpoint.origin)")
    }
    return lines
  }

  /// For programs.
  package var value: JSONValue {
    var object: JSONObject = [
      "committedAt": .string(commitment.committedAt.text),
      "missing": .array(missing.map { .string($0.text) }),
      "trustedSigners": .array(signers.map { .string($0) }),
    ]
    object["objection"] = objection.map { .string($0) }
    object["timestamp"] = time?.summary
    object["log"] = log?.summary
    return .object(object)
  }
}
