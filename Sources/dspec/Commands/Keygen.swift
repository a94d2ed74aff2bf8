import ArgumentParser
import Certificates

/// Makes a key pair.
struct Keygen: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Make an Ed25519 key pair: NAME.key.pem to sign with, NAME.pub.pem to give away.")

  @Option(name: .shortAndLong, help: "Path without extension.", completion: .file())
  var out: String = "dspec"
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let key = try SigningKey.generate()
    do {
      try KeyFile.write(key, to: out + ".key.pem")
      try KeyFile.write(key.verificationKey, to: out + ".pub.pem")
    } catch {
      throw CommandFailure("\(error)")
    }
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object([
            ("keyid", .string(key.verificationKey.keyID)), ("private", .string(out + ".key.pem")),
            ("public", .string(out + ".pub.pem")),
          ])))
    } else {
      print("key id  \(key.verificationKey.keyID)")
      print("private \(out).key.pem (keep it secret)")
      print("public  \(out).pub.pem (give it to reviewers)")
    }
    return .holds
  }
}
