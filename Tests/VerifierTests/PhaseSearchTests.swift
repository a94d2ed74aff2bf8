import BranchAndBound
import Evidence
import Replay
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Claims on networks of rectifiers with many inputs, decided by splits of phases.
@Suite struct PhaseSearchTests {
  /// Seeds whose claims hold.
  @Test(arguments: [0, 1, 2, 3, 5])
  func provedByPhasesAndReplayed(seed: Int) async throws {
    let graph = try RectifierProblem.graph(seed: seed)
    let high = try (0..<3).map { try RectifierProblem.attained(graph, $0) }
    // Two clauses, one of them with two atoms.
    let predicate = Predicate.all([
      RectifierProblem.atom(0, .lessOrEqual, high[0] + 1.2),
      .any([RectifierProblem.atom(1, .less, high[1] + 1), RectifierProblem.atom(2, .less, high[2] + 1)]),
    ])
    let obligation = try RectifierProblem.obligation(graph, predicate)
    let search = try #require(try ForallSearch(obligation))
    let outcome = try await search.run(budget: SearchBudget(nodes: 60_000, workers: 1))
    #expect(outcome.holds == true)
    guard case .trees(let trees) = outcome.evidence else {
      Issue.record("no trees")
      return
    }
    let decoded = try ProofEvidence(decoding: outcome.evidence.encoded)
    #expect(decoded == outcome.evidence)
    let checked = try await EvidenceCheck.check(obligation, decoded, plan: nil, workers: 2)
    #expect(checked.holds == true)
    #expect(
      try await search.run(budget: SearchBudget(nodes: 60_000, workers: 2)).evidence == outcome.evidence)
    guard trees[0].nodes.contains(0x85) else { return }

    // The same trees, and trees with changed bytes, never show a claim that a corner breaks.
    let false0 = try RectifierProblem.obligation(
      graph,
      .all([
        RectifierProblem.atom(0, .lessOrEqual, high[0] - 0.01),
        .any([RectifierProblem.atom(1, .less, high[1] + 1), RectifierProblem.atom(2, .less, high[2] + 1)]),
      ]))
    await #expect(throws: ReplayError.self) {
      try await EvidenceCheck.check(false0, decoded, plan: nil, workers: 1)
    }
    var state = UInt64(seed) &+ 99
    for _ in 0..<60 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var annexes = trees[0].annexes
      let place = Int(state >> 33) % annexes.count
      switch state >> 20 & 3 {
      case 0: annexes[place] = UInt8(truncatingIfNeeded: state >> 8)
      case 1: annexes.remove(at: place)
      case 2: annexes.insert(UInt8(truncatingIfNeeded: state >> 8), at: place)
      default: annexes.removeLast(annexes.count - place)
      }
      let forged = ProofEvidence.trees([
        SplitTree(lower: trees[0].lower, upper: trees[0].upper, nodes: trees[0].nodes, annexes: annexes)
      ])
      let answer = try? await EvidenceCheck.check(false0, forged, plan: nil, workers: 1)
      #expect(answer?.holds != true)
    }
  }

  @Test func someProofNeedsPhases() async throws {
    var used = 0
    for seed in 0..<6 {
      let graph = try RectifierProblem.graph(seed: seed)
      let obligation = try RectifierProblem.obligation(
        graph, RectifierProblem.atom(0, .lessOrEqual, try RectifierProblem.attained(graph, 0) + 1))
      let search = try #require(try ForallSearch(obligation))
      let outcome = try await search.run(budget: SearchBudget(nodes: 60_000, workers: 2))
      guard case .trees(let trees) = outcome.evidence else { continue }
      if outcome.holds == true, trees[0].nodes == [0x85] { used += 1 }
    }
    #expect(used >= 3)
  }
}
