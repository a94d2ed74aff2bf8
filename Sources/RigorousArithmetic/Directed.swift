// Theorem: let f be the value of + - * / or square root rounded to nearest (IEEE 754), where f may
// have overflowed to an infinity or underflowed. The exact value lies strictly between the two
// neighbours of f, so f.nextDown and f.nextUp bound it. f itself bounds it on both sides when the
// operation is exact, which is shown here in two ways.
//  1. Sums: Knuth's two-sum (TAOCP 2, 4.2.2, theorem B) yields the error of a + b exactly; the only
//     exceptions are overflows of an intermediate value, and any of these leaves an infinite or NaN
//     error. Sums never underflow inexactly.
//  2. Products: if the significands of a and b have i and j trailing zero bits of 53 and
//     i + j >= 53, the exact product has at most 53 significant bits, hence is a Double if it lies in
//     the normal range. It does so if its rounded value lies strictly inside that range, since
//     rounding is monotone. A quotient q (a root r) is exact if q * b (r * r) is such a product and
//     equals the operand.
// An infinite operand stands for an unbounded end point: 0 times infinity is 0 there.

/// Arithmetic on Doubles rounded downwards or upwards, within one step of the exact result.
///
/// The results are lower or upper bounds for all inputs other than NaN; operands are end points of
/// intervals, so that infinite operands stand for unbounded end points.
package enum Directed {
  /// A lower bound of a + b: the greatest one unless a + b overflows.
  @inlinable
  package static func addDown(_ a: Double, _ b: Double) -> Double {
    let sum = a + b
    let error = sumError(a, b, sum)
    return error >= 0 && error < .infinity ? sum : sum.nextDown
  }

  /// An upper bound of a + b: the least one unless a + b overflows.
  @inlinable
  package static func addUp(_ a: Double, _ b: Double) -> Double {
    let sum = a + b
    let error = sumError(a, b, sum)
    return error <= 0 && error > -.infinity ? sum : sum.nextUp
  }

  /// A lower bound of a - b.
  @inlinable
  package static func subtractDown(_ a: Double, _ b: Double) -> Double { addDown(a, -b) }

  /// An upper bound of a - b.
  @inlinable
  package static func subtractUp(_ a: Double, _ b: Double) -> Double { addUp(a, -b) }

  /// A lower bound of a * b, equal to it if theorem 2 shows the product exact, else one step below.
  @inlinable
  package static func multiplyDown(_ a: Double, _ b: Double) -> Double {
    let product = a * b
    if isInNormalRange(product) {
      return isExactProduct(a, b) ? product : product.nextDown
    }
    if a == 0 || b == 0 { return 0 }
    if product == 0 { return (a < 0) == (b < 0) ? 0 : -Double.leastNonzeroMagnitude }
    return product.nextDown
  }

  /// An upper bound of a * b, equal to it if theorem 2 shows the product exact, else one step above.
  @inlinable
  package static func multiplyUp(_ a: Double, _ b: Double) -> Double { -multiplyDown(-a, b) }

  /// A lower bound of a / b for b other than zero, equal to it if theorem 2 shows the quotient exact.
  @inlinable
  package static func divideDown(_ a: Double, _ b: Double) -> Double {
    let quotient = a / b
    if isInNormalRange(quotient) {
      let isExact = isExactProduct(quotient, b) && quotient * b == a && isInNormalRange(a)
      return isExact ? quotient : quotient.nextDown
    }
    if a == 0 { return 0 }
    if quotient == 0 { return (a < 0) == (b < 0) ? 0 : -Double.leastNonzeroMagnitude }
    return quotient.nextDown
  }

  /// An upper bound of a / b for b other than zero, equal to it if theorem 2 shows the quotient exact.
  @inlinable
  package static func divideUp(_ a: Double, _ b: Double) -> Double { -divideDown(-a, b) }

  /// A lower bound of the square root of a >= 0; a root is never subnormal and never overflows.
  ///
  /// IEEE 754 requires the rounded square root to be correct, like + - * /.
  @inlinable
  package static func squareRootDown(_ a: Double) -> Double {
    let root = a.squareRoot()
    return root == 0 || isExactRoot(root, of: a) ? root : root.nextDown
  }

  /// An upper bound of the square root of a >= 0.
  @inlinable
  package static func squareRootUp(_ a: Double) -> Double {
    let root = a.squareRoot()
    return root == 0 || isExactRoot(root, of: a) ? root : root.nextUp
  }

  /// The exact error (a + b) - sum where sum = fl(a + b), if it is finite.
  @inlinable
  package static func sumError(_ a: Double, _ b: Double, _ sum: Double) -> Double {
    let other = sum - a
    return (a - (sum - other)) + (b - other)
  }

  @inlinable
  static func isInNormalRange(_ x: Double) -> Bool {
    x.magnitude > .leastNormalMagnitude && x.magnitude < .infinity
  }

  /// Whether trailing zero bits alone show that the significand of a * b fits in 53 bits.
  @inlinable
  static func isExactProduct(_ a: Double, _ b: Double) -> Bool {
    // A fraction field of zero (a power of two) counts 64 bits, which is at least the 52 it has.
    let mask: UInt64 = 1 << 52 - 1
    return (a.bitPattern & mask).trailingZeroBitCount + (b.bitPattern & mask).trailingZeroBitCount >= 53
  }

  @inlinable
  static func isExactRoot(_ root: Double, of a: Double) -> Bool {
    isExactProduct(root, root) && root * root == a && isInNormalRange(a)
  }
}
