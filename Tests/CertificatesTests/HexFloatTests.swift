import Certificates
import SeededDraws
import Testing

@Suite struct HexFloatTests {
  @Test(
    arguments: [
      (0.0, "0x0p+0"), (1, "0x1p+0"), (-1, "-0x1p+0"), (0.125, "0x1p-3"), (0.1875, "0x1.8p-3"),
      (0.1, "0x1.999999999999ap-4"),
      (1.0.nextUp, "0x1.0000000000001p+0"), (.greatestFiniteMagnitude, "0x1.fffffffffffffp+1023"),
      (.leastNormalMagnitude, "0x1p-1022"), (.leastNonzeroMagnitude, "0x0.0000000000001p-1022"),
      (-Double.leastNormalMagnitude.nextDown, "-0x0.fffffffffffffp-1022"), (1024, "0x1p+10"),
    ] as [(Double, String)])
  func knownSpellings(value: Double, text: String) throws {
    #expect(HexFloat.text(value) == text)
    #expect(try HexFloat.value(text).bitPattern == value.bitPattern)
  }

  @Test func everyFinitePatternReturnsExactly() throws {
    var generator = SeededGenerator(seed: 754)
    for round in 0..<60_000 {
      var pattern = generator.next()
      if round.isMultiple(of: 5) { pattern &= ~(0x7FF << 52) }
      if round.isMultiple(of: 3) { pattern &= ~0 << UInt64.random(in: 0...52, using: &generator) }
      let value = Double(bitPattern: pattern)
      guard value.isFinite, value.bitPattern != 1 << 63 else { continue }
      let text = try #require(HexFloat.text(value))
      guard try HexFloat.value(text).bitPattern == pattern, Double(text) == value else {
        Issue.record("pattern \(pattern) does not return from \(text)")
        return
      }
    }
  }

  @Test(arguments: ["nan", "NaN", "inf", "-inf", "Infinity", "-0x0p+0"])
  func nonFiniteTextIsRefused(text: String) {
    #expect(throws: HexFloat.Refusal.nonFinite) { try HexFloat.value(text) }
  }

  @Test(arguments: [
    "", "-", "0x", "0x1", "0x1p", "0x1p0", "0x1p+", "0x1p+00", "0x1p-0", "0x1p+1024", "0x1p-1023", "0x1.p+0",
    "0x1.0p+0",
    "0x1.80p-3", "0X1p+0", "0x1P+0", "0x1.Ap+0", "0x2p+0", "0x3p-4", "0x10p+0", "0x1.00000000000001p+0",
    "0x0.8p+0",
    "0x0.0p-1022", "0x0.1p-1021", "0x0p-1022", "+0x1p+0", " 0x1p+0", "0x1p+0 ", "0x1p++0", "0x1p+1_0", "1.5",
    "0",
    "--0x1p+0", "0x1p-9223372036854775808", "0x1p+9223372036854775807", "0x1.8p-3\0", "0x1．8p-3",
    "0x1.8p-99999999999999999999999999999999999999",
  ])
  func otherSpellingsAreRefused(text: String) {
    #expect(throws: HexFloat.Refusal.spelling) { try HexFloat.value(text) }
  }

  @Test func nonFiniteValuesHaveNoText() {
    #expect(HexFloat.text(.nan) == nil)
    #expect(HexFloat.text(.infinity) == nil)
    #expect(HexFloat.text(-.infinity) == nil)
    #expect(HexFloat.text(-0.0) == "0x0p+0")
  }
}
