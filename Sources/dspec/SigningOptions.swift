import ArgumentParser
import Certificates

/// Who signs.
struct SigningOptions: ParsableArguments {
  @Option(help: "Private key to sign with.", completion: .file(extensions: ["pem"]))
  var key: String?
  @Option(
    help: "File whose first line is the passphrase of an encrypted key; by default the terminal is asked.")
  var passphraseFile: String?
  @Option(help: "Command that signs instead: reads the message on standard input, prints the signature.")
  var signCommand: String?
  @Option(
    help: "Public key under which the signatures of --sign-command verify.",
    completion: .file(extensions: ["pem"]))
  var publicKey: String?

  /// Whether somebody is named to sign.
  var isGiven: Bool { key != nil || signCommand != nil }

  /// The signer; nil where none is named.
  func signer() throws -> (any Signer)? {
    do {
      return try SignerChoice(
        key: key, passphraseFile: passphraseFile, command: signCommand, publicKey: publicKey
      ).signer()
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  /// Asks a program for a signature before long work that it is to sign.
  func rehearse(_ signer: (any Signer)?) throws {
    do {
      try (signer as? SignCommand)?.rehearse()
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  /// The signer of a command that does nothing else.
  func requiredSigner() throws -> any Signer {
    guard let signer = try signer() else {
      throw CommandFailure("nobody is named to sign: give --key, or --sign-command with --public-key")
    }
    return signer
  }
}
