import Evidence
import Replay
import RigorousArithmetic
import Testing
import VerificationProblem

/// Points that refute a claim about every point of a region.
@Suite struct WitnessRuleTests {
  static let rows: [RuleRow] = [
    RuleRow("a point beyond", 1, .witness(caseIndex: 0, point: [1.5]), .holds(false)),
    RuleRow("the last point", 1.5, .witness(caseIndex: 0, point: [-2]), .holds(false)),
    RuleRow("the next double", 1, .witness(caseIndex: 0, point: [(1.0).nextUp]), .holds(false)),
    RuleRow("a point at which it holds", 1, .witness(caseIndex: 0, point: [0.5]), .refused(.witness)),
    RuleRow("a bound that is attained", 1, .witness(caseIndex: 0, point: [-1]), .refused(.witness)),
    RuleRow(
      "a point out of the region", 1, .witness(caseIndex: 0, point: [(2.0).nextUp]), .refused(.witness)),
    RuleRow("no number", 1, .witness(caseIndex: 0, point: [.nan]), .refused(.witness)),
    RuleRow("infinity", 1, .witness(caseIndex: 0, point: [.infinity]), .refused(.witness)),
    RuleRow("two coordinates", 1, .witness(caseIndex: 0, point: [1.5, 1.5]), .refused(.witness)),
    RuleRow("no coordinates", 1, .witness(caseIndex: 0, point: []), .refused(.witness)),
    RuleRow("a case that is not there", 1, .witness(caseIndex: 1, point: [1.5]), .refused(.witness)),
    RuleRow("a negative case", 1, .witness(caseIndex: -1, point: [1.5]), .refused(.witness)),
  ]

  @Test(arguments: rows)
  func rule(row: RuleRow) async throws {
    _ = try await row.check(Magnitude.everywhere(atMost: row.limit))
  }
}
