// Theorem: the probabilities t_j of the binomial law (n, p), 0 < p < 1, satisfy
// t_(j+1) / t_j = (n - j) / (j + 1) * p / (1 - p), which falls in j. Dividing all t_j by one of them
// leaves every quotient of sums unchanged, so sums of the rescaled terms over the sum of all give the
// tails without logarithms or powers. Walking away from the greatest term, the terms not visited after
// t_j sum to at most t_j r / (1 - r) where r < 1 is the ratio at j; the same holds downwards.
// Rounding, and underflow of terms, is covered by interval arithmetic.

import RigorousArithmetic

/// Rigorous enclosures of the tails of binomial laws.
enum BinomialTail {
  /// An enclosure of P(X <= k) for X binomial (n, p), 0 <= k < n <= 2^53 and 0 <= p <= 1.
  ///
  /// The absolute width is about `resolution` sqrt(n), besides a small relative width.
  static func atMost(_ k: Int, trials n: Int, probability p: Double, resolution: Double) -> Interval {
    split(after: k, trials: n, probability: p, resolution: resolution).atMost
  }

  /// An enclosure of P(X >= k) for X binomial (n, p), 0 < k <= n <= 2^53 and 0 <= p <= 1.
  static func atLeast(_ k: Int, trials n: Int, probability p: Double, resolution: Double) -> Interval {
    split(after: k - 1, trials: n, probability: p, resolution: resolution).above
  }

  private static func split(
    after k: Int, trials n: Int, probability p: Double, resolution: Double
  ) -> (atMost: Interval, above: Interval) {
    if p <= 0 { return (.one, .zero) }
    if p >= 1 { return (.zero, .one) }
    let odds = Interval(p) / (.one - Interval(p))
    let inverseOdds = (.one - Interval(p)) / Interval(p)
    let start = min(max(Int((Double(n) + 1) * p), 0), n)
    // Upwards the next term is number j + 1 of the law; downwards, number n - j + 1 of its mirror.
    let upwards = walk(
      steps: n - start, numerator: Double(n - start), denominator: Double(start + 1), odds: odds,
      before: max(0, k - start), resolution: resolution)
    let downwards = walk(
      steps: start, numerator: Double(start), denominator: Double(n - start + 1), odds: inverseOdds,
      before: max(0, start - k - 1), resolution: resolution)
    // The steps nearer to the start than the split belong to the start's side.
    let (atMost, above): (Interval, Interval)
    if start <= k {
      atMost = .one + downwards.near + downwards.far + upwards.near
      above = upwards.far
    } else {
      atMost = downwards.far
      above = .one + upwards.near + upwards.far + downwards.near
    }
    let total = atMost + above
    return (clamped(atMost / total), clamped(above / total))
  }

  /// The sums of the first `count` terms after the start (near) and of all later ones (far), as
  /// multiples of the start's term; the ratio of step i is (numerator - i) / (denominator + i) * odds.
  private static func walk(
    steps: Int, numerator: Double, denominator: Double, odds: Interval, before count: Int, resolution: Double
  ) -> (near: Interval, far: Interval) {
    var (near, far, term) = (Interval.zero, Interval.zero, Interval.one)
    for i in 0..<steps {
      let ratio = Interval(numerator - Double(i)) * odds / Interval(denominator + Double(i))
      if term.upper <= resolution && ratio.upper < 1 {
        let rest = Interval(0, (term * ratio / (.one - ratio)).upper)
        return (i < count ? near + rest : near, far + rest)
      }
      term = term * ratio
      if i < count { near = near + term } else { far = far + term }
    }
    return (near, far)
  }

  private static func clamped(_ value: Interval) -> Interval {
    Interval(min(max(value.lower, 0), 1), min(value.upper, 1))
  }
}
