import SeededDraws

/// Mutations of bytes that know nothing of what they mean.
enum ByteMutation {
  /// Applies a few of them.
  ///
  /// - Parameter donors: Contents of which pieces may be spliced in.
  static func apply(to bytes: [UInt8], donors: [[UInt8]], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...(generator.once(in: 3) ? generator.below(4) : 0) { once(&bytes, donors, &generator) }
    return bytes
  }

  private static func once(_ bytes: inout [UInt8], _ donors: [[UInt8]], _ generator: inout SeededGenerator) {
    guard !bytes.isEmpty else {
      bytes = [generator.byte()]
      return
    }
    let index = generator.below(bytes.count)
    switch generator.below(12) {
    case 0, 1, 2: bytes[index] ^= 1 << UInt8(generator.below(8))
    case 3: bytes[index] = generator.byte()
    case 4: bytes.insert(generator.byte(), at: index)
    case 5: bytes.remove(at: index)
    case 6: bytes.removeSubrange(index..<min(bytes.count, index + 1 + generator.below(32)))
    case 7: bytes.removeSubrange(index...)
    case 8:
      guard let donor = generator.pick(donors), !donor.isEmpty else { return }
      let start = generator.below(donor.count)
      let piece = donor[start..<min(donor.count, start + 1 + generator.below(64))]
      bytes.replaceSubrange(
        index..<min(bytes.count, index + (generator.once(in: 2) ? piece.count : 0)), with: piece)
    case 9:
      let end = min(bytes.count, index + 1 + generator.below(64))
      bytes.insert(contentsOf: bytes[index..<end], at: generator.below(bytes.count))
    case 10: number(&bytes, at: index, &generator)
    default: digit(&bytes, &generator)
    }
  }

  /// Eight bytes become a number at which arithmetic may go wrong.
  private static func number(_ bytes: inout [UInt8], at index: Int, _ generator: inout SeededGenerator) {
    guard index + 8 <= bytes.count else { return }
    var bits: UInt64 = 0
    for offset in (0..<8).reversed() { bits = bits << 8 | UInt64(bytes[index + offset]) }
    let isInteger = generator.once(in: 2)
    let new =
      isInteger
      ? [bits &+ 1, bits &- 1, 0, .max, 1 << 62, UInt64(generator.below(300))][generator.below(6)]
      : generator.double(near: Double(bitPattern: bits)).bitPattern
    for offset in 0..<8 { bytes[index + offset] = UInt8(truncatingIfNeeded: new >> (8 * UInt64(offset))) }
  }

  /// A digit of a text becomes another one, so that texts often stay well formed.
  private static func digit(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
    guard let index = generator.pick(digits) else { return }
    bytes[index] = 0x30 + UInt8(generator.below(10))
  }
}
