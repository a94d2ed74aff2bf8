import ArgumentParser
import Certificates
import TimeStamping

/// Timestamps: when a certificate was signed, by somebody else's clock.
struct TimestampCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timestamp",
    abstract: "Ask for and verify timestamps of a certificate's signature (RFC 3161), without a network.",
    discussion: """
      The time in a certificate is its issuer's word. A timestamp shows that the signature was there by a time of an \
      authority's clock, and with it that a key had not yet expired or been revoked; `dspec-replay --tsa` heeds that.

      Example:
        dspec timestamp request digits.dcert
        curl -H "Content-Type: application/timestamp-query" --data-binary @digits.dcert.tsq \\
          -o digits.dcert.tsr https://tsa.example.org
        dspec timestamp verify digits.dcert --tsa tsa.pem

      Exit codes: 0 done, or it holds; 1 the timestamp is refused; 3 bad input.
      """,
    subcommands: [RequestTimestamp.self, VerifyTimestamp.self])
}

/// Writes what an authority is asked.
struct RequestTimestamp: DSpecVerb {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Write the request for a timestamp of a certificate's signature.",
    discussion: """
      Send the file to an authority as `application/timestamp-query`; the answer belongs beside the certificate as \
      CERT.tsr.

      Example: dspec timestamp request digits.dcert      writes digits.dcert.tsq
      """)

  @Argument(
    help: "The bundle folder, or the file of a receipt, revocation or commitment.", completion: .file())
  var statement: String
  @Option(help: "Identifier of the key whose signature is meant; the first signature by default.")
  var keyid: String?
  @Option(name: .shortAndLong, help: "File to write instead of STATEMENT.tsq.", completion: .file())
  var out: String?
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    do {
      let statement = try SignedStatement(at: statement)
      guard let signature = statement.signatures.first(where: { keyid == nil || $0.keyID == keyid }) else {
        throw CommandFailure("no signature of `\(statement.path)` names the key `\(keyid ?? "")`")
      }
      let path = out ?? statement.path + ".tsq"
      try ResultFile.check(path)
      try ResultFile.write(TimeStampRequest(of: signature).bytes, to: path)
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object([
              ("imprint", .string(ContentDigest(of: signature.bytes).hex)),
              ("keyid", .string(signature.keyID ?? "")), ("request", .string(path)),
            ])))
      } else {
        StandardStreams.line(
          "request for a timestamp of the signature by \(signature.keyID ?? "a key without a name"): \(path)")
      }
      return .holds
    } catch let error as CertificateError {
      throw CommandFailure("\(error)")
    }
  }
}

/// Verifies a timestamp.
struct VerifyTimestamp: DSpecVerb {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Verify a timestamp of a certificate's signature.",
    discussion: """
      Whether the authority's own certificate was revoked is not known without a network.

      Example: dspec timestamp verify digits.dcert --tsa tsa.pem

      Exit codes: 0 the timestamp holds, 1 it is refused, 3 bad input.
      """)

  @Argument(
    help: "The bundle folder, or the file of a receipt, revocation or commitment.", completion: .file())
  var statement: String
  @Option(help: "File of the answer or the token, if not STATEMENT.tsr.", completion: .file())
  var token: String?
  @Option(
    help: "Certificate of an authority, or of its direct issuer, that is trusted; may be repeated.",
    completion: .file(extensions: ["pem"]))
  var tsa: [String]
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    try Refusal.answer(.timestamp, of: "timestamp", json: output.json) {
      let statement = try SignedStatement(at: statement)
      let anchors = try tsa.map { try TimeStampAnchor(at: $0) }
      let token = try TimeStampToken(at: self.token ?? statement.path + TimeStampToken.fileExtension)
      let time = try token.verify(statement, anchors: anchors)
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object([
              ("timestamp", "holds"), ("authority", .string(time.authority)),
              ("authorityCertificate", .string(time.certificate.hex)),
              ("keyid", .string(time.signature.keyID ?? "")), ("latest", .string(time.latest.text)),
              ("policy", .string(time.policy)), ("time", .string(time.time.text)),
            ])))
      } else {
        let key = time.signature.keyID ?? "a key without a name"
        StandardStreams.line("the signature said to be by \(key) was there by \(time.latest)")
        StandardStreams.line(
          "time \(time.time) by the clock of `\(time.authority)`, certificate \(time.certificate)")
      }
      return .holds
    }
  }
}
