package import Certificates
package import TimeStamping
package import TransparencyLog

/// A commitment to a certificate's specification, and what others than its signer show of when it was made.
package struct ShownCommitment: Sendable {
  /// The commitment; it is to the specification of the certificate.
  package let commitment: SpecCommitment
  /// The trusted keys that signed it; none where its signatures were not examined.
  package var signers: [String] = []
  /// When one of its signatures was there, by a trusted clock.
  package var time: TrustedTime?
  /// That a log holds it.
  package var log: LogProof?

  /// What nobody else has said anything of.
  package init(_ commitment: SpecCommitment) { self.commitment = commitment }

  /// What its signer says, in words.
  package var statement: String {
    let signer =
      signers.isEmpty
      ? "\(commitment.envelope.claimedKeyIDs.joined(separator: ", ")), whose signature was not examined"
      : "the trusted signer \(signers.joined(separator: ", "))"
    return "specification committed to at \(commitment.committedAt), by the word of \(signer)"
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
      "trustedSigners": .array(signers.map { .string($0) }),
    ]
    object["timestamp"] = time?.summary
    object["log"] = log?.summary
    return .object(object)
  }
}
