import DiffusionModels
import RigorousArithmetic
import Testing

@Suite("noise schedules")
struct NoiseScheduleTests {
  @Test("enclosures hold the exact products and are one step of doubles wide", arguments: [1, 2, 3, 10, 40])
  func linear(count: Int) throws {
    let (start, end) = (ratio(1, 10_000), ratio(1, 50))
    let schedule = try NoiseSchedule(kind: .linear, start: start, end: end, stepCount: count)
    let doubles = schedule.alphaBars
    let enclosures = schedule.alphaBarEnclosures
    #expect(doubles.count == count && enclosures.count == count)
    var product = Rational.one
    for step in 0..<count {
      product = product * (.one - (start + (end - start) * ratio(step, max(count - 1, 1))))
      #expect(enclosures[step].contains(product))
      #expect(enclosures[step].upper <= enclosures[step].lower.nextUp)
      #expect(product.roundedDown.nextDown <= doubles[step] && doubles[step] <= product.roundedUp.nextUp)
    }
  }

  @Test("scaled schedules space the standard deviations evenly")
  func scaledLinear() throws {
    // The roots 1/100 and 1/10 are rational, so the exact products are too.
    let schedule = try NoiseSchedule(
      kind: .scaledLinear, start: ratio(1, 10_000), end: ratio(1, 100), stepCount: 10)
    var product = Rational.one
    for (step, enclosure) in schedule.alphaBarEnclosures.enumerated() {
      let deviation = ratio(1, 100) + ratio(9, 100) * ratio(step, 9)
      product = product * (.one - deviation * deviation)
      #expect(enclosure.contains(product))
      #expect(distance(schedule.alphaBars[step], product.roundedDown) <= 1)
    }
  }

  @Test("a thousand factors stay tight", arguments: NoiseSchedule.Kind.allCases)
  func long(kind: NoiseSchedule.Kind) throws {
    let schedule = try NoiseSchedule(
      kind: kind, start: ratio(85, 100_000), end: ratio(12, 1000), stepCount: 1000)
    let doubles = schedule.alphaBars
    for (step, enclosure) in schedule.alphaBarEnclosures.enumerated() {
      #expect(enclosure.upper <= enclosure.lower.nextUp)
      #expect(enclosure.lower.nextDown <= doubles[step] && doubles[step] <= enclosure.upper.nextUp)
    }
    #expect(zip(doubles, doubles.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test(
    "parameters outside their range are refused",
    arguments: [
      (ratio(0, 1), ratio(1, 2), 10), (ratio(-1, 2), ratio(1, 2), 10), (ratio(1, 2), ratio(1, 4), 10),
      (ratio(1, 2), ratio(1, 1), 10), (ratio(1, 2), ratio(1, 2), 0), (ratio(1, 2), ratio(1, 2), 1 << 20),
      (ratio(1, 2), ratio(1, 2), 65),
    ])
  func refusals(start: Rational, end: Rational, count: Int) throws {
    for kind in NoiseSchedule.Kind.allCases {
      let error = try #require(throws: DiffusionError.self) {
        try NoiseSchedule(kind: kind, start: start, end: end, stepCount: count)
      }
      #expect(error.code == .schedule)
    }
  }
}
