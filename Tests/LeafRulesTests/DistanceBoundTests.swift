import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Distances of a square, of a line and of a point from the origin: bounds on both sides, and never beyond.
@Suite struct DistanceBoundTests {
  private static func distance(_ norm: Norm, start: Int = 0, from point: [Double] = [0, 0]) -> Quantity {
    .distance(start: start, point: point, norm: norm)
  }

  /// On `[3, 4] x [4, 5]`: from 5 to the root of 41, from 7 to 9, and from 4 to 5.
  private static func square(
    _ norm: Norm, _ comparison: Comparison, _ limit: Double, isShown: Bool = false
  ) -> ClaimRow {
    ClaimRow(
      "\(norm) on a square", on: [3...4, 4...5], of: distance(norm), comparison, limit,
      accepts: isShown ? ClaimRow.correlated : []
    ) { $1 }
  }

  /// `(1 + t, 1 - t)` for `t` from -1 to 1.
  private static func line(_ builder: inout GraphBuilder, _ x: Int) throws -> Int {
    try builder.linear([1, -1], columns: 1, bias: [1, 1], of: x)
  }

  static let rows: [ClaimRow] = [
    square(.l2, .greaterOrEqual, 4.99, isShown: true), square(.l2, .greaterOrEqual, 5.0000001),
    square(.l2, .lessOrEqual, 6.41, isShown: true), square(.l2, .lessOrEqual, 6.4031),
    square(.l1, .greaterOrEqual, 6.9999999, isShown: true), square(.l1, .greaterOrEqual, 7.0000001),
    square(.l1, .lessOrEqual, 9.0000001, isShown: true), square(.l1, .lessOrEqual, 8.9999999),
    square(.linf, .greaterOrEqual, 3.9999999, isShown: true), square(.linf, .greaterOrEqual, 4.0000001),
    square(.linf, .lessOrEqual, 5.0000001, isShown: true), square(.linf, .lessOrEqual, 4.9999999),
    // Where one element grows the other falls.
    ClaimRow(
      "l1 on a line", on: [-1...1], of: distance(.l1), .greaterOrEqual, 1.9999, accepts: ClaimRow.correlated
    ) { try line(&$0, $1) },
    ClaimRow("l1 on a line", on: [-1...1], of: distance(.l1), .greaterOrEqual, 2.0000001) {
      try line(&$0, $1)
    },
    ClaimRow(
      "l2 on a line", on: [-1...1], of: distance(.l2), .greaterOrEqual, 1.4142, accepts: ClaimRow.correlated
    ) { try line(&$0, $1) },
    ClaimRow("l2 on a line", on: [-1...1], of: distance(.l2), .greaterOrEqual, 1.4143) { try line(&$0, $1) },
    ClaimRow("linf on a line", on: [-1...1], of: distance(.linf), .greaterOrEqual, 1.0000001) {
      try line(&$0, $1)
    },
    // Other elements, another point, and one that is reached.
    ClaimRow(
      "the last two of three", on: [9...9, 3...3, 4...4], of: distance(.l2, start: 1), .lessOrEqual,
      5.0000001,
      accepts: ClaimRow.correlated
    ) { $1 },
    ClaimRow(
      "the last two of three", on: [9...9, 3...3, 4...4], of: distance(.l2, start: 1), .lessOrEqual, 4.9999999
    ) { $1 },
    ClaimRow("a point that is reached", on: [3...4, 4...5], of: distance(.l2, from: [3, 4]), .greater, 0) {
      $1
    },
    ClaimRow(
      "a point that is reached", on: [3...4, 4...5], of: distance(.l1, from: [3.5, 4.5]), .greaterOrEqual,
      1e-300
    ) { $1 },
    ClaimRow(
      "a point far away", on: [0...1, 0...1], of: distance(.l2, from: [3e200, 4e200]), .greaterOrEqual,
      5.0000001e200
    ) { $1 },
    // Without a value there is no distance.
    ClaimRow("of what is not defined", on: [-1...1], of: distance(.l2), .greaterOrEqual, -1) {
      try $0.linear([1, 1], columns: 1, of: $0.apply(.smooth(.reciprocal), [$1]))
    },
  ]

  @Test(arguments: rows)
  func rule(row: ClaimRow) throws { try row.check() }
}
