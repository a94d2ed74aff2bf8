/// What a user says about who is to sign.
package struct SignerChoice: Sendable {
  /// A file of a private key.
  package var key: String?
  /// A file with the passphrase of that key.
  package var passphraseFile: String?
  /// A command that signs, and the file of the public key under which its signatures verify.
  package var command: String?
  package var publicKey: String?

  /// Makes a choice.
  package init(key: String?, passphraseFile: String?, command: String?, publicKey: String?) {
    self.key = key
    self.passphraseFile = passphraseFile
    self.command = command
    self.publicKey = publicKey
  }

  /// Where passphrases come from.
  package var passphrases: PassphraseSource { passphraseFile.map { .file($0) } ?? .terminal }

  /// The signer; nil where none is named.
  ///
  /// - Throws: `CertificateError` of the files, or KEY_FORMAT for options that do not go together.
  package func signer() throws(CertificateError) -> (any Signer)? {
    func conflict(_ problem: String, _ fix: String) -> CertificateError {
      CertificateError(.keyFormat, at: "the signer", problem, fix: fix)
    }
    switch (key, command) {
    case (.some, .some): throw conflict("both `--key` and `--sign-command` are given", "give one of them")
    case (let key?, nil):
      guard publicKey == nil else {
        throw conflict("`--public-key` goes with `--sign-command`", "leave it out; the private key holds it")
      }
      return try KeyFile.signingKey(at: key, passphrase: passphrases)
    case (nil, let command?):
      guard let publicKey else {
        throw conflict("`--sign-command` needs `--public-key`", "name the public key of whoever signs")
      }
      return SignCommand(command, verificationKey: try KeyFile.verificationKey(at: publicKey))
    case (nil, nil):
      guard publicKey == nil, passphraseFile == nil else {
        throw conflict("there is no signer that the options speak of", "give `--key` or `--sign-command`")
      }
      return nil
    }
  }
}
