import RigorousArithmetic
import TensorGraph

/// A sparse map with what the rounding errors of its products rest on.
///
/// A class, so that passing it counts one reference instead of one an array.
final class PackedSparse: Sendable {
  let map: SparseMap
  /// Most entries of a row.
  let longestRow: Int
  /// Upper bound of the relative error of a dot product of one row plus bias, and of one column of the matrix, in any
  /// order; zero where every row and every column has at most one entry of magnitude one, whose products are exact.
  let gamma: Double

  init(_ map: SparseMap) {
    self.map = map
    var uses = [Int](repeating: 0, count: map.inputCount)
    for column in map.columns { uses[Int(column)] += 1 }
    longestRow = map.bias.indices.map { map.entries($0).count }.max() ?? 0
    let longest = Swift.max(longestRow, uses.max() ?? 0)
    gamma = map.isSelection && longest <= 1 ? 0 : DotProductBound.gamma(longest + 2)
  }
}
