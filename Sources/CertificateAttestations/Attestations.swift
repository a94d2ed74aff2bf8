package import Certificates
package import TimeStamping
package import TransparencyLog

/// What was found beside a certificate and holds.
package struct Attestations: Sendable {
  /// That a log holds it.
  package var log: LogProof?
  /// The key under which the log holds it.
  var loggedKeyID = ""
  /// When one of its signatures was there.
  package var time: TrustedTime?
  /// What is shown of a commitment to its specification, where it names one.
  package var commitment: ShownCommitment?

  /// Whether what was stamped is a signature by a key that is trusted, and the log's entry is under such a key.
  package private(set) var isExamined = false

  /// Nothing.
  package init() {}

  /// By how many seconds two clocks may differ.
  private static let tolerance = 300

  /// Compares what others saw with who signed.
  ///
  /// A timestamp may be of any bytes, which somebody could put into the envelope later, and a log's entry is found by its key;
  /// so both say something of the certificate only where the signature is one of a trusted key. Where none is trusted,
  /// nothing is examined.
  ///
  /// - Throws: TIMESTAMP for a signature that no trusted key has made, and for one that was there before the certificate says
  ///   that it was issued; LOG for an entry under another key.
  package mutating func examine(
    _ contents: CertificateContents, _ decision: TrustDecision, _ policy: TrustPolicy
  ) throws(CertificateError) {
    guard case .trusted(let keyIDs) = decision else { return }
    if let time, let seen {
      let keys = policy.keys.filter { keyIDs.contains($0.keyID) }
      guard keys.contains(where: { seen.moment(of: $0, in: contents.envelope) != nil }) else {
        throw CertificateError(
          .timestamp, at: "certificate.json, signatures",
          "the timestamp is of something that no trusted key has signed",
          fix: "obtain a timestamp of the issuer's signature: `dspec timestamp request --keyid`")
      }
      let issued = contents.predicate.issuedAt
      guard issued.secondsSince1970 <= time.latest.secondsSince1970 + Self.tolerance else {
        throw CertificateError(
          .timestamp, at: "predicate.issuedAt",
          "the certificate says that it was issued at \(issued), and by the clock of `\(time.authority)` its signature was "
            + "there by \(time.latest): one of the two clocks is wrong",
          fix: "ask the issuer for a certificate that was issued when it says")
      }
    }
    if log != nil, !keyIDs.contains(loggedKeyID) {
      throw CertificateError(
        .log, at: "certificate.json, signatures",
        "the log has the certificate under the key \(loggedKeyID), by which no trusted key has signed it",
        fix: "have it logged under the issuer's key: `dspec log append`")
    }
    isExamined = true
  }

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
      let key = isExamined ? "" : ", under a key that was not examined"
      lines.append("logged: entry \(log.index) of \(log.checkpoint.size) in \(log.checkpoint.origin)\(key)")
    }
    if let time {
      lines.append(
        isExamined
          ? "timestamp: signed by \(time.latest) by the clock of `\(time.authority)`; that time decides when keys count"
          : "timestamp: something that stands there as a signature was there by \(time.latest) by the clock of "
            + "`\(time.authority)`; who made it was not examined")
    }
    return lines + (commitment?.attested ?? [])
  }

  private func examined(_ summary: JSONValue) -> JSONValue {
    guard var object = summary.objectValue else { return summary }
    object["examined"] = .bool(isExamined)
    return .object(object)
  }

  /// For programs.
  package var members: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    if let log { members.append(("log", examined(log.summary))) }
    if let time { members.append(("timestamp", examined(time.summary))) }
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
