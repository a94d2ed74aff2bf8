/// Who signs: a private key at hand, or a program that holds one elsewhere.
package protocol Signer: Sendable {
  /// The public half of the key.
  var verificationKey: VerificationKey { get }

  /// The signature of a message, 64 bytes, valid under `verificationKey`.
  ///
  /// - Throws: `CertificateError` SIGNATURE where there is none.
  func signature(for message: [UInt8]) throws(CertificateError) -> [UInt8]
}

extension SigningKey: Signer {}
