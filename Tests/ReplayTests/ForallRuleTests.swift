import CellMasses
import Evidence
import ExactLeaves
import LeafRules
import Replay
import RigorousArithmetic
import Testing
import VerificationProblem

/// Trees under a claim about every point: what the rule accepts, and what it refuses.
@Suite struct ForallRuleTests {
  static let rows: [RuleRow] = [
    RuleRow("one leaf", 2.5, .trees([Magnitude.tree([0x81])]), .holds(true)),
    RuleRow("two leaves", 2.01, .trees([Magnitude.tree([0, 0x84, 0x82])]), .holds(true)),
    RuleRow("an attained bound", 2, .trees([Magnitude.tree([0, 0x83, 0x83])]), .holds(true)),
    RuleRow("a leaf that is open", 2, .trees([Magnitude.tree([0, 0x83, 0x8f])]), .holds(nil)),
    RuleRow("a claim that is false", 1.5, .trees([Magnitude.tree([0x84])]), .refused(.boundNotMet)),
    RuleRow(
      "false on one leaf", 1.5, .trees([Magnitude.tree([0, 0, 0x84, 0x84, 0x84])]), .refused(.boundNotMet)),
    RuleRow("outside where the region is", 2, .trees([Magnitude.tree([0x8e])]), .refused(.boundNotMet)),
    RuleRow("half of the region", 2, .trees([Magnitude.tree([0x83], -2...0)]), .refused(.coverage)),
    RuleRow(
      "a region without its last point", 2, .trees([Magnitude.tree([0x83], -2...(2.0.nextDown))]),
      .refused(.coverage)),
    RuleRow("no tree", 2, .trees([]), .refused(.treeShape)),
    RuleRow("two trees", 2, .trees([Magnitude.tree([0x83]), Magnitude.tree([0x83])]), .refused(.treeShape)),
    RuleRow(
      "two axes", 2, .trees([SplitTree(lower: [-2, -2], upper: [2, 2], nodes: [0x83])]), .refused(.treeShape)),
    RuleRow(
      "a root that is no box", 2, .trees([SplitTree(lower: [2], upper: [-2], nodes: [0x83])]),
      .refused(.treeShape)),
    RuleRow(
      "an end that is no number", 2, .trees([SplitTree(lower: [-.infinity], upper: [2], nodes: [0x83])]),
      .refused(.treeShape)),
    RuleRow("a missing leaf", 2, .trees([Magnitude.tree([0, 0x83])]), .refused(.treeShape)),
    RuleRow("a leaf too many", 2, .trees([Magnitude.tree([0x83, 0x83])]), .refused(.treeShape)),
    RuleRow("no leaf", 2, .trees([Magnitude.tree([])]), .refused(.treeShape)),
    RuleRow("an axis that is not there", 2, .trees([Magnitude.tree([1, 0x83, 0x83])]), .refused(.treeShape)),
    RuleRow("a rule that is not there", 2, .trees([Magnitude.tree([0x90])]), .refused(.treeShape)),
    RuleRow(
      "bytes after the leaves", 2.5, .trees([Magnitude.tree([0x81], annexes: [0])]), .refused(.treeShape)),
    RuleRow("phases without an annex", 2, .trees([Magnitude.tree([0x85])]), .refused(.treeShape)),
    RuleRow(
      "a point that is split", 2, .trees([SplitTree(lower: [2], upper: [2], nodes: [0, 0x83, 0x83])]),
      .refused(.coverage)),
  ]

  @Test(arguments: rows)
  func rule(row: RuleRow) async throws {
    let checked = try await row.check(Magnitude.everywhere(atMost: row.limit))
    if checked?.holds == true { #expect((checked?.measure?.upper ?? 0) >= 2) }
  }

  /// What the rule refuses is derived in exact arithmetic neither, and what it accepts is.
  @Test(arguments: rows)
  func exactArithmetic(row: RuleRow) async throws {
    guard case .trees(let trees) = row.evidence else { return }
    let obligation = try Magnitude.everywhere(atMost: row.limit)
    let answer = try? await ExactAnswer(obligation, trees, workers: 1)
    switch row.answer {
    case .holds(let expected): #expect(answer?.holds == expected && answer != nil)
    case .refused: #expect(answer?.holds == nil)
    }
  }

  /// Leaves speak of the region's points in their cells: exact arithmetic cuts them to its box, the rule bounds them whole.
  @Test func rootsMayReachBeyondTheRegion() async throws {
    let obligation = try Magnitude.everywhere(atMost: 2.01)
    let tree = Magnitude.tree([0, 0, 0x8e, 0x84, 0, 0x84, 0x8e], -8...8)
    let answer = try await ExactAnswer(obligation, [tree], workers: 1)
    #expect(answer.holds == true && answer.leaves == 4)
    await #expect(throws: ReplayError.self) {
      _ = try await EvidenceCheck.check(obligation, .trees([tree]), plan: nil, workers: 1)
    }
    let narrow = Magnitude.tree([0, 0, 0x8e, 0x84, 0, 0x84, 0x8e], -2...2)
    await #expect(throws: ExactRefusal.self) {
      _ = try await ExactAnswer(obligation, [narrow], workers: 1)
    }
  }
}
