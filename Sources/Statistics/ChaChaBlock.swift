// Specification: RFC 8439, sections 2.1 to 2.3 (ChaCha20 block function). The 4 x 4 state is held by
// rows; a column round is one quarter round on whole rows, and a diagonal round is a column round on
// rows turned by 0, 1, 2 and 3 places.

/// The ChaCha20 block function: a keyed map from 128 input bits to 512 output bits.
enum ChaChaBlock {
  /// The output words of one block, four to a row.
  struct Output: Equatable, Sendable {
    var rows: (SIMD4<UInt32>, SIMD4<UInt32>, SIMD4<UInt32>, SIMD4<UInt32>)

    /// The 32-bit output word at position 0 to 15.
    subscript(position: Int) -> UInt32 {
      switch position >> 2 {
      case 0: rows.0[position & 3]
      case 1: rows.1[position & 3]
      case 2: rows.2[position & 3]
      default: rows.3[position & 3]
      }
    }

    static func == (a: Output, b: Output) -> Bool { a.rows == b.rows }
  }

  /// The block for a key of eight little-endian words and an input of counter and nonce (words 12 to
  /// 15 of the state).
  static func output(key: SIMD8<UInt32>, input: SIMD4<UInt32>) -> Output {
    let start = (
      SIMD4<UInt32>(0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574), key.lowHalf, key.highHalf, input
    )
    var (a, b, c, d) = start
    for _ in 0..<10 {
      quarterRound(&a, &b, &c, &d)
      (b, c, d) = (turned(b, by: 1), turned(c, by: 2), turned(d, by: 3))
      quarterRound(&a, &b, &c, &d)
      (b, c, d) = (turned(b, by: 3), turned(c, by: 2), turned(d, by: 1))
    }
    return Output(rows: (a &+ start.0, b &+ start.1, c &+ start.2, d &+ start.3))
  }

  @inline(__always)
  private static func quarterRound(
    _ a: inout SIMD4<UInt32>, _ b: inout SIMD4<UInt32>, _ c: inout SIMD4<UInt32>, _ d: inout SIMD4<UInt32>
  ) {
    a = a &+ b
    d = rotated(d ^ a, by: 16)
    c = c &+ d
    b = rotated(b ^ c, by: 12)
    a = a &+ b
    d = rotated(d ^ a, by: 8)
    c = c &+ d
    b = rotated(b ^ c, by: 7)
  }

  @inline(__always)
  private static func rotated(_ row: SIMD4<UInt32>, by bits: UInt32) -> SIMD4<UInt32> {
    row &<< SIMD4(repeating: bits) | row &>> SIMD4(repeating: 32 - bits)
  }

  @inline(__always)
  private static func turned(_ row: SIMD4<UInt32>, by places: Int) -> SIMD4<UInt32> {
    SIMD4(row[places & 3], row[(places + 1) & 3], row[(places + 2) & 3], row[(places + 3) & 3])
  }
}
