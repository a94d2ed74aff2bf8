// Theorem: let Q(x) = 1 - Phi(x), a = k/64 the grid point next to x >= 0 and t = x - a. By Taylor,
// Q(a + t) = sum of c_n t^n for n < 8 plus at most |Q^(8)| H^8 / 8! over |t| <= H, with c_0 = Q(a) and
// c_n = (-1)^n He_(n-1)(a) phi(a) / n! (He_n the probabilists' Hermite polynomials, whose recurrence
// is He_(n+1) = x He_n - n He_(n-1)).
// The polynomial is evaluated in plain Doubles, u = 2^-53. The error of the result is at most the sum
// of: the half widths of the coefficients' enclosures times H^n; the Taylor remainder; u H sup phi for
// the rounding of t; g(16) times the sum of |c_n| H^n over n >= 1 for the polynomial t (c_1 + ...),
// where no coefficient passes more than 16 roundings (Higham, Accuracy and Stability of Numerical
// Algorithms, lemma 3.1); u times the largest result for the last addition; 2^-1060 for underflow in
// the fewer than 16 products, each off by at most 2^-1075 and scaled by less than 2^8.
// The table holds that sum for each cell, computed in interval arithmetic.

/// Rigorous and fast enclosures of standard normal probabilities.
///
/// Up to 9 standard deviations a probability costs one table cell per end point and has relative
/// error of a few 2^-53 in the tails too, since it is taken on the side where it is small; beyond,
/// the continued fraction of `Interval.normalUpperTail` is evaluated.
package enum NormalMass {
  /// An enclosure of Phi(x), within [0, 1]; infinities give 0 and 1, NaN gives [0, 1].
  package static func cdf(_ x: Double) -> Interval {
    if x < 0 { return upperTail(-x) }
    let tail = upperTail(x)
    return Interval(unchecked: Directed.subtractDown(1, tail.upper), Directed.subtractUp(1, tail.lower))
  }

  /// An enclosure of Phi(b) - Phi(a) for a <= b, within [0, 1]; NaN gives [0, 1].
  ///
  /// Without cancellation in the tails: end points on one side of zero are subtracted on that side.
  package static func mass(from a: Double, to b: Double) -> Interval {
    precondition(!(a > b), "normal mass between end points in the wrong order")
    guard a < b else { return a == b ? .zero : Interval(unchecked: 0, 1) }
    if a >= 0 { return difference(upperTail(a), upperTail(b)) }
    if b <= 0 { return difference(upperTail(-b), upperTail(-a)) }
    let (left, right) = (upperTail(-a), upperTail(b))
    let lower = Directed.subtractDown(1, Directed.addUp(left.upper, right.upper))
    let upper = Directed.subtractUp(1, Directed.addDown(left.lower, right.lower))
    return Interval(unchecked: max(lower, 0), min(upper, 1))
  }

  private static func difference(_ large: Interval, _ small: Interval) -> Interval {
    Interval(
      unchecked: max(Directed.subtractDown(large.lower, small.upper), 0),
      max(Directed.subtractUp(large.upper, small.lower), 0))
  }

  /// An enclosure of 1 - Phi(x) for x >= 0; NaN gives [0, 1].
  package static func upperTail(_ x: Double) -> Interval {
    precondition(!(x < 0), "upper tail of the normal law at a negative number")
    guard x <= tableLimit else {
      if x.isNaN { return Interval(unchecked: 0, 1) }
      return x == .infinity ? .zero : Interval.normalUpperTail(x)
    }
    let index = Int(x * 64 + 0.5)
    let cell = table[index]
    let t = x - Double(index) * 0x1p-6
    let square = t * t
    let low = cell.c1 + cell.c2 * t + (cell.c3 + cell.c4 * t) * square
    let high = cell.c5 + cell.c6 * t + cell.c7 * square
    let value = cell.c0 + t * (low + high * (square * square))
    // The results are normal and far from overflow, so neighbours bound the rounded sums.
    return Interval(unchecked: (value - cell.error).nextDown, min((value + cell.error).nextUp, 0.5))
  }

  private static let tableLimit = 9.0
  private static let table: [Cell] = (0...576).map { Cell(index: $0) }

  /// The Taylor coefficients of Q at index/64 and the bound of the whole error in |t| <= H.
  private struct Cell: Sendable {
    let c0, c1, c2, c3, c4, c5, c6, c7: Double
    let error: Double

    init(index: Int) {
      // Rounding of 64 x + 1/2 can move x by a little more than half a cell: H covers it.
      let halfWidth = Interval(0x1.00001p-7)
      let center = Interval(Double(index) / 64)
      let cell = center + Interval(unchecked: -halfWidth.upper, halfWidth.upper)
      let exact = Self.coefficients(at: center)
      let rounded = exact.map(\.midpoint)
      var (power, spread, size) = (Interval.one, Interval.zero, Interval.zero)
      for (n, pair) in zip(exact, rounded).enumerated() {
        spread = spread + (pair.0 - Interval(pair.1)).absoluteValue() * power
        if n > 0 { size = size + Interval(abs(pair.1)) * power }
        power = power * halfWidth
      }
      let remainder = Self.derivativeOverFactorial(8, at: cell).absoluteValue() * power
      let argument = Interval(0x1p-53) * halfWidth * cell.normalPDF()
      let evaluation = Interval(DotProductBound.gamma(16)) * size
      let addition = Interval(0x1p-52) * (Interval(rounded[0]) + size)
      let total = spread + remainder + argument + evaluation + addition + Interval(0x1p-1060)
      (c0, c1, c2, c3) = (rounded[0], rounded[1], rounded[2], rounded[3])
      (c4, c5, c6, c7) = (rounded[4], rounded[5], rounded[6], rounded[7])
      error = total.upper
    }

    private static func coefficients(at a: Interval) -> [Interval] {
      [Interval.normalUpperTail(a.lower)] + (1..<8).map { derivativeOverFactorial($0, at: a) }
    }

    /// An enclosure of Q^(n)(x) / n! = (-1)^n He_(n-1)(x) phi(x) / n!, n >= 1.
    private static func derivativeOverFactorial(_ n: Int, at x: Interval) -> Interval {
      var (previous, hermite, factorial) = (Interval.zero, Interval.one, 1.0)
      for degree in 1..<n {
        (previous, hermite) = (hermite, x * hermite - Interval(Double(degree - 1)) * previous)
        factorial *= Double(degree + 1)
      }
      let value = hermite * x.normalPDF() / Interval(factorial)
      return n & 1 == 0 ? value : -value
    }
  }
}
