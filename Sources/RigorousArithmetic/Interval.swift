// Theorem (fundamental theorem of interval arithmetic): if every operation maps intervals to an
// interval that contains all results for operands in them, then so does any expression. The ranges
// of + - * / and the square root over boxes are attained at end points, which `Directed` bounds.

/// A closed interval of real numbers with Double end points, rounded outwards by every operation.
///
/// An infinite end point means unbounded. The invariant is lower <= upper, lower < infinity and
/// upper > -infinity, never NaN. An operation whose argument reaches outside its domain, and any
/// input that is NaN, gives `entire`, so a result is always an enclosure. Each end point is within
/// one or two steps of the best one.
package struct Interval: Hashable, Sendable {
  /// The lower end point; -infinity if unbounded below.
  package let lower: Double
  /// The upper end point; infinity if unbounded above.
  package let upper: Double

  /// The interval between two end points, lower <= upper; `entire` if either is NaN or if both are
  /// the same infinity.
  @inlinable
  package init(_ lower: Double, _ upper: Double) {
    if lower <= upper && lower < .infinity && upper > -.infinity {
      self.init(unchecked: lower, upper)
    } else {
      precondition(!(lower > upper), "interval with lower end above upper end")
      self = .entire
    }
  }

  /// The interval that holds one number only; `entire` if that is infinite or NaN.
  @inlinable
  package init(_ point: Double) {
    self.init(point, point)
  }

  /// The interval between end points read from outside; nil if they break the invariant.
  package init?(validating lower: Double, _ upper: Double) {
    guard lower <= upper, lower < .infinity, upper > -.infinity else { return nil }
    self.init(unchecked: lower, upper)
  }

  /// The tightest interval around a rational number.
  package init(_ value: Rational) {
    self = value.enclosure
  }

  @inlinable
  init(unchecked lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// All real numbers.
  @inlinable
  package static var entire: Interval { Interval(unchecked: -.infinity, .infinity) }
  /// The number zero.
  @inlinable
  package static var zero: Interval { Interval(unchecked: 0, 0) }
  /// The number one.
  @inlinable
  package static var one: Interval { Interval(unchecked: 1, 1) }
}

extension Interval {
  /// Whether both end points are finite.
  @inlinable
  package var isFinite: Bool { lower > -.infinity && upper < .infinity }

  /// Whether the interval holds one number only.
  @inlinable
  package var isPoint: Bool { lower == upper }

  /// An upper bound of upper - lower, within one step.
  @inlinable
  package var width: Double { Directed.subtractUp(upper, lower) }

  /// A Double inside the interval, near its middle if it is bounded.
  @inlinable
  package var midpoint: Double {
    if lower == -.infinity { return upper == .infinity ? 0 : Swift.min(upper, -.greatestFiniteMagnitude) }
    if upper == .infinity { return Swift.max(lower, .greatestFiniteMagnitude) }
    return Swift.min(Swift.max(0.5 * lower + 0.5 * upper, lower), upper)
  }

  /// The greatest absolute value of the members.
  @inlinable
  package var magnitude: Double { Swift.max(-lower, upper) }

  /// The least absolute value of the members.
  @inlinable
  package var mignitude: Double { Swift.max(0, Swift.max(lower, -upper)) }

  /// Whether the number is a member; false for NaN and infinities.
  @inlinable
  package func contains(_ value: Double) -> Bool { lower <= value && value <= upper && value.isFinite }

  /// Whether the rational number is a member, decided exactly.
  package func contains(_ value: Rational) -> Bool { lower <= value && value <= upper }

  /// Whether all members of the other interval are members.
  @inlinable
  package func contains(_ other: Interval) -> Bool { lower <= other.lower && other.upper <= upper }

  /// The smallest interval around both.
  @inlinable
  package func hull(_ other: Interval) -> Interval {
    Interval(unchecked: Swift.min(lower, other.lower), Swift.max(upper, other.upper))
  }

  /// The common members, or nil if there are none.
  @inlinable
  package func intersection(_ other: Interval) -> Interval? {
    let (low, high) = (Swift.max(lower, other.lower), Swift.min(upper, other.upper))
    return low <= high ? Interval(unchecked: low, high) : nil
  }

  /// The range of the smaller of two numbers.
  @inlinable
  package static func minimum(_ a: Interval, _ b: Interval) -> Interval {
    Interval(unchecked: Swift.min(a.lower, b.lower), Swift.min(a.upper, b.upper))
  }

  /// The range of the greater of two numbers.
  @inlinable
  package static func maximum(_ a: Interval, _ b: Interval) -> Interval {
    Interval(unchecked: Swift.max(a.lower, b.lower), Swift.max(a.upper, b.upper))
  }
}

extension Interval {
  /// The numbers with the other sign; exact.
  @inlinable
  package static prefix func - (a: Interval) -> Interval { Interval(unchecked: -a.upper, -a.lower) }

  /// An enclosure of the sums.
  @inlinable
  package static func + (a: Interval, b: Interval) -> Interval {
    Interval(unchecked: Directed.addDown(a.lower, b.lower), Directed.addUp(a.upper, b.upper))
  }

  /// An enclosure of the differences.
  @inlinable
  package static func - (a: Interval, b: Interval) -> Interval { a + -b }

  /// An enclosure of the products.
  @inlinable
  package static func * (a: Interval, b: Interval) -> Interval {
    if a.lower >= 0 {
      return Interval(
        unchecked: Directed.multiplyDown(b.lower >= 0 ? a.lower : a.upper, b.lower),
        Directed.multiplyUp(b.upper >= 0 ? a.upper : a.lower, b.upper))
    }
    if a.upper <= 0 { return -(-a * b) }
    if b.lower >= 0 {
      return Interval(
        unchecked: Directed.multiplyDown(a.lower, b.upper), Directed.multiplyUp(a.upper, b.upper))
    }
    if b.upper <= 0 { return -(a * -b) }
    return Interval(
      unchecked: Swift.min(
        Directed.multiplyDown(a.lower, b.upper), Directed.multiplyDown(a.upper, b.lower)),
      Swift.max(Directed.multiplyUp(a.lower, b.lower), Directed.multiplyUp(a.upper, b.upper)))
  }

  /// An enclosure of the quotients; `entire` if the divisor may be zero.
  @inlinable
  package static func / (a: Interval, b: Interval) -> Interval {
    if b.upper < 0 { return -a / -b }
    if b.lower <= 0 { return .entire }
    return Interval(
      unchecked: Directed.divideDown(a.lower, a.lower >= 0 ? b.upper : b.lower),
      Directed.divideUp(a.upper, a.upper >= 0 ? b.lower : b.upper))
  }

  /// An enclosure of the product with a finite Double.
  @inlinable
  package static func * (a: Double, b: Interval) -> Interval { Interval(a) * b }

  /// An enclosure of the squares, without negative members.
  @inlinable
  package func squared() -> Interval {
    let (low, high) = (mignitude, magnitude)
    return Interval(unchecked: Directed.multiplyDown(low, low), Directed.multiplyUp(high, high))
  }

  /// The absolute values; exact.
  @inlinable
  package func absoluteValue() -> Interval { Interval(unchecked: mignitude, magnitude) }

  /// An enclosure of the square roots; `entire` if a member is negative.
  @inlinable
  package func squareRoot() -> Interval {
    if lower < 0 { return .entire }
    return Interval(unchecked: Directed.squareRootDown(lower), Directed.squareRootUp(upper))
  }

  /// An enclosure of the product with 2^exponent.
  func scaled(byPowerOfTwo exponent: Int) -> Interval {
    // Each factor is a normal power of two, so a product is exact unless it leaves the normal range.
    var (result, rest) = (self, exponent)
    while rest != 0 {
      let step = Swift.max(-1022, Swift.min(1023, rest))
      let factor = Double(bitPattern: UInt64(step + 1023) << 52)
      result = result * Interval(unchecked: factor, factor)
      rest -= step
    }
    return result
  }
}

extension Interval: CustomStringConvertible {
  /// The interval as `[lower, upper]`; end points print with enough digits to read back exactly.
  package var description: String { "[\(lower), \(upper)]" }
}
