/// One signature of an envelope.
package struct EnvelopeSignature: Hashable, Sendable {
  /// What the signer says its key is; a hint, never a reason to trust.
  package let keyID: String?
  /// The bytes of the signature, of whatever length they came in.
  package let bytes: [UInt8]

  /// Makes a signature.
  package init(keyID: String?, bytes: [UInt8]) {
    self.keyID = keyID
    self.bytes = bytes
  }
}

/// A DSSE v1.0.2 envelope of an in-toto statement: payload bytes and at least one signature over them.
package struct Envelope: Hashable, Sendable {
  /// The only payload type there is here.
  package static let payloadType = "application/vnd.in-toto+json"
  /// The most signatures an envelope may bear.
  package static let signatureLimit = 16

  /// The signed bytes.
  package let payload: [UInt8]
  /// One to sixteen signatures, not yet verified.
  package internal(set) var signatures: [EnvelopeSignature]

  /// Signs bytes with every key once.
  ///
  /// - Throws: `CertificateError` KEY_DUPLICATE for a key given twice, SIGNATURE for none or more than sixteen.
  package init(signing payload: [UInt8], with keys: [any Signer]) throws(CertificateError) {
    guard (1...Self.signatureLimit).contains(keys.count) else {
      throw CertificateError(
        .signature, at: "signatures",
        "a certificate needs 1 to \(Self.signatureLimit) signatures, not \(keys.count)",
        fix: "give as many private keys")
    }
    guard Set(keys.map(\.verificationKey)).count == keys.count else {
      throw CertificateError(
        .keyDuplicate, at: "signatures", "one private key was given twice", fix: "give each key once")
    }
    let message = preAuthenticationEncoding(payloadType: Self.payloadType, payload: payload)
    var signatures: [EnvelopeSignature] = []
    for key in keys {
      signatures.append(
        EnvelopeSignature(keyID: key.verificationKey.keyID, bytes: try key.signature(for: message)))
    }
    self.payload = payload
    self.signatures = signatures
  }

  /// The envelope with one more signature, in which another signer states the same.
  ///
  /// - Throws: `CertificateError` KEY_DUPLICATE where that key has signed, SIGNATURE for more than sixteen or where the
  ///   signer fails.
  package func countersigned(by signer: any Signer) throws(CertificateError) -> Envelope {
    guard signers(among: [signer.verificationKey]).isEmpty else {
      throw CertificateError(
        .keyDuplicate, at: "signatures", "the key `\(signer.verificationKey.keyID)` has signed already",
        fix: "sign with another key")
    }
    guard signatures.count < Self.signatureLimit else {
      throw CertificateError(
        .signature, at: "signatures", "there are \(Self.signatureLimit) signatures already",
        fix: "issue a certificate of its own")
    }
    let message = preAuthenticationEncoding(payloadType: Self.payloadType, payload: payload)
    var changed = self
    changed.signatures.append(
      EnvelopeSignature(keyID: signer.verificationKey.keyID, bytes: try signer.signature(for: message)))
    return changed
  }

  /// The given keys that made a valid signature, each once, in the order given.
  ///
  /// Key identifiers are ignored: every signature is tried under every key.
  package func signers(among keys: [VerificationKey]) -> [VerificationKey] {
    let message = preAuthenticationEncoding(payloadType: Self.payloadType, payload: payload)
    var seen: Set<VerificationKey> = []
    return keys.filter { key in
      seen.insert(key).inserted && signatures.contains { key.isValid(signature: $0.bytes, for: message) }
    }
  }

  /// The key identifiers that the signatures claim, in order and each once.
  ///
  /// Left out is what does not look like one: whatever is not printable or has more than 128 bytes.
  package var claimedKeyIDs: [String] {
    var seen: Set<String> = []
    return signatures.compactMap(\.keyID).filter { keyID in
      (1...128).contains(keyID.utf8.count) && VisibleText.isClean(keyID, allowingLineBreaks: false)
        && seen.insert(keyID).inserted
    }
  }
}
