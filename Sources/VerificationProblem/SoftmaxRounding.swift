package import TensorGraph

/// How far a softmax computed in single precision may lie from the real one of the same operands.
///
/// Semantics. With `m` the greatest of the operands `x_j` of a group, the program computes `t_j = x_j - m`, the exponentials
/// of these, their sum in any order, and the quotients by it, or the products with its reciprocal; for the logarithm
/// `t_i` minus the logarithm of the sum. Exponential and logarithm are within `functionUnits` of their value.
///
/// Theorem. Let `D_j = m - x_j`, `E_j = exp(-D_j)`, `Z = sum E_j` and `p_j = E_j / Z`; one `E_j` is 1, so `1 <= Z <= n`. The
/// difference `t_j` is off by at most `u D_j`, so that the computed exponential is off by at most
/// `E_j (8 u + 2 u D_j) + 2^-118`: for `D_j <= 2^10` since `|exp(u D_j) - 1| <= 1.01 u D_j`, and beyond since both are below
/// that number. The entropy `sum p_j (D_j + log Z)` is at most `log n`, and so is `sum p_j D_j`. So the sum is off by at most
/// `b (1 + 2 b)` times itself with `b = (8 + 2 log n + n) u <= 2^-6`, but for underflow. From
/// `p_i D_i <= D_i exp(-D_i) < 0.37` a quotient, with two roundings, is off by at most
/// `(p_i (8 u + b + 2 u) + 0.74 u) / (1 - b)`. A logarithm is off by at most
/// `u D_i + 8 u log n + 2 b + u |y_i|`, with `D_i <= |y_i|` for its value `y_i`, and `log n` and `|y_i|` as far off as these errors.
///
/// Not covered: exponentials without the shift by the greatest operand, and sums that are rescaled while they grow.
extension SingleRounding {
  /// Upper bound of the error of one result; infinite where nothing is known.
  ///
  /// - Parameters:
  ///   - operands: upper bound of the magnitudes of the operands.
  ///   - value: upper bound of the magnitude of the exact result.
  package static func softmax(_ softmax: Softmax, operands: Double, value: Double) -> Double {
    guard operands <= greatest / 4, value <= greatest / 4 else { return .infinity }
    // One element has the value 1 or 0, and a difference of zero is exact.
    guard softmax.size > 1 else { return functionUnits * unit * 4 }
    let count = Double(softmax.size)
    // `log n` by the number of binary digits.
    let logarithm = Double(Int.bitWidth - softmax.size.leadingZeroBitCount) * 0.6932
    let sum = (functionUnits + 2 * logarithm + count) * unit
    guard sum <= 0x1p-6 else { return .infinity }
    let units =
      softmax.isLogarithm
      ? 2 * value + functionUnits * (logarithm + 1) + 2 * sum / unit
      : value * (functionUnits + sum / unit + 2) + 0.74
    return units * unit * (1 + 4 * sum) * (1 + 0x1p-12) + 0x1p-110
  }
}
