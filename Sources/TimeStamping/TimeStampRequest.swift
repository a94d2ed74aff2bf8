package import Certificates

/// What an authority is asked: `TimeStampReq` of RFC 3161 section 2.4.1.
package struct TimeStampRequest: Hashable, Sendable {
  /// The bytes to send as `application/timestamp-query`.
  ///
  /// Version 1, the SHA-256 of the signature's bytes, and the wish that the certificate comes along. There is no nonce:
  /// an older answer about the same signature tells an older time, which is as true.
  package let bytes: [UInt8]

  /// Asks for a timestamp of a signature.
  package init(of signature: EnvelopeSignature) {
    let algorithm: [UInt8] = [
      0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    ]
    let imprint = [0x30, 0x31] + algorithm + [0x04, 0x20] + ContentDigest(of: signature.bytes).bytes
    bytes = [0x30, 0x39, 0x02, 0x01, 0x01] + imprint + [0x01, 0x01, 0xFF]
  }
}
