import ArgumentParser
import Certificates

/// Makes a key pair.
struct Keygen: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Make an Ed25519 key pair: NAME.key.pem to sign with, NAME.pub.pem to give away.")

  @Option(name: .shortAndLong, help: "Path without extension.", completion: .file())
  var out: String = "dspec"
  @Flag(help: "Encrypt the private key by a passphrase (PKCS #8, scrypt, AES-256).")
  var encrypt = false
  @Option(
    help: "File whose first line is the passphrase; by default the terminal is asked.", completion: .file())
  var passphraseFile: String?
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    guard !out.isEmpty, !out.hasSuffix("/") else {
      throw CommandFailure("`--out \(out)` is no path of a file; write `--out NAME`")
    }
    guard encrypt || passphraseFile == nil else {
      throw CommandFailure("--passphrase-file goes with --encrypt")
    }
    let key = try SigningKey.generate()
    do {
      let source = passphraseFile.map { PassphraseSource.file($0) } ?? .terminal
      let passphrase = encrypt ? try source.newPassphrase() : nil
      // One half alone is of no use.
      try KeyFile.probe(out + ".pub.pem")
      try KeyFile.write(key, to: out + ".key.pem", passphrase: passphrase)
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
      print("private \(out).key.pem (\(encrypt ? "encrypted; " : "")keep it secret)")
      print("public  \(out).pub.pem (give it to reviewers)")
    }
    return .holds
  }
}
