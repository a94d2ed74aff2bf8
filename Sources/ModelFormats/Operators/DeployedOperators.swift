import RigorousArithmetic
import TensorGraph

// Operators that programs compute in several ways, in numbers that are rounded.
//
// In deployed arithmetic the graph bounds what every way of computing may return: the real function by exact means, and
// behind it one map whose `RoundingAllowance` covers the roundings of all ways. Where the last map is no more than the
// identity, a way that follows the nodes before it is covered by their bounds, with no error of the last, and every other
// way by the last, with no error before: the bounds hold for each value by itself.
extension NetworkImport {
  /// Whether values are those that a program rounds.
  var isDeployed: Bool { builder.folding == .moves }

  /// The same value, which programs compute by another way that is off by at most so many roundings.
  ///
  /// What underflows on that way is less than `2^-119`, which the size of `2^-96` covers with `g(4) > 2^-23`.
  ///
  /// - Parameter size: a bound of the terms that the way adds and takes away again.
  mutating func allow(
    _ value: ImportedValue, roundings: Int, size: Double = 0, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    guard isDeployed else { return value }
    let count = value.extents.reduce(1, *)
    try charge(count, in: node)
    return try sparse(
      ImportedOperand(derived: value), to: value.extents, allowance: (roundings, { _ in size + 0x1p-96 }),
      in: node
    ) { [($0, 1)] }
  }

  /// `(x - mean) / sqrt(variance + epsilon) * scale + bias` as one map, for all ways of computing it; nil where numbers
  /// are not constant or so large or small that some way may leave the range of the format.
  ///
  /// Theorem. Let `a = scale / sqrt(variance + epsilon)`. Count the roundings of each term, `u = 2^-24` a rounding. The
  /// sum `variance + epsilon` of two rounded numbers is within two, so that the inverse of its root is within ten, of
  /// which eight are those of an elementary function. Ways are `((x - m) i) s + b`, also with a quotient in place of the
  /// inverse `i`; `(x - m) (s i) + b`; and `a x + (b - m a)`. A term in `x` passes at most one rounding of the difference,
  /// ten of the inverse, two products, that of `s` and that of the last sum: 15. A term in `m` passes at most 16, one in
  /// `b` three. So the result is off by at most `g(16) (|a x| + |a m| + |b|)`, and fused operations round less often.
  /// The doubles that stand for `a` and `b - m a` are off by less than one rounding more. A plain sum of one product
  /// counts `g(4)`, so that an allowance of 14 leaves one to spare.
  ///
  /// Underflow: a product is off by `2^-150` where it is subnormal, which later factors multiply, at most with
  /// `|s|`, `|a|` or the inverse root, each below `2^80`, and `x` by at most `2^-148` times itself as in other sums: `s`
  /// and `s i` are normal numbers. That is less than `g(18) 2^-96 (1 + |s| + |a|)`. Overflow: the inverse root is at most
  /// `2^20`, and sums count as unknown where `x`, `a x`, `a m` or `b` exceed `2^100`, so that every step is finite.
  mutating func deployedBatchNormalization(
    _ operand: ImportedOperand, epsilon: Double, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue? {
    let extents = operand.value.extents
    var numbers: [[Double]] = []
    for position in 1...4 {
      guard let values = try realOperand(position, of: node).value.tensor?.values, values.count == extents[1]
      else { return nil }
      numbers.append(values)
    }
    var channels: [ChannelMap] = []
    for channel in 0..<extents[1] {
      guard
        let map = ChannelMap(
          scale: numbers[0][channel], bias: numbers[1][channel], mean: numbers[2][channel],
          variance: numbers[3][channel], epsilon: epsilon)
      else { return nil }
      channels.append(map)
    }
    let inner = extents[2...].reduce(1, *)
    let channel = { (element: Int) in channels[element / inner % channels.count] }
    let count = extents.reduce(1, *)
    try charge(count, in: node)
    return try sparse(
      operand, to: extents, bias: (0..<count).map { channel($0).constant },
      allowance: (14, { channel($0).size }), in: node
    ) { [($0, channel($0).factor)] }
  }
}

/// What a batch normalization does with one channel: `factor * x + constant`.
private struct ChannelMap {
  let factor: Double
  let constant: Double
  /// Upper bound of `|a m| + |b|` and of what may underflow, divided by `g(18)`.
  let size: Double

  /// Nil for numbers outside of the range that the theorem asks for.
  init?(scale: Double, bias: Double, mean: Double, variance: Double, epsilon: Double) {
    let moved = Interval(variance) + Interval(epsilon)
    guard moved.lower >= 0x1p-40, moved.upper <= 0x1p100, scale == 0 || scale.magnitude >= 0x1p-60,
      scale.magnitude <= 0x1p60, bias.magnitude <= 0x1p60, mean.magnitude <= 0x1p60
    else { return nil }
    let exact = Interval(scale) / moved.squareRoot()
    let product = exact * Interval(mean)
    let sum = Interval(bias) - product
    let terms = Directed.addUp(product.magnitude, bias.magnitude)
    guard exact.width <= exact.magnitude * 0x1p-45, sum.width <= terms * 0x1p-45 else { return nil }
    factor = exact.midpoint
    constant = sum.midpoint
    let more = Directed.addUp(1, Directed.addUp(scale.magnitude, exact.magnitude))
    size = Directed.addUp(terms, Directed.multiplyUp(more, 0x1p-96))
  }
}
