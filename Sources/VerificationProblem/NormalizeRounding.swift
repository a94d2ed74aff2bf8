package import TensorGraph

/// How far a normalization computed in single precision may lie from the real one of the same operands.
///
/// Semantics. The program computes the mean `m` of a group as its sum, in any order, times or divided by the number `n` of
/// elements, the deviations `x_j - m`, the mean of their squares likewise, the square root of that plus epsilon, and its
/// reciprocal `r`. The result is `(x_i - m) r`, or the quotient, or `x_i r - m r`.
///
/// Theorem. Let `X` bound `|x_j|`, `u = 2^-24` and `g(k) = k u / (1 - k u)`. The mean is off by at most `g(n + 2) X`, a deviation
/// by at most `e = (g(n + 2) + 3 u) X`. Since `sqrt(|d|^2 / n + epsilon)` changes by at most as much as the greatest change of a
/// `d_j`, the computed root is `(1 + a)` times the real one with `|a| <= R e + g(n + 8)`, where `R` bounds the real reciprocal.
/// For `t = R e + g(n + 8) <= 2^-5` the computed `r` is off by at most `1.04 t + 2 u` of its value. So a result of magnitude `Y` is
/// off by at most `R e (1 + 2 t) + Y (1.04 t + 4 u)`, and in the third form by `5 u R X (1 + 2 t)` more.
/// What squares lose to underflow is below `2^-100` of the sum, which is at least `R^-2 >= 2^-40`.
///
/// Not covered: the variance as the mean of squares less the square of the mean, and running means.
extension SingleRounding {
  /// Upper bound of the error of one result; infinite where nothing is known.
  ///
  /// - Parameters:
  ///   - operands: upper bound of the magnitudes of the group's elements.
  ///   - inverse: upper bound of `1 / sqrt(variance + epsilon)`.
  ///   - value: upper bound of the magnitude of the exact result.
  package static func normalization(
    _ normalization: Normalization, operands: Double, inverse: Double, value: Double
  ) -> Double {
    guard operands <= 0x1p40, inverse <= 0x1p20, value <= 0x1p20 else { return .infinity }
    let deviation = (gamma(normalization.size + 2) + 3 * unit) * operands
    let root = inverse * deviation + gamma(normalization.size + 8)
    guard root <= 0x1p-5 else { return .infinity }
    let error =
      inverse * (deviation + 5 * unit * operands) * (1 + 2 * root) + value * (1.04 * root + 4 * unit)
    return error * (1 + 0x1p-10) + 0x1p-80
  }
}
