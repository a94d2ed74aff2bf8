// Theorem (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, lemmas 3.1 and 8.2;
// section 2.8 for underflow). Let fl(x . y) be the inner product of two vectors of length n computed
// with rounding to nearest in any order of summation, with or without fused multiply-add, from terms
// that do not overflow. Each x_i y_i passes at most n roundings (its product and n - 1 sums; fused
// operations only merge them), so with g(n) = n u / (1 - n u), n u < 1,
//     fl(x . y) = sum of x_i y_i (1 + theta_i) + e,   |theta_i| <= g(n),
// where e collects underflow: a sum of two numbers of the format is exact if it is subnormal, and a
// product or fused operation adds at most half the smallest subnormal s, which then passes at most
// n - 1 roundings. So |e| <= n (s / 2) (1 + g(n)) <= n s if n u <= 1/2. Hence
//     |fl(x . y) - x . y| <= g(n) |x| . |y| + n s.
// Further, if S = fl(|x| . |y|) is computed in any order, then |x| . |y| <= (S + n s) / (1 - g(n)).
// Starting from a zero or a bias term counts as one more term, with factor 1.

/// A-priori bounds of the rounding error of inner products, rounded upwards.
package enum DotProductBound {
  /// The unit roundoff 2^-53 of Double.
  package static let unitRoundoff = 0x1p-53
  /// The smallest subnormal 2^-1074 of Double.
  package static let smallestSubnormal = 0x1p-1074

  /// An upper bound of g(n) = n u / (1 - n u) for length n >= 0; infinity if n u >= 1/2.
  ///
  /// The unit roundoff u is a power of two: 2^-53 for Double, 2^-24 for Float.
  package static func gamma(_ n: Int, unitRoundoff u: Double = unitRoundoff) -> Double {
    precondition(n >= 0 && u > 0, "length and unit roundoff of an inner product must be positive")
    let product = Directed.multiplyUp(integerUp(n), u)
    return product < 0.5 ? Directed.divideUp(product, Directed.subtractDown(1, product)) : .infinity
  }

  /// An upper bound of n s for length n >= 0, exact up to n = 2^53.
  ///
  /// s is the smallest subnormal of the format, a power of two (2^-1074 for Double, 2^-149 for Float).
  /// Valid with `gamma` where that is finite.
  package static func underflow(_ n: Int, smallestSubnormal s: Double = smallestSubnormal) -> Double {
    precondition(n >= 0 && s > 0, "length and subnormal of an inner product must be positive")
    // A multiple of 2^-1074 with at most 53 significant bits is a Double, so the product is exact.
    return integerUp(n) * s
  }

  /// An upper bound of |fl(x y) - x y| for inner products in Double, given S = fl(|x| |y|).
  ///
  /// S may be summed in any order. Infinity if S is not finite or negative, or if n is too large for `gamma`.
  package static func error(length n: Int, absoluteProduct s: Double) -> Double {
    let (g, tiny) = (gamma(n), underflow(n))
    guard s >= 0 && s < .infinity && g < 1 else { return .infinity }
    let exact = Directed.divideUp(Directed.addUp(s, tiny), Directed.subtractDown(1, g))
    return Directed.addUp(Directed.multiplyUp(g, exact), tiny)
  }

  /// An upper bound of n as a Double; exact up to 2^53.
  private static func integerUp(_ n: Int) -> Double {
    let value = Double(n)
    return value > 0x1p53 ? value.nextUp : value
  }
}
