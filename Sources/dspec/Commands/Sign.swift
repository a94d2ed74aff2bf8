import ArgumentParser
import Certificates

/// Adds a signature to a certificate.
struct Sign: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Add a signature to a certificate: another issuer states the same.",
    discussion: "Structure and digests are checked first; replay it (dspec-replay) before you sign.")

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
