import CellMasses
import Evidence
import ExactLeaves
import LeafRules
import Replay
import RigorousArithmetic
import Testing
import VerificationProblem

/// Trees under a probability, here one half: bounds from masses alone, whatever a tree says.
@Suite struct MeasureRuleTests {
  /// Four cells, on two of which the event holds.
  private static let quarters: [UInt8] = [0, 0, 0x81, 0x82, 0, 0x84, 0x81]

  static let rows: [RuleRow] = [
    RuleRow("all of the law", 0.4999, .trees([Magnitude.tree(quarters)]), .holds(true)),
    RuleRow("more than it is", 0.50001, .trees([Magnitude.tree(quarters)]), .holds(false)),
    RuleRow("one leaf decides little", 0.5, .trees([Magnitude.tree([0x81])]), .holds(nil)),
    RuleRow(
      "half of the law shows as much", 0.2499, .trees([Magnitude.tree([0, 0x81, 0x81], -2...0)]), .holds(true)
    ),
    RuleRow(
      "half of the law shows no more", 0.5, .trees([Magnitude.tree([0, 0x81, 0x81], -2...0)]), .holds(nil)),
    RuleRow(
      "open leaves are undecided", 0.5, .trees([Magnitude.tree([0, 0x8f, 0, 0x81, 0x81])]), .holds(nil)),
    RuleRow(
      "leaves outside are undecided", 0.5, .trees([Magnitude.tree([0, 0x8e, 0, 0x81, 0x81])]), .holds(nil)),
    RuleRow(
      "beyond the law there is nothing", 0.5, .trees([Magnitude.tree([0, 0x81, 0x81], 2...8)]), .holds(nil)),
    RuleRow("no tree", 0.5, .trees([]), .refused(.treeShape)),
    RuleRow(
      "two axes", 0.5, .trees([SplitTree(lower: [-2, -2], upper: [2, 2], nodes: [0x81])]),
      .refused(.treeShape)),
    RuleRow("a missing leaf", 0.5, .trees([Magnitude.tree([0, 0x81])]), .refused(.treeShape)),
    RuleRow("a rule that is not there", 0.5, .trees([Magnitude.tree([0x88])]), .refused(.treeShape)),
    RuleRow("a witness", 0.5, .witness(caseIndex: 0, point: [2]), .refused(.evidenceKind)),
  ]

  @Test(arguments: rows)
  func rule(row: RuleRow) async throws {
    guard let checked = try await row.check(Magnitude.probability(atLeast: row.limit)) else { return }
    #expect(checked.measure?.contains(0.5) == true, "\(String(describing: checked.measure))")
  }

  @Test(arguments: rows)
  func exactArithmetic(row: RuleRow) async throws {
    guard case .trees(let trees) = row.evidence else { return }
    let obligation = try Magnitude.probability(atLeast: row.limit)
    let answer = try? await ExactAnswer(obligation, trees, workers: 1)
    switch row.answer {
    case .holds(let expected):
      #expect(answer?.holds == expected && answer?.measure?.contains(0.5) == true)
    case .refused: #expect(answer == nil)
    }
  }
}
