import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// `3 x + 4 y` on balls and on parts of them: bounds by the dual norm, and never below what is reached there.
@Suite struct CutCellTests {
  private static func ball(_ norm: Norm, start: Int = 0, at centre: Int = 0, radius: Int = 1) -> Ball {
    Ball(
      start: start, centre: [Rational(centre), Rational(centre)], radius: Rational(radius), norm: norm)
  }

  private static func row(
    _ name: String, _ balls: [Ball], on ranges: [ClosedRange<Double>] = [-1...1, -1...1],
    _ limit: Double, is comparison: Comparison = .lessOrEqual, isShown: Bool
  ) -> ClaimRow {
    ClaimRow(
      name, on: ranges, comparison, limit, balls: balls, accepts: isShown ? ClaimRow.correlated : []
    ) {
      try $0.linear(Array([3, 4, 3, 4].prefix(ranges.count)), columns: ranges.count, of: $1)
    }
  }

  static let rows: [ClaimRow] = [
    row("disc", [ball(.l2)], 5.0001, isShown: true),
    row("disc", [ball(.l2)], 4.9999, isShown: false),
    row("disc", [ball(.l2)], -5.0001, is: .greaterOrEqual, isShown: true),
    row("disc", [ball(.l2)], -4.9999, is: .greaterOrEqual, isShown: false),
    row("rhombus", [ball(.l1)], 4.0001, isShown: true),
    row("rhombus", [ball(.l1)], 3.9999, isShown: false),
    // The border of the cell and that of the ball meet at (.8, .6) and at (.5, .5).
    row("part of a disc", [ball(.l2)], on: [0.8...1, -1...1], 4.8001, isShown: true),
    row("part of a disc", [ball(.l2)], on: [0.8...1, -1...1], 4.7999, isShown: false),
    row("part of a rhombus", [ball(.l1)], on: [0.5...1, -1...1], 3.5001, isShown: true),
    row("part of a rhombus", [ball(.l1)], on: [0.5...1, -1...1], 3.4999, isShown: false),
    // The cell lies in the disc: its corner counts.
    row("inside of a disc", [ball(.l2)], on: [0...0.5, 0...0.5], 3.5001, isShown: true),
    row("inside of a disc", [ball(.l2)], on: [0...0.5, 0...0.5], 3.4999, isShown: false),
    row("a disc elsewhere", [ball(.l2, at: 2)], on: [1...3, 1...3], 19.0001, isShown: true),
    row("a disc elsewhere", [ball(.l2, at: 2)], on: [1...3, 1...3], 18.9999, isShown: false),
    row(
      "a disc that is its centre", [ball(.l2, at: 1, radius: 0)], on: [0...2, 0...2], 7.0001, isShown: true),
    row(
      "a disc that is its centre", [ball(.l2, at: 1, radius: 0)], on: [0...2, 0...2], 6.9999, isShown: false),
    row(
      "two discs", [ball(.l2), ball(.l2, start: 2)], on: [-1...1, -1...1, -1...1, -1...1], 10.0001,
      isShown: true),
    row(
      "two discs", [ball(.l2), ball(.l2, start: 2)], on: [-1...1, -1...1, -1...1, -1...1], 9.9999,
      isShown: false),
    row(
      "a disc and a square", [ball(.l2, start: 2)], on: [-1...1, -1...1, -1...1, -1...1], 12.0001,
      isShown: true),
    row(
      "a disc and a square", [ball(.l2, start: 2)], on: [-1...1, -1...1, -1...1, -1...1], 11.9999,
      isShown: false),
  ]

  @Test(arguments: rows)
  func rule(row: ClaimRow) throws { try row.check() }

  /// Nothing but the balls tells the rows apart from the whole cell, on which the claims are false.
  @Test(arguments: rows.filter { !$0.accepts.isEmpty && !$0.name.contains("inside") })
  func withoutBalls(row: ClaimRow) throws {
    let whole = ClaimRow(
      row.name, on: zip(row.cell.lower, row.cell.upper).map { $0...$1 }, row.comparison, row.limit,
      graph: row.graph)
    try whole.check()
  }
}
