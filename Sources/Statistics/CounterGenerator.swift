// Theorem: every (stream, index, lane) is a distinct input (block counter, nonce, word) of ChaCha20
// under the seed as key, so its value depends on nothing else: not on order, threads or machine. That
// the words are as good as independent and uniform is the usual assumption on ChaCha20.
//
// A uniform variate is m / 2^53 with m an odd 53-bit integer from the top 52 bits of a word. It lies
// strictly between 0 and 1, is symmetric about 1/2, and its distribution function differs from the
// uniform one by at most 2^-53.

/// A counter-based random generator: random access to the variates of a seed.
package struct CounterGenerator: Hashable, Sendable {
  private let key: SIMD8<UInt32>

  /// The generator of a seed of 32 bytes; nil for another length.
  package init?(seed: some Collection<UInt8>) {
    guard seed.count == 32 else { return nil }
    var words = SIMD8<UInt32>()
    for (i, byte) in seed.enumerated() { words[i / 4] |= UInt32(byte) << UInt32(8 * (i % 4)) }
    key = words
  }

  /// The 64-bit word of a stream at a sample index and a lane.
  ///
  /// In terms of RFC 8439: the block counter is lane / 8, the nonce is the index (low word first)
  /// followed by the stream, and the word is number lane % 8 of the block, little-endian.
  package func word(stream: UInt32, index: UInt64, lane: UInt32) -> UInt64 {
    Self.word(of: block(stream: stream, index: index, lane: lane), lane: lane)
  }

  /// The odd 53-bit integer m of the uniform variate m / 2^53.
  package func uniformNumerator(stream: UInt32, index: UInt64, lane: UInt32) -> UInt64 {
    Self.numerator(of: word(stream: stream, index: index, lane: lane))
  }

  /// A uniform variate in the open interval (0, 1), a multiple of 2^-53.
  package func uniform(stream: UInt32, index: UInt64, lane: UInt32) -> Double {
    Double(uniformNumerator(stream: stream, index: index, lane: lane)) * 0x1p-53
  }

  /// The words of one stream and index in order of their lanes, starting with lane 0.
  package func draws(stream: UInt32, index: UInt64) -> Draws {
    Draws(generator: self, stream: stream, index: index)
  }

  private func block(stream: UInt32, index: UInt64, lane: UInt32) -> ChaChaBlock.Output {
    let input = SIMD4(
      lane >> 3, UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), stream)
    return ChaChaBlock.output(key: key, input: input)
  }

  private static func word(of block: ChaChaBlock.Output, lane: UInt32) -> UInt64 {
    let position = Int(lane & 7) * 2
    return UInt64(block[position]) | UInt64(block[position + 1]) << 32
  }

  private static func numerator(of word: UInt64) -> UInt64 { (word >> 12) << 1 | 1 }
}

extension CounterGenerator {
  /// The variates of one stream and index, lane after lane; equal to random access at those lanes.
  package struct Draws: Sendable {
    private let generator: CounterGenerator
    private let stream: UInt32
    private let index: UInt64
    private var current: ChaChaBlock.Output
    /// The lane of the next word; 2^32 words are available.
    package private(set) var lane: UInt32 = 0

    fileprivate init(generator: CounterGenerator, stream: UInt32, index: UInt64) {
      (self.generator, self.stream, self.index) = (generator, stream, index)
      current = generator.block(stream: stream, index: index, lane: 0)
    }

    /// The next 64-bit word.
    package mutating func word() -> UInt64 {
      let result = CounterGenerator.word(of: current, lane: lane)
      lane += 1
      if lane & 7 == 0 { current = generator.block(stream: stream, index: index, lane: lane) }
      return result
    }

    /// The odd 53-bit integer m of the next uniform variate m / 2^53.
    package mutating func uniformNumerator() -> UInt64 { CounterGenerator.numerator(of: word()) }

    /// The next uniform variate in the open interval (0, 1), a multiple of 2^-53.
    package mutating func uniform() -> Double { Double(uniformNumerator()) * 0x1p-53 }

    /// The next standard normal variate.
    package mutating func normal() -> Double { Variate.normal(uniform()) }
  }
}
