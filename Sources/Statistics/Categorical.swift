// Theorem: for a uniform variate m / 2^53 and cumulative shares C_j, m / 2^53 < C_j iff
// m < ceil(2^53 C_j), so the thresholds below decide exactly. As m runs over the odd integers below
// 2^53 with equal frequency, each category's frequency differs from its share by at most 2^-52.

package import RigorousArithmetic

/// A law on finitely many categories with exact rational weights.
package struct Categorical: Hashable, Sendable {
  /// ceil(2^53 C_j) for each category j.
  private let thresholds: [UInt64]

  /// The law with shares in proportion to the weights; nil if a weight is negative or none is positive.
  package init?(weights: [Rational]) {
    guard weights.allSatisfy({ $0.signum >= 0 }) else { return nil }
    let total = weights.reduce(.zero, +)
    let scale = Rational(.powerOfTwo(53))
    var (cumulative, thresholds) = (Rational.zero, [UInt64]())
    for weight in weights {
      cumulative = cumulative + weight
      guard let share = (cumulative * scale).divided(by: total) else { return nil }
      let (quotient, remainder) = share.numerator.divMod(share.denominator)
      guard let floor = quotient.asInt() else { return nil }
      thresholds.append(UInt64(floor) + (remainder.isZero ? 0 : 1))
    }
    if thresholds.isEmpty { return nil }
    self.thresholds = thresholds
  }

  /// The number of categories.
  package var count: Int { thresholds.count }

  /// The category of the uniform variate m / 2^53, m below 2^53.
  package func category(numerator m: UInt64) -> Int {
    precondition(m < 1 << 53, "uniform numerator out of range")
    var (low, high) = (0, thresholds.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if m < thresholds[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
