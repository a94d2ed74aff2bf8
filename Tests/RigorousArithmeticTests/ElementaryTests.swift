import CMPFR
import RigorousArithmetic
import SeededDraws
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// Random points per function; DSPEC_MPFR_POINTS asks for more.
private let pointCount: Int = {
  guard let text = getenv("DSPEC_MPFR_POINTS") else { return 100_000 }
  return Int(String(cString: text)) ?? 100_000
}()

private func arguments(of function: ElementaryFunction) -> [Double] {
  var generator = SeededGenerator(seed: 30)
  var points: [Double] = []
  for knot in function.knots + [0, 1, -1] {
    var (below, above) = (knot, knot)
    for _ in 0..<4 {
      points += [below, above]
      (below, above) = (below.nextDown, above.nextUp)
    }
    points += [knot * (1 - 0x1p-30), knot * (1 + 0x1p-30)]
  }
  for _ in 0..<10_000 { points.append(generator.awkwardDouble()) }
  // Magnitudes spread over all scales below one.
  for _ in 0..<10_000 {
    let scale = Double(sign: .plus, exponent: -Int(generator.next() % 80), significand: 1)
    points.append(Double.random(in: -1...1, using: &generator) * scale)
  }
  for _ in 0..<pointCount { points.append(Double.random(in: function.range, using: &generator)) }
  return points.filter { function.domain.contains($0) }
}

/// What the enclosures of one function did at all points.
private struct Record {
  var misses: [Double] = []
  var widest = (relative: 0.0, point: 0.0)

  mutating func note(_ enclosure: Interval, at x: Double, _ reference: Reference) {
    if !reference.isIn(enclosure) { misses.append(x) }
    let value = reference.value.magnitude
    // Below 2^-1010 an end point cannot be relatively accurate; above the finite range it is infinite.
    if value > 0x1p-1010 && value < .infinity {
      let relative = enclosure.width / value
      if relative > widest.relative { widest = (relative, x) }
    } else if value < .infinity {
      #expect(enclosure.width <= 0x1p-1060, "\(enclosure) at \(x)")
    }
  }

  func check(_ name: String, maximumRelativeWidth: Double) {
    #expect(misses.isEmpty, "\(name) misses the value at \(misses.prefix(5))")
    #expect(widest.relative <= maximumRelativeWidth, "\(name) at \(widest.point)")
    if getenv("DSPEC_MPFR_POINTS") != nil { print("\(name): widest \(widest)") }
  }
}

@Test(arguments: ElementaryFunction.all)
func elementaryFunctionsEncloseTheMPFRValue(function: ElementaryFunction) {
  let reference = Reference(precision: function.isSlow && getenv("DSPEC_MPFR_POINTS") == nil ? 100 : 200)
  var (record, fastRecord) = (Record(), Record())
  for x in arguments(of: function) {
    reference.evaluate(function.reference, at: x)
    record.note(function.enclosure(x), at: x, reference)
    if let fast = function.fast { fastRecord.note(fast(x), at: x, reference) }
  }
  record.check(function.name, maximumRelativeWidth: function.maximumRelativeWidth)
  if function.fast != nil {
    fastRecord.check("fast " + function.name, maximumRelativeWidth: function.fastMaximumRelativeWidth)
  }
}

@Test(arguments: ElementaryFunction.all)
func elementaryFunctionsEncloseValuesOfMembers(function: ElementaryFunction) {
  var generator = SeededGenerator(seed: 31)
  let reference = Reference()
  let points = arguments(of: function)
  for _ in 0..<1_500 {
    let index = Int(generator.next() % UInt64(points.count))
    let other =
      generator.next() % 2 == 0 ? points[index] + 2 * Double.random(in: 0...1, using: &generator) : 0
    guard function.domain.contains(other) else { continue }
    let interval = Interval(min(points[index], other), max(points[index], other))
    let enclosure: Interval
    switch function.name {
    case "exp": enclosure = interval.exp()
    case "log": enclosure = interval.log()
    case "logit": enclosure = interval.logit()
    case "sigmoid": enclosure = interval.sigmoid()
    case "tanh": enclosure = interval.tanh()
    case "erf": enclosure = interval.erf()
    case "normalCDF": enclosure = interval.normalCDF()
    case "normalPDF": enclosure = interval.normalPDF()
    case "cos": enclosure = interval.cos()
    case "sin": enclosure = interval.sin()
    default: continue
    }
    for _ in 0..<4 {
      let t = Double.random(in: 0...1, using: &generator)
      let member = min(max(interval.lower * (1 - t) + interval.upper * t, interval.lower), interval.upper)
      reference.evaluate(function.reference, at: member)
      #expect(reference.isIn(enclosure), "\(function.name) over \(interval) at \(member)")
    }
  }
}

@Test func constantsBracketTheirValues() {
  let reference = Reference()
  let check: (Interval, (Reference) -> Void) -> Void = {
    reference.evaluate($1, at: 2)
    #expect(reference.isIn($0) && $0.lower.nextUp == $0.upper)
  }
  check(.pi) { mpfr_const_pi($0.y, $0.nearest) }
  check(.ln2) { mpfr_const_log2($0.y, $0.nearest) }
  check(.squareRootOfTwo) { mpfr_sqrt($0.y, $0.x, $0.nearest) }
  check(.inverseSquareRootOfTwoPi) {
    mpfr_const_pi($0.y, $0.nearest)
    mpfr_mul($0.y, $0.y, $0.x, $0.nearest)
    mpfr_rec_sqrt($0.y, $0.y, $0.nearest)
  }
  check(.twoOverSquareRootOfPi) {
    mpfr_const_pi($0.y, $0.nearest)
    mpfr_rec_sqrt($0.y, $0.y, $0.nearest)
    mpfr_mul($0.y, $0.y, $0.x, $0.nearest)
  }
}

@Test func specialValuesAreExactOrTight() {
  #expect(Interval.zero.exp() == .one && Interval.one.log() == .zero)
  #expect(Interval(0.5).logit() == .zero && Interval.zero.sigmoid() == Interval(0.5))
  #expect(Interval.zero.tanh() == .zero && Interval.zero.erf() == .zero && Interval.zero.sin() == .zero)
  #expect(Interval.zero.cos() == .one && Interval.zero.normalCDF() == Interval(0.5))
  #expect(Interval(0.5, 0.5).logit().sigmoid() == Interval(0.5))
}

@Test func argumentsBeyondTheDomainGiveEnclosures() {
  #expect(Interval(-1, 2).log() == .entire && Interval.zero.log() == .entire)
  #expect(Interval(0, 1).log() == Interval(-.infinity, 0))
  #expect(Interval(1, .infinity).log() == Interval(0, .infinity))
  #expect(Interval(-0.1, 0.5).logit() == .entire && Interval(0.5, 1.1).logit() == .entire)
  #expect(Interval(0, 1).logit() == .entire && Interval(0, 0.5).logit() == Interval(-.infinity, 0))
  #expect(Interval.entire.exp() == Interval(0, .infinity))
  #expect(Interval.entire.sigmoid() == Interval(0, 1))
  #expect(Interval.entire.tanh() == Interval(-1, 1))
  #expect(Interval.entire.erf() == Interval(-1, 1) && Interval.entire.normalCDF() == Interval(0, 1))
  #expect(Interval.entire.normalPDF().lower == 0 && Interval.entire.normalPDF().upper < 0.3989422804014328)
  #expect(Interval.entire.cos() == Interval(-1, 1) && Interval(0x1p21).sin() == Interval(-1, 1))
  #expect(Interval(-0.1, 0.1).cos().upper == 1 && Interval(1, 2).sin().upper == 1)
  #expect(Interval(3, 4).cos().lower == -1 && Interval(4, 5).sin().lower == -1)
  #expect(Interval(0.5, 1.5).cos().upper < 0.88)
}
