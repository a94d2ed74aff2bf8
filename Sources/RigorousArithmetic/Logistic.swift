// Theorem: sigmoid x = 1 / (1 + e^-x) = e^x / (1 + e^x), and e / (1 + e) increases in e. For x >= 0,
// tanh x = E / (E + 2) with E = e^(2x) - 1, which increases in E, and tanh x = 1 - 2 / (1 + e^(2x));
// tanh is odd, and 0 <= tanh x <= min(x, 1) there. Both functions are increasing.

extension Interval {
  /// An enclosure of the logistic function 1 / (1 + e^-x) over the members, within [0, 1].
  package func sigmoid() -> Interval {
    mapIncreasing(Self.logistic)
  }

  /// An enclosure of the hyperbolic tangent over the members, within [-1, 1].
  package func tanh() -> Interval {
    mapIncreasing { $0 < 0 ? -Self.hyperbolicTangent(-$0) : Self.hyperbolicTangent($0) }
  }

  private static func logistic(_ x: Double) -> Interval {
    if x >= 0 {
      let result = .one / (.one + exponential(of: -x, plus: .zero))
      return Interval(unchecked: result.lower, Swift.min(result.upper, 1))
    }
    let e = exponential(of: x, plus: .zero)
    return Interval(
      unchecked: Directed.divideDown(e.lower, Directed.addUp(1, e.lower)),
      Directed.divideUp(e.upper, Directed.addDown(1, e.upper)))
  }

  /// An enclosure of tanh x for x >= 0.
  private static func hyperbolicTangent(_ x: Double) -> Interval {
    let upperBound = Swift.min(x, 1)
    let y = 2 * x
    if y > 0.35 {
      let result = .one - Interval(2) / (.one + exponential(of: y, plus: .zero))
      return Interval(unchecked: result.lower, Swift.min(result.upper, upperBound))
    }
    let e = Interval(y) * exponentialQuotient(Interval(y))
    return Interval(
      unchecked: Directed.divideDown(e.lower, Directed.addUp(e.lower, 2)),
      Swift.min(Directed.divideUp(e.upper, Directed.addDown(e.upper, 2)), upperBound))
  }
}
