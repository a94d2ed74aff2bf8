/// The 32-bit cyclic redundancy check of PNG and zlib: polynomial `0xEDB88320`, reflected, inverted at both ends.
package enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { word, _ in word & 1 == 1 ? word >> 1 ^ 0xEDB8_8320 : word >> 1 }
  }

  /// The checksum of bytes.
  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { word, byte in
      table[Int(UInt8(truncatingIfNeeded: word) ^ byte)] ^ word >> 8
    }
  }
}
