import RigorousArithmetic
import SeededDraws
import Testing

private let overflowThreshold = Rational(.powerOfTwo(1024))

/// Whether the bounds enclose the exact value and each end point is within two steps of the best one.
private func isTightEnclosure(_ result: Interval, of exact: Rational) -> Bool {
  guard result.contains(exact) else { return false }
  let best = exact.enclosure
  return result.lower.nextUp.nextUp >= best.lower && result.upper.nextDown.nextDown <= best.upper
}

@Test func pointOperationsEncloseTheExactResultTightly() throws {
  var generator = SeededGenerator(seed: 1)
  for _ in 0..<20_000 {
    let (a, b) = (generator.awkwardDouble(), generator.awkwardDouble())
    let (x, y) = try (#require(Rational(exactly: a)), #require(Rational(exactly: b)))
    #expect(isTightEnclosure(Interval(a) + Interval(b), of: x + y), "\(a) + \(b)")
    #expect(isTightEnclosure(Interval(a) - Interval(b), of: x - y), "\(a) - \(b)")
    #expect(isTightEnclosure(Interval(a) * Interval(b), of: x * y), "\(a) * \(b)")
    if let quotient = x.divided(by: y) {
      #expect(isTightEnclosure(Interval(a) / Interval(b), of: quotient), "\(a) / \(b)")
    } else {
      #expect(Interval(a) / Interval(b) == .entire)
    }
  }
}

@Test func sumsAreTheBestEnclosures() throws {
  var generator = SeededGenerator(seed: 2)
  for _ in 0..<20_000 {
    let (a, b) = (generator.awkwardDouble(), generator.awkwardDouble())
    let exact = try #require(Rational(exactly: a)) + #require(Rational(exactly: b))
    #expect(Interval(a) + Interval(b) == exact.enclosure, "\(a) + \(b)")
  }
}

@Test func exactProductsAndQuotientsStayPoints() {
  for (a, b) in [(3.0, 5.0), (0.75, -1.25), (1 / 3.0, 2), (1 / 3.0, 0.125), (1e300, 0), (1e5, 1e5)] {
    #expect(Interval(a) * Interval(b) == Interval(a * b))
  }
  for (a, b) in [(1.0, 2.0), (15, -5), (1 / 3.0, 4), (0, 7.5), (1e10, 1e5)] {
    #expect(Interval(a) / Interval(b) == Interval(a / b))
  }
}

@Test func intervalOperationsContainAllResultsOfMembers() throws {
  var generator = SeededGenerator(seed: 3)
  for _ in 0..<8_000 {
    let (a, b) = (generator.interval(), generator.interval())
    let members: (Interval) -> [Double] = { [$0.lower, $0.midpoint, $0.upper] }
    for p in members(a) {
      let x = try #require(Rational(exactly: p))
      #expect((-a).contains(-x) && a.absoluteValue().contains(x.magnitude) && a.squared().contains(x * x))
      #expect(a.contains(p) && a.contains(x))
      for q in members(b) {
        let y = try #require(Rational(exactly: q))
        #expect((a + b).contains(x + y), "\(a) + \(b)")
        #expect((a - b).contains(x - y), "\(a) - \(b)")
        #expect((a * b).contains(x * y), "\(a) * \(b)")
        if let quotient = x.divided(by: y) { #expect((a / b).contains(quotient), "\(a) / \(b)") }
        #expect(Interval.minimum(a, b).contains(min(x, y)) && Interval.maximum(a, b).contains(max(x, y)))
        #expect(a.hull(b).contains(x) && a.hull(b).contains(y))
        let isCommon = a.contains(y) && b.contains(y)
        #expect((a.intersection(b)?.contains(y) ?? false) == isCommon)
      }
    }
    let exactWidth = try #require(Rational(exactly: a.upper)) - #require(Rational(exactly: a.lower))
    #expect(a.width == exactWidth.roundedUp)
  }
}

@Test func squareRootsEncloseAndRecogniseSquares() throws {
  var generator = SeededGenerator(seed: 4)
  for _ in 0..<20_000 {
    let value = generator.awkwardDouble().magnitude
    let x = try #require(Rational(exactly: value))
    let root = Interval(value).squareRoot()
    let (low, high) = try (#require(Rational(exactly: root.lower)), #require(Rational(exactly: root.upper)))
    #expect(low.signum >= 0 && low * low <= x && x <= high * high, "\(value)")
    #expect(root.upper <= root.lower.nextUp.nextUp)
  }
  #expect(Interval(9).squareRoot() == Interval(3))
  #expect(Interval(0x1p-1074).squareRoot().contains(0x1p-537))
  #expect(Interval(-1, 4).squareRoot() == .entire)
}

@Test func unboundedAndUndefinedOperandsStayEnclosures() {
  let positive = Interval(2, .infinity)
  #expect(Interval(.nan) == .entire)
  #expect(Interval(.infinity) == .entire)
  #expect(Interval(-.infinity, -.infinity) == .entire)
  #expect(Interval(validating: 1, 0) == nil && Interval(validating: 0, .nan) == nil)
  #expect(positive + positive == Interval(4, .infinity))
  #expect(positive - positive == .entire)
  #expect(positive * Interval(-1, 3) == .entire)
  #expect(positive * .zero == .zero)
  #expect(Interval.one / positive == Interval(0, 0.5))
  #expect(-Interval.one / positive == Interval(-0.5, 0))
  #expect(Interval.one / Interval(0, 1) == .entire)
  #expect(Interval.entire / positive == .entire)
  #expect(Interval.entire.squared() == Interval(0, .infinity))
  let greatest = Interval(.greatestFiniteMagnitude)
  #expect(greatest + greatest == Interval(.greatestFiniteMagnitude, .infinity))
  #expect(greatest * -greatest == Interval(-.infinity, -.greatestFiniteMagnitude))
  let tiny = Interval(.leastNonzeroMagnitude)
  #expect(tiny * tiny == Interval(0, .leastNonzeroMagnitude))
  #expect(tiny / greatest == Interval(0, .leastNonzeroMagnitude))
  #expect(-tiny * tiny == Interval(-.leastNonzeroMagnitude, 0))
  #expect(overflowThreshold.enclosure == Interval(.greatestFiniteMagnitude, .infinity))
  #expect(Interval.entire.midpoint == 0 && positive.contains(positive.midpoint))
}
