import ArgumentParser
import Certificates
import Foundation

/// States that a certificate counts no longer.
struct Revoke: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Write a signed statement that a certificate counts no longer.",
    discussion: """
      The statement is a file of its own, to be published beside the certificate; `dspec-replay --revocation FILE` and \
      `dspec review` heed it when its signer may revoke.
      """)

  @Argument(help: "The bundle folder.", completion: .directory)
  var bundle: String
  @Option(help: "Why, in a sentence.")
  var reason: String
  @Option(name: .shortAndLong, help: "File to write.", completion: .file(extensions: ["json"]))
  var out: String
  @OptionGroup var signing: SigningOptions
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let words = reason.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !words.isEmpty else {
      throw CommandFailure("`--reason` is empty: say why the certificate is withdrawn")
    }
    let signer = try signing.requiredSigner()
    guard let now = Timestamp(secondsSince1970: Int(Date().timeIntervalSince1970)) else {
      throw CommandFailure("the clock is out of range: set it")
    }
    do {
      let certificate = try UnverifiedCertificate(bundle: bundle).payloadDigest
      let remark = try SignedRemark(
        .revocation(Revocation(revokedAt: now, reason: words)), on: certificate, signer: signer)
      try remark.write(to: out)
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object([
              ("certificate", .string(certificate.hex)), ("revokedAt", .string(now.text)),
              ("statement", .string(out)),
            ])))
      } else {
        print("revoked \(certificate) at \(now): \(out)")
      }
    } catch {
      throw CommandFailure("\(error)")
    }
    return .holds
  }
}
