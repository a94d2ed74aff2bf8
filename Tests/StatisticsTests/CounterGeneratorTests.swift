import RigorousArithmetic
import Statistics
import Testing

private func generator(_ fill: UInt8 = 7) throws -> CounterGenerator {
  try #require(CounterGenerator(seed: [UInt8](repeating: fill, count: 32)))
}

@Test func blockMatchesRFC8439() throws {
  // Section 2.3.2: key 00 01 ... 1f, nonce 00 00 00 09 00 00 00 4a 00 00 00 00, counter 1.
  let generator = try #require(CounterGenerator(seed: (0..<32).map { UInt8($0) }))
  let expected: [UInt32] = [
    0xe4e7_f110, 0x1559_3bd1, 0x1fdd_0f50, 0xc471_20a3, 0xc7f4_d1c7, 0x0368_c033, 0x9aaa_2204, 0x4e6c_d4c3,
    0x4664_82d2, 0x09aa_9f07, 0x05d7_c214, 0xa202_8bd9, 0xd19c_12b5, 0xb94e_16de, 0xe883_d0cb, 0x4e3c_50a2,
  ]
  for lane in 0..<8 {
    let word = generator.word(stream: 0, index: 0x4a00_0000_0900_0000, lane: UInt32(8 + lane))
    #expect(word == UInt64(expected[2 * lane]) | UInt64(expected[2 * lane + 1]) << 32)
  }
}

@Test func blockMatchesRFC8439AppendixA() throws {
  // Appendix A.1, test vector 1: all zero.
  #expect(try generator(0).word(stream: 0, index: 0, lane: 0) == 0x903d_f1a0_ade0_b876)
  #expect(try generator(0).word(stream: 0, index: 0, lane: 1) == 0x28bd_8653_e56a_5d40)
  // Test vector 2: counter 1.
  #expect(try generator(0).word(stream: 0, index: 0, lane: 8) == 0x7a38_5155_bee7_079f)
}

@Test(arguments: [0, 31, 33])
func seedsOfOtherLengthsAreRefused(count: Int) {
  #expect(CounterGenerator(seed: [UInt8](repeating: 0, count: count)) == nil)
}

@Test func drawsEqualRandomAccessInAnyOrder() throws {
  let generator = try generator()
  var draws = generator.draws(stream: 3, index: 1 << 40)
  let sequence = (0..<50).map { _ in draws.word() }
  for lane in (0..<50).reversed() {
    #expect(generator.word(stream: 3, index: 1 << 40, lane: UInt32(lane)) == sequence[lane])
  }
}

@Test func inputsAreSeparated() throws {
  let (a, b) = try (generator(1), generator(2))
  var seen: Set<UInt64> = []
  for stream: UInt32 in [0, 1, .max] {
    for index: UInt64 in [0, 1, 1 << 32, .max] {
      for lane: UInt32 in [0, 1, 7, 8, .max] {
        seen.insert(a.word(stream: stream, index: index, lane: lane))
        seen.insert(b.word(stream: stream, index: index, lane: lane))
      }
    }
  }
  #expect(seen.count == 2 * 3 * 4 * 5)
}

@Test func uniformsAreOpenOddAndEven() throws {
  let generator = try generator()
  var buckets = [Int](repeating: 0, count: 16)
  for index in 0..<16_000 {
    let numerator = generator.uniformNumerator(stream: 0, index: UInt64(index), lane: 0)
    let u = generator.uniform(stream: 0, index: UInt64(index), lane: 0)
    #expect(numerator & 1 == 1 && numerator < 1 << 53 && u == Double(numerator) * 0x1p-53)
    #expect(u > 0 && u < 1)
    buckets[Int(u * 16)] += 1
  }
  // Chi-square with 15 degrees of freedom; the bound is exceeded with probability 10^-6.
  let statistic = buckets.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
  #expect(statistic < 56)
}
