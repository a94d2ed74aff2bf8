import RigorousArithmetic
import TensorGraph

/// An affine map laid out for the kernel: in blocks of `blockRows` results, of each block one operand's weights after the
/// other, so that the kernel reads a block from one end to the other.
///
/// A class, so that passing it counts one reference instead of one an array.
final class PackedLinear: Sendable {
  /// Rows that one pass of the kernel computes, a power of two.
  static let blockRows = 4

  /// Number of results.
  let rows: Int
  /// `rows` rounded up to a multiple of `blockRows`.
  let paddedRows: Int
  /// Number of operands' elements.
  let columns: Int
  /// `W[i][k]` at `place(result: i, operand: k, of: columns)`, zero in the padding.
  let forward: [Double]
  /// `W[i][k]` at `place(result: k, operand: i, of: rows)`, zero in the padding: the transposed map for the same kernel.
  let backward: [Double]
  /// `columns` rounded up to a multiple of `blockRows`.
  let paddedColumns: Int
  /// Magnitudes of `forward`.
  let magnitudes: [Double]
  /// Upper bounds of the magnitudes in single precision, that of `W[i][k]` at `k * paddedRows + i`; empty where there are
  /// too many columns for it.
  let singleMagnitudes: [Float]
  /// Bias, padded with zeros.
  let bias: [Double]
  /// `gamma` times the magnitudes of `bias`.
  let biasError: [Double]
  /// Upper bound of the relative error of a dot product of one row plus bias, in any order.
  let gamma: Double
  /// At least 1 and at least the ratio of the relative error of a product with the transposed map to `gamma`.
  let backwardFactor: Double

  init(_ linear: Linear) {
    rows = linear.outputCount
    columns = linear.inputCount
    paddedRows = PackedLinear.padded(rows)
    paddedColumns = PackedLinear.padded(columns)
    var forward = [Double](repeating: 0, count: paddedRows * columns)
    var backward = [Double](repeating: 0, count: paddedColumns * rows)
    let hasSingles = columns <= SinglePrecision.maximumCount
    var singles = [Float](repeating: SinglePrecision.above(0), count: hasSingles ? paddedRows * columns : 0)
    for row in 0..<rows {
      for column in 0..<columns {
        let weight = linear.weights.values[row * columns + column]
        forward[PackedLinear.place(result: row, operand: column, of: columns)] = weight
        backward[PackedLinear.place(result: column, operand: row, of: rows)] = weight
        if hasSingles { singles[column * paddedRows + row] = SinglePrecision.above(weight.magnitude) }
      }
    }
    self.forward = forward
    self.backward = backward
    magnitudes = forward.map(\.magnitude)
    singleMagnitudes = singles
    let gamma = DotProductBound.gamma(columns + 2)
    let bias = linear.bias.values + [Double](repeating: 0, count: paddedRows - rows)
    self.bias = bias
    self.gamma = gamma
    biasError = bias.map { gamma * $0.magnitude }
    backwardFactor = Swift.max(1, (DotProductBound.gamma(paddedRows + 2) / gamma).nextUp)
  }

  /// `count` rounded up to a multiple of `blockRows`.
  static func padded(_ count: Int) -> Int { (count + blockRows - 1) / blockRows * blockRows }

  /// Where a weight stands among those of a map of `count` operands.
  @inline(__always)
  static func place(result: Int, operand: Int, of count: Int) -> Int {
    let within = result & (blockRows &- 1)
    return (result &- within) &* count &+ operand &* blockRows &+ within
  }
}
