package import Certificates
package import TimeStamping
package import TransparencyLog

/// What was found beside a certificate and holds.
package struct Attestations: Sendable {
  /// That a log holds it.
  package var log: LogProof?
  /// When one of its signatures was there.
  package var time: TrustedTime?

  /// Nothing.
  package init() {}

  /// The signature that was seen.
  package var seen: SeenSignature? {
    time.map { SeenSignature(bytes: $0.signature.bytes, moment: $0.latest) }
  }

  /// In words.
  package var lines: [String] {
    var lines: [String] = []
    if let log {
      lines.append("logged: entry \(log.index) of \(log.checkpoint.size) in \(log.checkpoint.origin)")
    }
    if let time {
      lines.append(
        "timestamp: signed by \(time.latest) by the clock of `\(time.authority)`; that time decides when keys count"
      )
    }
    return lines
  }

  /// For programs.
  package var members: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    if let log {
      members.append(
        (
          "log",
          [
            "index": .integer(log.index), "origin": .string(log.checkpoint.origin.text),
            "size": .integer(log.checkpoint.size),
          ]
        ))
    }
    if let time {
      members.append(
        (
          "timestamp",
          [
            "authority": .string(time.authority), "latest": .string(time.latest.text),
            "time": .string(time.time.text),
          ]
        ))
    }
    return members
  }
}
