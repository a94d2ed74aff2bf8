import Testing
import Training

@Suite struct SplitMix64Tests {
  /// First words of the published generator for the seed 1234567.
  @Test func wordsAreThePublishedOnes() {
    var generator = SplitMix64(seed: 1_234_567)
    let words = (0..<3).map { _ in generator.next() }
    #expect(words == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test func normalsHaveTheMomentsOfTheNormalLaw() {
    var generator = SplitMix64(seed: 8)
    let count = 100_000
    let values = (0..<count).map { _ in generator.normal() }
    let moments = (1...4).map { power in
      values.reduce(0) { sum, value in sum + (0..<power).reduce(1.0) { product, _ in product * value } }
        / Double(count)
    }
    // Five standard errors: sqrt(1, 2, 15, 96) / sqrt(count).
    for (moment, (expected, tolerance)) in zip(
      moments, [(0.0, 0.016), (1.0, 0.0224), (0.0, 0.0613), (3.0, 0.155)])
    {
      #expect(abs(moment - expected) < tolerance)
    }
  }

  @Test func integersFillTheirRange() {
    var generator = SplitMix64(seed: 9)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7_000 { counts[generator.integer(below: 7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 1_000) < 150 })
  }
}
