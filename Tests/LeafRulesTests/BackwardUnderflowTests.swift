import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Coefficients that underflow on their way back, where values do not.
@Suite struct BackwardUnderflowTests {
  /// `2^-1100 x` reaches `2^-80`.
  private static func row(_ name: String, _ operations: [TensorGraph.Operation]) -> ClaimRow {
    ClaimRow(name, on: [-0x1p1020...0x1p1020], .lessOrEqual, 0x1p-90) { builder, x in
      try operations.reduce(x) { try builder.apply($1, [$0]) }
    }
  }

  @Test func vanishedCoefficientsShowNothing() throws {
    try Self.row("products", [.scale(0x1p-1000), .scale(0x1p-100)]).check()
    try Self.row("quotients", [.divide(Divisor(0x1p1000)), .divide(Divisor(0x1p100))]).check()
    try Self.row("products and a bend", [.scale(0x1p-1000), .relu, .scale(0x1p-100)]).check()
  }
}
