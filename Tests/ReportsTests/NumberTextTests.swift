import Reports
import RigorousArithmetic
import SeededDraws
import Testing

/// Bounds in few digits: rounded outwards, exactly, and by as little as the digits allow.
@Suite struct NumberTextTests {
  @Test(
    arguments: [
      (0.45, "0.45000", "0.45001"), (0.45.nextDown, "0.44999", "0.45000"), (0.5, "0.50000", "0.50000"),
      (0, "0.00000", "0.00000"), (-0.125, "-0.12500", "-0.12500"), (0.999999999, "0.99999", "1.00000"),
      (2.8e-9, "2.79e-09", "2.80e-09"), (1e-3, "0.00100", "0.00101"), (1e140, "1.00e+140", "1.01e+140"),
      (-1e-300, "-1.01e-300", "-1.00e-300"), (.leastNonzeroMagnitude, "4.94e-324", "5e-324"),
    ])
  func bounds(value: Double, down: String, up: String) {
    #expect(NumberText.down(value) == down)
    #expect(NumberText.up(value) == up)
  }

  @Test func infinitiesHaveSigns() {
    #expect(NumberText.down(-.infinity) == "-∞")
    #expect(NumberText.up(.infinity) == "∞")
  }

  /// A bound that meets what is asked does not look as if it did not, nor one that misses it as if it met it.
  @Test func limitsKeepTheirSide() throws {
    var generator = SeededGenerator(seed: 78)
    for _ in 0..<2_000 {
      let scale = [1e-12, 1e-5, 1e-2, 1, 1e3, 1e9][generator.below(6)]
      let text = NumberText.fixed(generator.uniform(-1, 1) * scale, 6)
      let limit = try #require(Rational(decimal: text))
      let gap = [0, 1e-17, 1e-12, 1e-7, 1e-6, 1e-3][generator.below(6)] * scale
      for value in [limit.roundedDown - gap, limit.roundedUp + gap] {
        let up = try #require(Rational(decimal: NumberText.up(value, beside: [limit])))
        let down = try #require(Rational(decimal: NumberText.down(value, beside: [limit])))
        #expect(limit < value || up <= limit, "\(value) \(limit)")
        #expect(value < limit || down >= limit, "\(value) \(limit)")
        #expect(down <= value && value <= up)
      }
    }
    let limit = try #require(Rational(decimal: "0.95"))
    #expect(NumberText.up(0.95, beside: [limit]) == "0.95000")
    #expect(NumberText.up(0.9499999, beside: [limit]) == "0.95000")
    #expect(NumberText.down(0.9500001, beside: [limit]) == "0.95000")
  }

  @Test func theExactValueLiesBetween() throws {
    var generator = SeededGenerator(seed: 77)
    for _ in 0..<2_000 {
      let scale = [1e-12, 1e-5, 1e-2, 1, 1e3, 1e9][generator.below(6)]
      let value = generator.uniform(-1, 1) * scale
      let down = try #require(Rational(decimal: NumberText.down(value)))
      let up = try #require(Rational(decimal: NumberText.up(value)))
      #expect(down <= value && value <= up)
      let width = (up - down).enclosure.upper
      #expect(width <= max(2e-5, value.magnitude / 50))
    }
  }
}
