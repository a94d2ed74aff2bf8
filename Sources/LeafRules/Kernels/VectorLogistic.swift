// Theorem. Let |x| <= 600 and u = 2^-53. With t = x log2(e) and k the integer nearest to it, both rounded,
// |x - k ln 2| <= 0.3467. The head of ln 2 has 41 bits and k at most 11, so k head is exact; its difference from x is off
// by at most 0.36 u, k times the rest, which is below 2^-31, by 2^-83, and their difference by 0.36 u: r is within 0.8 u
// of x - k ln 2, which changes e^r by a factor within 1 ± 0.9 u. The terms of e^r from r^14 / 14! on sum to less than
// 10^-17. Horner's rule with 13 products and sums and coefficients within u of 1 / n! is off by at most
// gamma(27) e^0.36 < 40 u, and e^r >= 0.69: the relative error of e^r is below 60 u, and so is that of e^x, since a product
// with a power of two is exact in the normal range. With the error of e^-|x| below 60 u, that of 1 / (1 + e^-|x|) is
// below 33 u and that of e^-|x| / (1 + e^-|x|) below 93 u.

/// Eight values of the exponential and of the logistic function at once, with a bound of their relative error that
/// holds by analysis of the operations; no function of the system takes part.
package enum VectorLogistic {
  /// Largest magnitude of an argument.
  package static var domain: Double { 600 }

  /// At least the relative error of every value, in the exact sense `|computed - true| <= relativeError * |true|`, with
  /// room for a few operations more.
  package static var relativeError: Double { 0x1p-46 }

  /// `e^x` for `|x| <= 600`.
  package static func exp(_ x: SIMD8<Double>) -> SIMD8<Double> {
    let shifted = x * 0x1.71547652b82fep+0 + 0x1.8p+52
    let k = shifted - 0x1.8p+52
    let r = (x - k * 0x1.62e42fefa2000p-1) - k * 0x1.9ef35793c7673p-41
    var sum = SIMD8<Double>(repeating: 0x1.6124613a86d09p-33)
    sum = sum * r + 0x1.1eed8eff8d898p-29
    sum = sum * r + 0x1.ae64567f544e4p-26
    sum = sum * r + 0x1.27e4fb7789f5cp-22
    sum = sum * r + 0x1.71de3a556c734p-19
    sum = sum * r + 0x1.a01a01a01a01ap-16
    sum = sum * r + 0x1.a01a01a01a01ap-13
    sum = sum * r + 0x1.6c16c16c16c17p-10
    sum = sum * r + 0x1.1111111111111p-7
    sum = sum * r + 0x1.5555555555555p-5
    sum = sum * r + 0x1.5555555555555p-3
    sum = sum * r + 0.5
    sum = sum * r + 1
    sum = sum * r + 1
    // The low bits of `shifted` hold k in two's complement; moved up they add k to an exponent.
    let bits = unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &<< 52
    let one = SIMD8<UInt64>(repeating: 0x3ff0_0000_0000_0000)
    return sum * unsafeBitCast(bits &+ one, to: SIMD8<Double>.self)
  }

  /// `1 / (1 + e^-x)` for `|x| <= 600`, and `e^-|x|`.
  package static func logistic(_ x: SIMD8<Double>) -> (value: SIMD8<Double>, decay: SIMD8<Double>) {
    let decay = exp(x.replacing(with: -x, where: x .> 0))
    let numerator = decay.replacing(with: 1, where: x .>= 0)
    return (numerator / (1 + decay), decay)
  }
}
