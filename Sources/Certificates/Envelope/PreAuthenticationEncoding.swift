/// The bytes that a DSSE v1.0.2 signature covers: type and payload with their lengths, so neither can pass for
/// part of the other.
///
/// `"DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload`, lengths in decimal bytes.
package func preAuthenticationEncoding(payloadType: String, payload: [UInt8]) -> [UInt8] {
  let type = Array(payloadType.utf8)
  return Array("DSSEv1 \(type.count) ".utf8) + type + Array(" \(payload.count) ".utf8) + payload
}
