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

  /// With few coordinates, cells that splits along them would not close soon are closed by bounds of every layer and by
  /// phases.
  @Test(arguments: 0..<4)
  func cellsAreTriedByPhases(seed: Int) async throws {
    let graph = try RectifierProblem.graph(seed: seed, hidden: [24, 20, 16])
    // The greatest of a grid's values, and a little: a claim that is hard, and true or refuted.
    var best = -Double.infinity
    for index in 0..<(17 * 17 * 17) {
      let point = [index % 17, index / 17 % 17, index / 289].map { Interval(Double($0 - 8) / 8) }
      let rest = [Interval](repeating: Interval(0.25), count: 5)
      best = max(best, try graph.evaluate([point + rest])[0][0].lower)
    }
    for (margin, isTrue) in [(0.2, true), (-1e-3, false)] {
      let predicate = RectifierProblem.atom(0, .lessOrEqual, best + margin)
      let obligation = try RectifierProblem.obligation(graph, predicate, free: 3)
      let search = try #require(try ForallSearch(obligation))
      let outcome = try await search.run(budget: SearchBudget(nodes: 60_000, workers: 1))
      #expect(
        try await search.run(budget: SearchBudget(nodes: 60_000, workers: 2)).evidence == outcome.evidence)
      guard isTrue else {
        #expect(outcome.holds == false)
        continue
      }
      #expect(outcome.holds == true)
      guard case .trees(let trees) = outcome.evidence else {
        Issue.record("no trees")
        continue
      }
      #expect(trees[0].nodes.contains(0x84) || trees[0].nodes.contains(0x85))
      let checked = try await EvidenceCheck.check(obligation, outcome.evidence, plan: nil, workers: 2)
      #expect(checked.holds == true)
      let lower = try RectifierProblem.obligation(
        graph, RectifierProblem.atom(0, .lessOrEqual, best - 1e-3), free: 3)
      await #expect(throws: ReplayError.self) {
        try await EvidenceCheck.check(lower, outcome.evidence, plan: nil, workers: 1)
      }
    }
  }

  /// Two outputs take turns: a clause of both is shown with weights and replayed.
  @Test func alternativesAreWeighed() async throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let linear = try Linear(
      weights: Tensor(shape: Shape([2, 2]), values: [1, 0.5, -1, -0.5]),
      bias: Tensor(shape: Shape([2]), values: [0.1, 0.1]))
    let wave = try builder.apply(.smooth(.sin), [builder.apply(.linear(linear), [x])])
    let graph = try builder.build(outputs: [wave])
    let range = AxisRange(lower: Rational(dyadic: -0.75), upper: Rational(dyadic: 0.75))
    let obligation = try Obligation(
      name: "turns", question: .forall(region: [range, range]),
      cases: [
        ObligationCase(
          label: "", weight: Rational(1), graph: graph,
          predicate: .any([
            RectifierProblem.atom(0, .greaterOrEqual, 0), RectifierProblem.atom(1, .greaterOrEqual, 0),
          ]))
      ])
    let outcome = try await #require(try ForallSearch(obligation)).run(budget: SearchBudget(nodes: 4_000))
    #expect(outcome.holds == true)
    guard case .trees(let trees) = outcome.evidence else {
      Issue.record("no trees")
      return
    }
    #expect(trees[0].nodes.contains(0x86) || trees[0].nodes.contains(0x87))
    let checked = try await EvidenceCheck.check(obligation, outcome.evidence, plan: nil, workers: 2)
    #expect(checked.holds == true)
  }
}
