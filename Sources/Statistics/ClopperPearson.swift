// Theorem (Clopper and Pearson, Biometrika 26 (1934) 404-413): for X binomial (n, p), P(X >= k | p)
// increases and P(X <= k | p) decreases in p. The lower limit, the p with P(X >= k | p) = alpha,
// exceeds the true p with probability at most alpha, whatever p is; likewise the upper limit. Any
// smaller lower limit and any greater upper limit keep that. So a lower limit is proved by a
// rigorous upper bound of P(X >= k | p) that is at most alpha; how it was found does not matter.

package import RigorousArithmetic

/// Limits of a probability, each certified by a rigorous enclosure of a binomial tail.
package struct ConfidenceLimits: Hashable, Sendable {
  /// At most the exact lower limit; 0 where no event was seen or no lower limit was asked for.
  package let lower: Double
  /// At least the exact upper limit; 1 where only events were seen or no upper limit was asked for.
  package let upper: Double

  /// Both as an interval; limits of a confidence below one half may lie in the other order.
  package var range: Interval { Interval(min(lower, upper), max(lower, upper)) }
}

/// Exact confidence limits of the probability of an event.
package enum ClopperPearson {
  /// The greatest number of trials accepted; the cost grows with its square root.
  package static let maximumTrials = 1_000_000_000

  /// Which errors the confidence bounds.
  package enum Sides: Hashable, Sendable {
    /// Only the lower limit, wrong with probability at most 1 - confidence.
    case lower
    /// Only the upper limit, wrong with probability at most 1 - confidence.
    case upper
    /// Both limits, each wrong with probability at most (1 - confidence) / 2.
    case both
  }

  /// The limits after seeing `events` in `trials` independent trials.
  ///
  /// Limits are within a relative 10^-9 of the exact ones if those exceed 2^-260 and the confidence is
  /// at most 1 - 10^-200; they are valid in any case. No trials give [0, 1]. Nil unless 0 <= events <= trials <= `maximumTrials` and 0 < confidence < 1.
  package static func limits(
    events: Int, trials: Int, confidence: Rational, sides: Sides = .both
  ) -> ConfidenceLimits? {
    guard events >= 0, events <= trials, trials <= maximumTrials else { return nil }
    guard confidence.signum > 0, confidence < .one else { return nil }
    let error = .one - confidence
    let share = sides == .both ? error * Rational(.one, over: BigInteger(2)) : error
    let alpha = share.roundedDown
    return ConfidenceLimits(
      lower: sides == .upper ? 0 : lowerLimit(events, trials, alpha),
      upper: sides == .lower ? 1 : upperLimit(events, trials, alpha))
  }

  private static func lowerLimit(_ k: Int, _ n: Int, _ alpha: Double) -> Double {
    if k == 0 { return 0 }
    // Invariant: P(X >= k | low) <= alpha is proved.
    var (low, high) = (0.0, 1.0)
    while let middle = nextProbe(low, high, tolerance: 0x1p-40 * low) {
      let tail = BinomialTail.atLeast(k, trials: n, probability: middle, resolution: resolution(alpha))
      if tail.upper <= alpha { low = middle } else { high = middle }
    }
    return low
  }

  private static func upperLimit(_ k: Int, _ n: Int, _ alpha: Double) -> Double {
    if k == n { return 1 }
    // Invariant: P(X <= k | high) <= alpha is proved.
    var (low, high) = (0.0, 1.0)
    while let middle = nextProbe(low, high, tolerance: 0x1p-40 * high) {
      let tail = BinomialTail.atMost(k, trials: n, probability: middle, resolution: resolution(alpha))
      if tail.upper <= alpha { high = middle } else { low = middle }
    }
    return high
  }

  /// The middle of the bracket, or nil once it is narrower than the tolerance or than 2^-300.
  private static func nextProbe(_ low: Double, _ high: Double, tolerance: Double) -> Double? {
    high - low > max(tolerance, 0x1p-300) ? 0.5 * (low + high) : nil
  }

  /// Terms below this share of the greatest one are negligible against alpha.
  private static func resolution(_ alpha: Double) -> Double { max(alpha * 0x1p-60, 0x1p-1000) }
}
