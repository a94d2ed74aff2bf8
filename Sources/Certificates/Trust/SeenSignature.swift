/// That a signature existed by a time, which a clock says that the reader trusts.
package struct SeenSignature: Hashable, Sendable {
  /// The bytes of the signature.
  package let bytes: [UInt8]
  /// By when it was there.
  package let moment: Timestamp

  /// Makes a record.
  package init(bytes: [UInt8], moment: Timestamp) {
    self.bytes = bytes
    self.moment = moment
  }

  /// The moment, where the signature is one of an envelope and valid under a key; nil otherwise.
  package func moment(of key: VerificationKey, in envelope: Envelope) -> Timestamp? {
    guard envelope.signatures.contains(where: { $0.bytes == bytes }) else { return nil }
    let message = preAuthenticationEncoding(payloadType: Envelope.payloadType, payload: envelope.payload)
    return key.isValid(signature: bytes, for: message) ? moment : nil
  }
}
