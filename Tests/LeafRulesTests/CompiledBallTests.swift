import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Cells outside of a ball: closed where every point is further from the centre than the radius, and nowhere else.
@Suite struct CompiledBallTests {
  /// A cell of a plane, and whether the ball about a centre misses it.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let norm: Norm
    let centre: [Rational]
    let radius: Rational
    let lower: [Double]
    let upper: [Double]
    let misses: Bool

    init(
      _ name: String, _ norm: Norm, _ centre: (Rational, Rational), _ radius: Rational,
      _ lower: (Double, Double), _ upper: (Double, Double), misses: Bool
    ) {
      self.name = name
      self.norm = norm
      self.centre = [centre.0, centre.1]
      self.radius = radius
      self.lower = [lower.0, lower.1]
      self.upper = [upper.0, upper.1]
      self.misses = misses
    }

    var testDescription: String { "\(norm): \(name)" }
  }

  private static let origin = (Rational.zero, Rational.zero)
  private static let third = Rational(.one, over: BigInteger(3))

  static let rows: [Row] = [
    Row("far away", .l2, origin, Rational(5), (4, 4), (6, 6), misses: true),
    Row("touching in one point", .l2, origin, Rational(5), (3, 4), (6, 6), misses: false),
    Row("a unit beyond that point", .l2, origin, Rational(5), (3, 4.0.nextUp), (6, 6), misses: true),
    Row("another orthant", .l2, origin, Rational(5), (-6, -6), (-3, -4.0.nextUp), misses: true),
    Row("around the ball", .l2, origin, Rational(5), (-6, -6), (6, 6), misses: false),
    Row("the centre alone", .l2, origin, Rational(5), (0, 0), (0, 0), misses: false),
    Row("beside along one axis", .l2, origin, Rational(5), (5.0.nextUp, -6), (9, 6), misses: true),
    Row("touching along one axis", .l2, origin, Rational(5), (5, -6), (9, 6), misses: false),
    Row("far away", .l1, origin, Rational(5), (3, 3), (6, 6), misses: true),
    Row("in the round and not in the rhombus", .l1, origin, Rational(5), (3, 4), (6, 6), misses: true),
    Row("touching in one point", .l1, origin, Rational(5), (1, 4), (6, 6), misses: false),
    Row("a unit beyond that point", .l1, origin, Rational(5), (1, 4.0.nextUp), (6, 6), misses: true),
    Row("a radius of nothing", .l1, (.one, .one), .zero, (1, 1), (2, 2), misses: false),
    Row("beside a radius of nothing", .l1, (.one, .one), .zero, (1.0.nextUp, 1), (2, 2), misses: true),
    // The border is no double: the last one before it is in the ball, the next one is not; that alone is for exact
    // arithmetic to tell, and what the rule may not do is to close the former.
    Row(
      "before a border of thirds", .l1, (third, .zero), third, ((third + third).roundedDown, 0), (2, 0),
      misses: false),
    Row(
      "a little beyond a border of thirds", .l1, (third, .zero), third, (0.6666666666666670, 0), (2, 0),
      misses: true),
  ]

  /// `x >= 2` of numbers that are all less, so that nothing but the ball can close a cell.
  private static func evaluator(_ row: Row) throws -> CellEvaluator {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let smaller = try builder.apply(.clip(Clip(lower: -1, upper: 1)), [x])
    let item = ObligationCase(
      label: "", weight: .one, graph: try builder.build(outputs: [smaller]),
      predicate: .atom(Atom(.element(0), .greaterOrEqual, .rational(Rational(2)))))
    let ball = Ball(start: 0, centre: row.centre, radius: row.radius, norm: row.norm)
    return CellEvaluator(try CompiledCase(item, balls: [ball]))
  }

  @Test(arguments: rows)
  func outside(row: Row) throws {
    let cell = Cell(lower: row.lower, upper: row.upper)
    let claim = try Self.evaluator(row).claim(on: cell, rule: .outside)
    #expect(claim.truth == (row.misses ? true : nil))
    // What the row says is so, in exact arithmetic: the point of the cell that is nearest to the centre.
    let parts = (0..<2).map { axis -> Rational in
      let (low, high) = (Rational(dyadic: row.lower[axis]), Rational(dyadic: row.upper[axis]))
      let distance = max(Rational.zero, max(low - row.centre[axis], row.centre[axis] - high))
      return row.norm == .l2 ? distance * distance : distance
    }
    let limit = row.norm == .l2 ? row.radius * row.radius : row.radius
    #expect((limit < parts[0] + parts[1]) == row.misses)
  }

  /// Bounds on a cell are those of the part that may lie in the ball, and close no cell that has a point in it.
  @Test(arguments: rows.filter { !$0.misses }, [LeafRule.interval, .zonotope, .linearBounds, .attained])
  func contraction(row: Row, rule: LeafRule) throws {
    let evaluator = try Self.evaluator(row)
    #expect(evaluator.truth(on: Cell(lower: row.lower, upper: row.upper), rule: rule) != true)
  }
}
