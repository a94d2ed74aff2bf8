import RigorousArithmetic
import TensorGraph

// Theorem: an interval with ends that are computed exactly, or rounded outwards, holds every result for operands in its
// operands (fundamental theorem of interval arithmetic). Sums, products, maxima and limits are exact while mantissas have
// no more than `Dyadic.precision` bits; functions are enclosed by the doubles of `SmoothFunction.enclosure`.

/// An integer times a power of two.
struct Dyadic: Sendable {
  /// Longest mantissa that is kept; a longer one is rounded to three quarters of it.
  static let precision = 1_024
  /// Numbers of this many binary places are rounded to fewer, and numbers beyond two to this power are out of reach.
  static let reach = 8_192

  let mantissa: BigInteger
  let exponent: Int

  init(_ mantissa: BigInteger, _ exponent: Int) {
    self.mantissa = mantissa
    self.exponent = mantissa.isZero ? 0 : exponent
  }

  /// The number as a rational one.
  var rational: Rational {
    exponent >= 0
      ? Rational(mantissa.shiftedLeft(by: exponent))
      : Rational(mantissa, over: .powerOfTwo(-exponent))
  }

  /// A number of few digits that is nowhere above (or below) this one; nil where it is out of reach.
  func rounded(up: Bool) -> Dyadic? {
    var cut = mantissa.bitWidth > Dyadic.precision ? mantissa.bitWidth - Dyadic.precision * 3 / 4 : 0
    cut = max(cut, -Dyadic.reach - exponent)
    var result = self
    if cut > 0 {
      result = Dyadic(
        up ? mantissa.ceilShifted(by: cut) : mantissa.floorShifted(by: cut), exponent + cut)
    }
    return result.exponent + result.mantissa.bitWidth > Dyadic.reach ? nil : result
  }

  static func + (a: Dyadic, b: Dyadic) -> Dyadic {
    if a.mantissa.isZero { return b }
    if b.mantissa.isZero { return a }
    let exponent = min(a.exponent, b.exponent)
    return Dyadic(
      a.mantissa.shiftedLeft(by: a.exponent - exponent) + b.mantissa.shiftedLeft(by: b.exponent - exponent),
      exponent)
  }

  static func * (a: Dyadic, b: Dyadic) -> Dyadic { Dyadic(a.mantissa * b.mantissa, a.exponent + b.exponent) }

  static prefix func - (a: Dyadic) -> Dyadic { Dyadic(-a.mantissa, a.exponent) }

  static func < (a: Dyadic, b: Dyadic) -> Bool { (a + -b).mantissa.isNegative }
}

/// A closed interval of such numbers; without ends nothing is known.
struct DyadicInterval: GraphScalar {
  /// Lower and upper end; nil where nothing is known.
  let ends: (low: Dyadic, high: Dyadic)?

  private init(_ ends: (low: Dyadic, high: Dyadic)?) {
    guard let ends, let low = ends.low.rounded(up: false), let high = ends.high.rounded(up: true) else {
      self.ends = nil
      return
    }
    self.ends = (low, high)
  }

  /// The interval around the numbers between two rational ones.
  init(_ lower: Rational, _ upper: Rational) {
    func floor(_ value: Rational) -> Dyadic {
      let places = value.denominator.bitWidth - 1
      if value.denominator == .powerOfTwo(places) { return Dyadic(value.numerator, -places) }
      let shift = Dyadic.precision / 2
      return Dyadic(
        value.numerator.shiftedLeft(by: shift).floorDivided(by: value.denominator), -shift)
    }
    self.init((floor(lower), -floor(-upper)))
  }

  private init(_ interval: Interval) {
    guard let lower = Rational(exactly: interval.lower), let upper = Rational(exactly: interval.upper) else {
      self.init(nil)
      return
    }
    self.init(lower, upper)
  }

  init(dyadic value: Double) {
    guard let factor = Factor(value) else {
      self.init(nil)
      return
    }
    let number = Dyadic(
      BigInteger(isNegative: factor.isNegative, magnitude: [factor.mantissa]), factor.exponent)
    self.init((number, number))
  }

  static func + (left: DyadicInterval, right: DyadicInterval) -> DyadicInterval {
    guard let a = left.ends, let b = right.ends else { return DyadicInterval(nil) }
    return DyadicInterval((a.low + b.low, a.high + b.high))
  }

  static func * (left: DyadicInterval, right: DyadicInterval) -> DyadicInterval {
    guard let a = left.ends, let b = right.ends else { return DyadicInterval(nil) }
    let products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
    var (low, high) = (products[0], products[0])
    for product in products.dropFirst() {
      if product < low { low = product }
      if high < product { high = product }
    }
    return DyadicInterval((low, high))
  }

  func divided(by divisor: Divisor) -> DyadicInterval {
    guard let ends, let factor = Factor(divisor.value) else { return DyadicInterval(nil) }
    let size = BigInteger(isNegative: false, magnitude: [factor.mantissa])
    let places = Dyadic.precision / 2
    func floor(_ value: Dyadic) -> Dyadic {
      Dyadic(
        value.mantissa.shiftedLeft(by: places).floorDivided(by: size),
        value.exponent - places - factor.exponent)
    }
    let (low, high) = factor.isNegative ? (-ends.high, -ends.low) : (ends.low, ends.high)
    return DyadicInterval((floor(low), -floor(-high)))
  }

  func atLeast(_ bound: Double) -> DyadicInterval { greater(DyadicInterval(dyadic: bound)) }

  func atMost(_ bound: Double) -> DyadicInterval {
    negated.greater(DyadicInterval(dyadic: -bound)).negated
  }

  private var negated: DyadicInterval { DyadicInterval(ends.map { (-$0.high, -$0.low) }) }

  func greater(_ other: DyadicInterval) -> DyadicInterval {
    guard let a = ends, let b = other.ends else { return DyadicInterval(nil) }
    return DyadicInterval((a.low < b.low ? b.low : a.low, a.high < b.high ? b.high : a.high))
  }

  func sign() -> DyadicInterval {
    guard let ends else { return DyadicInterval(Interval(-1, 1)) }
    return DyadicInterval(
      (Dyadic(BigInteger(ends.low.mantissa.signum), 0), Dyadic(BigInteger(ends.high.mantissa.signum), 0)))
  }

  /// The magnitudes.
  var magnitude: DyadicInterval {
    guard let ends else { return self }
    if !ends.low.mantissa.isNegative { return self }
    if ends.high.mantissa.signum <= 0 { return negated }
    let high = ends.high < -ends.low ? -ends.low : ends.high
    return DyadicInterval((Dyadic(.zero, 0), high))
  }

  func applying(_ function: SmoothFunction) throws(GraphError) -> DyadicInterval {
    guard let ends else { throw GraphError.undefined("nothing is known of the operand of \(function.name)") }
    if function == .square { return magnitude * magnitude }
    let around = Interval(ends.low.rational.roundedDown, ends.high.rational.roundedUp)
    guard function.isDefined(on: around) else {
      throw GraphError.undefined("\(function.name) may not be defined")
    }
    return DyadicInterval(function.enclosure(over: around))
  }
}
