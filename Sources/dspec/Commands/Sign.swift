import ArgumentParser
import Certificates
import Foundation
import Reports

/// Adds a signature to a certificate.
struct Sign: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Add a signature to a certificate: another issuer states the same.",
    discussion:
      "Structure, digests and records are checked first, the evidence and other signatures are not: replay it "
      + "(dspec-replay) before you sign.")

  @Argument(help: "The bundle folder.", completion: .directory)
  var bundle: String
  @Option(help: "Folder of the model files, if they are not in the bundle.", completion: .directory)
  var models: String?
  @OptionGroup var signing: SigningOptions
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let signer = try signing.requiredSigner()
    let count: Int
    do {
      let contents = try UnverifiedCertificate(bundle: bundle).check(models: models)
      // Records that their own evidence contradicts are not co-signed.
      let now = try BelievedClock.reading(Date().timeIntervalSince1970)
      _ = try await CertificateReport(
        contents, policy: TrustPolicy(keys: []), at: now, replays: false, workers: 1)
      count = try BundleWriter.countersign(bundle, with: signer, models: models)
    } catch {
      throw CommandFailure("\(error)")
    }
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object([
            ("keyid", .string(signer.verificationKey.keyID)), ("signatures", .integer(count)),
          ])))
    } else {
      print("signed by \(signer.verificationKey.keyID); signatures: \(count)")
    }
    return .holds
  }
}
