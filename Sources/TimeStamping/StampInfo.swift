import SwiftASN1

/// `TSTInfo` of RFC 3161 section 2.4.2: what an authority signs.
struct StampInfo {
  let hash: HashAlgorithm
  let imprint: [UInt8]
  let time: Moment
  /// How far the clock may be off, in seconds, rounded up; zero where it is not said.
  let accuracy: Int
  let policy: String
  let serial: [UInt8]

  init(der bytes: [UInt8]) throws {
    var fields = try Fields(der: bytes, "the timestamp")
    guard try fields.value(Int.self) == 1 else { throw Malformed("the timestamp is of another version") }
    policy = try fields.value(ASN1ObjectIdentifier.self).description
    var imprint = try fields.fields("the imprint")
    hash = try HashAlgorithm(AlgorithmIdentifier(try imprint.next()))
    self.imprint = Array(try imprint.value(ASN1OctetString.self).bytes)
    try imprint.end()
    serial = try fields.next().primitive("a serial number")
    time = Moment(try fields.value(GeneralizedTime.self))
    accuracy = try fields.optional(.sequence).map(Self.accuracy) ?? 0
    _ = fields.optional(.boolean)
    _ = fields.optional(.integer)
    _ = fields.optional(tag: 0)
    if let node = fields.optional(tag: 1) {
      var list = try Fields(node, "extensions", identifier: node.identifier)
      while !list.isAtEnd {
        let item = try AuthorityCertificate.Extension(try list.next())
        guard !item.isCritical else {
          throw Malformed("the timestamp has the critical extension `\(item.name)`, which is not understood")
        }
      }
    }
    try fields.end()
  }

  /// Seconds, milliseconds and microseconds, each of which may be left out.
  private static func accuracy(_ node: ASN1Node) throws -> Int {
    var fields = try Fields(node, "the accuracy")
    var seconds = 0
    if let whole = fields.optional(.integer) {
      guard let number = try? Int(derEncoded: whole), (0...86_400).contains(number) else {
        throw Malformed("the clock is off by more than a day")
      }
      seconds = number
    }
    let fractions = [fields.optional(tag: 0), fields.optional(tag: 1)].compactMap { $0 }
    try fields.end()
    return seconds + (fractions.isEmpty ? 0 : 1)
  }
}
