import ArgumentParser
import Certificates
import TimeStamping
import TransparencyLog

/// What others than the issuer say of a certificate, in files beside it.
struct AttestationOptions: ParsableArguments {
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

  /// Checks what is asked for.
  ///
  /// - Throws: `CertificateError` LOG or TIMESTAMP for what does not hold, those of the files, or a failure of usage.
  func check(_ certificate: UnverifiedCertificate) throws -> Attestations {
    var found = Attestations()
    guard logKey != nil || logOrigin == nil else { throw UsageFailure("--log-origin goes with --log-key") }
    let origin = try logOrigin.map { text in
      guard let name = LogName(text) else { throw UsageFailure("`--log-origin \(text)` is no name of a log") }
      return name
    }
    if let logKey {
      let statement = try SignedStatement(certificate)
      let path = statement.path + LogProof.fileExtension
      let proof = try LogProof(at: path)
      _ = try proof.check(
        statement, key: try KeyFile.verificationKey(at: logKey), origin: origin, at: path)
      found.log = proof
    }
    if !tsa.isEmpty {
      let statement = try SignedStatement(certificate)
      let anchors = try tsa.map { try TimeStampAnchor(at: $0) }
      found.time = try TimeStampToken(at: statement.path + TimeStampToken.fileExtension)
        .verify(statement, anchors: anchors)
    }
    return found
  }
}

/// What was found beside a certificate and holds.
struct Attestations {
  /// That a log holds it.
  var log: LogProof?
  /// When one of its signatures was there.
  var time: TrustedTime?

  /// The signature that was seen.
  var seen: SeenSignature? {
    time.map { SeenSignature(bytes: $0.signature.bytes, moment: $0.latest) }
  }

  /// In words.
  var lines: [String] {
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
  var members: [(String, JSONValue)] {
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
