import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// The rules that bound quantities, on claims of which everything is known: what is false none of them shows, and each
/// shows what it is there for.
@Suite struct CellEvaluatorTests {
  private static let third = Rational(.one, over: BigInteger(3))
  private static let small = Rational(.one, over: .powerOfTwo(1000))

  /// `relu(x) - x`, which is not negative.
  private static func excess(_ builder: inout GraphBuilder, _ x: Int) throws -> Int {
    let bent = try builder.apply(.relu, [x])
    return try builder.apply(.add, [bent, builder.apply(.scale(-1), [x])])
  }

  /// `|x|` as the sum of two rectifiers.
  private static func magnitude(_ builder: inout GraphBuilder, _ x: Int) throws -> Int {
    let sides = try builder.linear([1, -1], columns: 1, of: x)
    return try builder.linear([1, 1], columns: 2, of: builder.apply(.relu, [sides]))
  }

  static let rows: [ClaimRow] = [
    // A number itself.
    ClaimRow("x", on: [1...3], .lessOrEqual, 3.000001, accepts: ClaimRow.all) { $1 },
    ClaimRow("x", on: [1...3], .greaterOrEqual, 0.999999, accepts: ClaimRow.all) { $1 },
    ClaimRow("x", on: [1...3], .lessOrEqual, 3.0.nextDown) { $1 },
    ClaimRow("x", on: [1...3], .greaterOrEqual, 1.0.nextUp) { $1 },
    ClaimRow("x", on: [1...3], .lessOrEqual, 3, accepts: [.attained]) { $1 },
    ClaimRow("x", on: [1...3], .less, 3) { $1 },
    ClaimRow("x", on: [1...3], .greater, 1) { $1 },
    ClaimRow("x", on: [1...3], .greaterOrEqual, 2) { $1 },
    ClaimRow("x at a point", on: [2...2], .lessOrEqual, 2, accepts: [.attained]) {
      $1
    },
    ClaimRow("x at a point", on: [2...2], .less, 2) { $1 },
    // A limit that is no double lies between two of them.
    ClaimRow(
      "x", on: [0...third.roundedDown], .lessOrEqual, third, accepts: [.attained]
    ) { $1 },
    ClaimRow("x", on: [0...third.roundedUp], .lessOrEqual, third) { $1 },
    // A difference that is nothing.
    ClaimRow(
      "x - x", on: [-2...2], .lessOrEqual, 0.001, accepts: ClaimRow.correlated,
      rejects: [.interval, .attained]
    ) {
      try $0.apply(.add, [$1, $0.apply(.scale(-1), [$1])])
    },
    ClaimRow("x - x", on: [-2...2], .lessOrEqual, -small) {
      try $0.apply(.add, [$1, $0.apply(.scale(-1), [$1])])
    },
    ClaimRow("x - x", on: [-2...2], .less, 0) { try $0.apply(.add, [$1, $0.apply(.scale(-1), [$1])]) },
    // Rectifiers.
    ClaimRow(
      "|x|", on: [-2...2], .lessOrEqual, 3, accepts: ClaimRow.correlated,
      rejects: [.interval, .attained]
    ) { try magnitude(&$0, $1) },
    ClaimRow("|x|", on: [-2...2], .lessOrEqual, 1.9999999) { try magnitude(&$0, $1) },
    ClaimRow("|x|", on: [-2...2], .greaterOrEqual, 0.0000001) { try magnitude(&$0, $1) },
    ClaimRow(
      "|x|", on: [0...2], .lessOrEqual, 2, accepts: [.attained]
    ) { try magnitude(&$0, $1) },
    ClaimRow(
      "relu(x) - x", on: [-1...3], .greaterOrEqual, -0.01, accepts: [.linearBounds, .fullLinearBounds],
      rejects: [.interval, .attained, .zonotope]
    ) { try excess(&$0, $1) },
    ClaimRow("relu(x) - x", on: [-1...3], .greaterOrEqual, 0.0000001) { try excess(&$0, $1) },
    ClaimRow("relu(x) - x", on: [-1...3], .lessOrEqual, 0.9999999) { try excess(&$0, $1) },
    // What lies in between is known better where each layer is bounded.
    ClaimRow(
      "relu(y) - y of y = relu(x) - x", on: [-1...3], .lessOrEqual, 0.01, accepts: [.fullLinearBounds],
      rejects: [.interval, .attained, .zonotope, .linearBounds]
    ) { try excess(&$0, excess(&$0, $1)) },
    ClaimRow("relu(y) - y of y = relu(x) - x", on: [-1...3], .greaterOrEqual, 0.0000001) {
      try excess(&$0, excess(&$0, $1))
    },
    // A function outside of its domain has no value, whatever becomes of it.
    ClaimRow("1 / x", on: [-1...1], .lessOrEqual, 1e300) { try $0.apply(.smooth(.reciprocal), [$1]) },
    ClaimRow("clip(1 / x)", on: [-1...1], .lessOrEqual, 2) {
      try $0.apply(.clip(Clip(lower: 0, upper: 1)), [$0.apply(.smooth(.reciprocal), [$1])])
    },
    ClaimRow("clip(1 / x) at zero", on: [0...0], .lessOrEqual, 2) {
      try $0.apply(.clip(Clip(lower: 0, upper: 1)), [$0.apply(.smooth(.reciprocal), [$1])])
    },
    ClaimRow("sqrt(x)", on: [-1...4], .lessOrEqual, 3) { try $0.apply(.smooth(.sqrt), [$1]) },
    ClaimRow("0 log(x)", on: [0...1], .lessOrEqual, 1) {
      try $0.apply(.scale(0), [$0.apply(.smooth(.log), [$1])])
    },
    ClaimRow("relu(-exp(1 / x))", on: [-1...1], .lessOrEqual, 1) {
      let power = try $0.apply(.smooth(.exp), [$0.apply(.smooth(.reciprocal), [$1])])
      return try $0.apply(.relu, [$0.apply(.scale(-1), [power])])
    },
    // Beyond all doubles.
    ClaimRow("1e616 x", on: [1...2], .lessOrEqual, 0x1p1023) {
      try $0.apply(.scale(1e308), [$0.apply(.scale(1e308), [$1])])
    },
    ClaimRow("1e616 x - 1e616 x + x", on: [1...2], .lessOrEqual, 1.5) {
      let large = try $0.apply(.scale(1e308), [$0.apply(.scale(1e308), [$1])])
      let nothing = try $0.apply(.add, [large, $0.apply(.scale(-1), [large])])
      return try $0.apply(.add, [nothing, $1])
    },
  ]

  @Test(arguments: rows)
  func rule(row: ClaimRow) throws { try row.check() }
}
