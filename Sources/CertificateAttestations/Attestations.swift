package import Certificates
package import TimeStamping
package import TransparencyLog

/// What was found beside a certificate and holds.
package struct Attestations: Sendable {
  /// That a log holds it.
  package var log: LogProof?
  /// When one of its signatures was there.
  package var time: TrustedTime?
  /// What is shown of a commitment to its specification, where it names one.
  package var commitment: ShownCommitment?

  /// Nothing.
  package init() {}

  /// The signature that was seen.
  package var seen: SeenSignature? {
    time.map { SeenSignature(bytes: $0.signature.bytes, moment: $0.latest) }
  }

  /// In words, with what the issuer says of a commitment.
  package var lines: [String] { attested + (commitment.map { [$0.statement] } ?? []) }

  /// What others say, in words.
  package var attested: [String] {
    var lines: [String] = []
    if let log {
      lines.append("logged: entry \(log.index) of \(log.checkpoint.size) in \(log.checkpoint.origin)")
    }
    if let time {
      lines.append(
        "timestamp: signed by \(time.latest) by the clock of `\(time.authority)`; that time decides when keys count"
      )
    }
    return lines + (commitment?.attested ?? [])
  }

  /// For programs.
  package var members: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    if let log { members.append(("log", log.summary)) }
    if let time { members.append(("timestamp", time.summary)) }
    if let commitment { members.append(("committedBefore", commitment.value)) }
    return members
  }
}

extension LogProof {
  /// For programs.
  var summary: JSONValue {
    [
      "index": .integer(index), "origin": .string(checkpoint.origin.text), "size": .integer(checkpoint.size),
    ]
  }
}

extension TrustedTime {
  /// For programs.
  var summary: JSONValue {
    ["authority": .string(authority), "latest": .string(latest.text), "time": .string(time.text)]
  }
}
