/// What an Ed25519 library may accept and a certificate must not (RFC 8032 section 5.1).
///
/// Under a public key of small order the verification equation holds for signatures that nobody made, for one
/// message in eight or for all of them, and libraries differ in whether they notice. A scalar S that is not
/// reduced, or a coordinate y ≥ p, gives one signature or key a second spelling.
enum EdwardsPointRules {
  /// Why an encoding is not a public key.
  enum Refusal: Error {
    case nonCanonical
    case smallOrder
  }

  /// p = 2^255 − 19, little end first.
  private static let prime: [UInt8] = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]

  /// L = 2^252 + 27742317777372353535851937790883648493, the order of the base point, little end first.
  static let order: [UInt8] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10,
  ]

  /// The y coordinates of the eight points whose order divides 8; x and −x share one.
  ///
  /// Order 1: y = 1. Order 2: y = −1. Order 4: y = 0. Order 8: the two roots ±y8.
  static let smallOrderCoordinates: [[UInt8]] = [
    [0x01] + [UInt8](repeating: 0, count: 31),
    [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
    [UInt8](repeating: 0, count: 32),
    [
      0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
      0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ],
    [
      0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
      0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
    ],
  ]

  /// Refuses an encoding of 32 bytes with y ≥ p or of a point of small order.
  static func check(publicKey: [UInt8]) throws(Refusal) {
    var coordinate = publicKey
    coordinate[31] &= 0x7F
    guard isLess(coordinate, than: prime) else { throw .nonCanonical }
    guard !smallOrderCoordinates.contains(coordinate) else { throw .smallOrder }
  }

  /// Whether the scalar S of a signature of 64 bytes is reduced, S < L.
  static func hasReducedScalar(signature: [UInt8]) -> Bool {
    isLess(Array(signature.suffix(32)), than: order)
  }

  private static func isLess(_ left: [UInt8], than right: [UInt8]) -> Bool {
    left.reversed().lexicographicallyPrecedes(right.reversed())
  }
}
