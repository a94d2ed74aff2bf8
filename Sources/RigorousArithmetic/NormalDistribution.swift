// Theorems, with phi(x) = e^(-x^2/2) / sqrt(2 pi) and Phi its integral from -infinity:
//  1. Phi(x) = 1/2 + phi(x) x M(x^2) and erf x = 2/sqrt(pi) e^(-x^2) x M(2 x^2), where
//     M(t) = sum of t^n / (1 3 5 ... (2n + 1)) (Abramowitz and Stegun 26.2.11, 7.1.6). Nested,
//     M = 1 + t/3 (1 + t/5 (1 + ...)), whose part from the factor t/(2n + 3) on lies between
//     1 and 1 / (1 - t / (2n + 3)).
//  2. For x > 0 the Mills ratio (1 - Phi(x)) / phi(x) is Laplace's continued fraction
//     1/(x + 1/(x + 2/(x + 3/(x + ...)))) (A&S 26.2.14). All its elements are positive, so the part
//     from the numerator n on lies between 0 and n / x.
//  3. erfc x = 2 (1 - Phi(x sqrt 2)), and erf = 1 - erfc; 1 - Phi falls.
//  4. For |x| = h + l, where h has at most 26 significant bits, h^2 is a Double (or underflows, below
//     2^-1000) and x^2 = h^2 + l (|x| + h).
// Rounding is covered by interval arithmetic. Phi and erf are increasing, phi is even and falls in
// |x|; erf is odd.

extension Interval {
  /// An enclosure of the standard normal density over the members.
  package func normalPDF() -> Interval {
    let (near, far) = (mignitude, magnitude)
    let top = Self.normalDensity(near)
    return near == far ? top : Interval(unchecked: Self.normalDensity(far).lower, top.upper)
  }

  /// An enclosure of the standard normal distribution function over the members, within [0, 1], of
  /// small relative width in both tails.
  ///
  /// `NormalMass` is the fast form.
  package func normalCDF() -> Interval {
    mapIncreasing { x in
      if x < 0 { return Self.normalUpperTail(-x) }
      if x < Self.seriesLimit { return Interval(0.5) + Self.normalCentralMass(x) }
      return .one - Self.normalUpperTail(x)
    }
  }

  /// An enclosure of the error function over the members, within [-1, 1].
  package func erf() -> Interval {
    mapIncreasing { $0 < 0 ? -Self.errorFunction(-$0) : Self.errorFunction($0) }
  }

  /// An enclosure of 1 - Phi(x) for x >= 0, of small relative width, within [0, 1/2].
  static func normalUpperTail(_ x: Double) -> Interval {
    if x > 40 { return Interval(unchecked: 0, .leastNonzeroMagnitude) }
    if x < seriesLimit { return Interval(0.5) - normalCentralMass(x) }
    return normalDensity(x) * millsRatio(Interval(x))
  }

  /// Where the series gives way to the continued fraction: the difference from 1/2 loses digits to
  /// the right of it, and the fraction converges slowly to the left.
  private static let seriesLimit = 1.0

  /// An enclosure of Phi(x) - 1/2 for 0 <= x <= 1.
  private static func normalCentralMass(_ x: Double) -> Interval {
    normalDensity(x) * (Interval(x) * centralSeries(Interval(x).squared()))
  }

  /// An enclosure of phi(x) for x >= 0.
  private static func normalDensity(_ x: Double) -> Interval {
    gaussian(x, factor: 0.5) * inverseSquareRootOfTwoPi
  }

  /// An enclosure of erf x for x >= 0.
  private static func errorFunction(_ x: Double) -> Interval {
    // erfc 6 < 2.2e-17 < 2^-55.
    if x > 6 { return Interval(unchecked: 1 - 0x1p-53, 1) }
    if x < 1.25 {
      let series = centralSeries(Interval(2) * Interval(x).squared())
      return twoOverSquareRootOfPi * Interval(x) * (gaussian(x, factor: 1) * series)
    }
    let argument = Interval(x) * squareRootOfTwo
    let tail = Interval(
      unchecked: NormalMass.upperTail(argument.upper).lower, NormalMass.upperTail(argument.lower).upper)
    return .one - Interval(2) * tail
  }

  /// An enclosure of e^(-factor x^2) for x >= 0 and factor 1/2 or 1.
  private static func gaussian(_ x: Double, factor: Double) -> Interval {
    if x > 40 { return Interval(unchecked: 0, .leastNonzeroMagnitude) }
    let head = Double(bitPattern: x.bitPattern & ~(1 << 27 - 1))
    // Below 2^-500 the square may underflow: then it is at most 2^-1000.
    if x < 0x1p-500 { return x == 0 ? .one : Interval(unchecked: 1 - 0x1p-53, 1) }
    let rest = Interval(x) - Interval(head)
    let correction = rest * (Interval(x) + Interval(head)) * Interval(-factor)
    return exponential(of: -factor * (head * head), plus: correction)
  }

  /// An enclosure of M(t), 0 <= t <= 4.
  private static func centralSeries(_ t: Interval) -> Interval {
    let count = 26
    precondition(t.lower >= 0 && t.upper <= 4, "argument of the central series out of range")
    let bound = Directed.divideUp(
      1, Directed.subtractDown(1, Directed.divideUp(t.upper, Double(2 * count + 3))))
    var result = Interval(unchecked: 1, bound)
    for n in (1...count).reversed() {
      result = .one + t / Interval(Double(2 * n + 1)) * result
    }
    return result
  }

  /// An enclosure of (1 - Phi(x)) / phi(x), x >= 1.
  private static func millsRatio(_ x: Interval) -> Interval {
    precondition(x.lower >= 1, "argument of the continued fraction out of range")
    // The number of terms only affects the width: the fraction converges like e^(-2 x sqrt n).
    let count = 20 + Int(420 / (x.lower * x.lower))
    var tail = Interval(unchecked: 0, Directed.divideUp(Double(count + 1), x.lower))
    for n in (1...count).reversed() {
      tail = Interval(Double(n)) / (x + tail)
    }
    return .one / (x + tail)
  }
}
