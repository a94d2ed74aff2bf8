import RigorousArithmetic
import TensorGraph

/// An affine map laid out for the propagation kernel: transposed, rows padded to the kernel's height.
///
/// A class, so that passing it counts one reference instead of one an array.
final class PackedLinear: Sendable {
  /// Rows that one pass of the kernel computes.
  static let blockRows = 4

  /// Number of results.
  let rows: Int
  /// `rows` rounded up to a multiple of `blockRows`.
  let paddedRows: Int
  /// Number of operands' elements.
  let columns: Int
  /// `W[i][k]` at `k * paddedRows + i`, zero in the padding.
  let transposed: [Double]
  /// `W[i][k]` at `i * paddedColumns + k`, zero in the padding: the transposed map for the same kernel.
  let straight: [Double]
  /// `columns` rounded up to a multiple of `blockRows`.
  let paddedColumns: Int
  /// Magnitudes of `transposed`.
  let magnitudes: [Double]
  /// Upper bounds of `magnitudes` in single precision; empty where there are too many columns for it.
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
    let block = PackedLinear.blockRows
    paddedRows = (rows + block - 1) / block * block
    var transposed = [Double](repeating: 0, count: paddedRows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        transposed[column * paddedRows + row] = linear.weights.values[row * columns + column]
      }
    }
    self.transposed = transposed
    paddedColumns = (columns + block - 1) / block * block
    var straight = [Double](repeating: 0, count: rows * paddedColumns)
    for row in 0..<rows {
      for column in 0..<columns {
        straight[row * paddedColumns + column] = linear.weights.values[row * columns + column]
      }
    }
    self.straight = straight
    magnitudes = transposed.map(\.magnitude)
    singleMagnitudes =
      columns <= SinglePrecision.maximumCount ? transposed.map { SinglePrecision.above($0.magnitude) } : []
    let gamma = DotProductBound.gamma(columns + 2)
    let bias = linear.bias.values + [Double](repeating: 0, count: paddedRows - rows)
    self.bias = bias
    self.gamma = gamma
    biasError = bias.map { gamma * $0.magnitude }
    backwardFactor = Swift.max(1, (DotProductBound.gamma(paddedRows + 2) / gamma).nextUp)
  }
}
