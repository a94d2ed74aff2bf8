import BranchAndBound
import Evidence
import Foundation
import Replay
import RigorousArithmetic
import Synchronization
import TensorGraph
import Testing
import VerificationProblem
import Verifier

/// Searches that go on from a state that an earlier run has kept.
@Suite struct CheckpointTests {
  /// Every state that a run keeps.
  private final class States: Sendable {
    private let kept = Mutex<[ProofEvidence]>([])
    var all: [ProofEvidence] { kept.withLock { $0 } }
    func add(_ state: ProofEvidence) { kept.withLock { $0.append(state) } }
  }

  /// `sin(3 x) sin(3 y) + 3/10 x <= bound` on [-1, 1]^2; the greatest value is 1.1621 to four places.
  static func obligation(atMost bound: Double) throws -> Obligation {
    var builder = GraphBuilder()
    let input = try builder.input("x", shape: Shape([2]))
    func wave(_ axis: Int) throws -> Int {
      let row = try SparseMap(shape: Shape([1]), inputCount: 2, rows: [[(axis, 3)]])
      return try builder.apply(.smooth(.sin), [builder.apply(.sparse(row), [input])])
    }
    let product = try builder.apply(.multiply, [wave(0), wave(1)])
    let tilt = try builder.apply(
      .sparse(SparseMap(shape: Shape([1]), inputCount: 2, rows: [[(0, 0.3)]])), [input])
    let sum = try builder.apply(.add, [product, tilt])
    let graph = try builder.build(outputs: [sum])
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    return try Obligation(
      name: "waves", question: .forall(region: [range, range]),
      cases: [
        ObligationCase(
          label: "", weight: Rational(1), graph: graph,
          predicate: .atom(Atom(.element(0), .lessOrEqual, .rational(Rational(dyadic: bound)))))
      ])
  }

  private static func trees(_ evidence: ProofEvidence) throws -> [SplitTree] {
    guard case .trees(let trees) = try ProofEvidence(decoding: evidence.encoded) else {
      throw EvidenceError.format("no trees")
    }
    return trees
  }

  @Test func goesOnToTheSameEvidence() async throws {
    let obligation = try Self.obligation(atMost: 1.1622)
    let search = try #require(try ForallSearch(obligation))
    let states = States()
    let whole = try await search.run(
      budget: SearchBudget(workers: 2),
      checkpoint: SearchCheckpoint(saved: nil, interval: 0) { states.add($0) })
    #expect(whole.holds == true)
    #expect(states.all.count > 3)
    #expect(states.all.last == whole.evidence)
    for state in states.all {
      let outcome = try await search.run(
        budget: SearchBudget(workers: 1), checkpoint: SearchCheckpoint(saved: try Self.trees(state)) { _ in })
      #expect(outcome.holds == true)
      #expect(outcome.leaves == whole.leaves)
      #expect(
        try await EvidenceCheck.check(obligation, outcome.evidence, plan: nil, workers: 1).holds == true)
    }
  }

  @Test func measuresGoOnToTheSameBounds() async throws {
    let item = try Self.obligation(atMost: 0.5).cases[0]
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    let obligation = try Obligation(
      name: "mass",
      question: .measure(
        law: [.uniform(range), .uniform(range)], bounds: [MeasureBound(.greater, Rational(1))]),
      cases: [item])
    let search = try #require(try MeasureSearch(obligation))
    let states = States()
    let whole = try await search.run(
      budget: SearchBudget(workers: 2), gap: 0.01,
      checkpoint: SearchCheckpoint(saved: nil, interval: 0) { states.add($0) })
    #expect(whole.measure.width <= 0.01)
    #expect(states.all.count > 2)
    for state in states.all {
      let outcome = try await search.run(
        budget: SearchBudget(workers: 1), gap: 0.01,
        checkpoint: SearchCheckpoint(saved: try Self.trees(state)) { _ in })
      #expect(outcome.measure.width <= 0.01)
      #expect(outcome.measure.lower <= whole.measure.upper && whole.measure.lower <= outcome.measure.upper)
      let last = states.all.last
      if state == last { #expect(outcome.evidence == whole.evidence && outcome.measure == whole.measure) }
    }
  }

  /// Whatever a state says of its leaves, each is bounded again.
  @Test func believesNothingButTheSplits() async throws {
    let obligation = try Self.obligation(atMost: 0.9)
    let search = try #require(try ForallSearch(obligation))
    let rules: [UInt8] = [0x80, 0x81, 0x82, 0x83, 0x84, 0x86, 0x87]
    let root = SplitTree(lower: [-1, -1], upper: [1, 1], nodes: [0, 0x81, 0x81])
    for rule in rules {
      let forged = SplitTree(lower: root.lower, upper: root.upper, nodes: [0, rule, rule])
      do {
        let outcome = try await search.run(
          budget: SearchBudget(nodes: 4, workers: 1), checkpoint: SearchCheckpoint(saved: [forged]) { _ in })
        #expect(outcome.holds != true)
      } catch {
        #expect("\(error)".contains("not known"))
      }
    }
    // A tree of phases without a proof in it.
    let phases = SplitTree(
      lower: root.lower, upper: root.upper, nodes: [0x85], annexes: SplitTree.annex([2]))
    let outcome = try await search.run(
      budget: SearchBudget(nodes: 4, workers: 1), checkpoint: SearchCheckpoint(saved: [phases]) { _ in })
    #expect(outcome.holds != true)
  }

  /// Searches over phases that were in the middle of their trees.
  @Test(arguments: [false, true])
  func phasesGoOn(hasTwoAtoms: Bool) async throws {
    let (graph, high) = try Self.rectifiers()
    let obligation = try RectifierProblem.obligation(graph, Self.claim(high, hasTwoAtoms: hasTwoAtoms))
    let search = try #require(try ForallSearch(obligation))
    let states = States()
    let whole = try await search.run(
      budget: SearchBudget(workers: 2),
      checkpoint: SearchCheckpoint(saved: nil, interval: 0) { states.add($0) })
    #expect(whole.holds == true)
    #expect(states.all.last == whole.evidence)
    #expect(states.all.count > 4)
    var leastNodes = Int.max
    for state in states.all {
      let saved = try Self.trees(state)
      let checkpoint = SearchCheckpoint(saved: saved) { _ in }
      let outcome = try await search.run(budget: SearchBudget(workers: 1), checkpoint: checkpoint)
      #expect(outcome.holds == true)
      #expect(
        try await EvidenceCheck.check(obligation, outcome.evidence, plan: nil, workers: 1).holds == true)
      let again = try await search.run(budget: SearchBudget(workers: 2), checkpoint: checkpoint)
      #expect(again.evidence == outcome.evidence)
      // What a search is in the middle of proves nothing to the checker.
      if state != whole.evidence {
        await #expect(throws: ReplayError.self) {
          try await EvidenceCheck.check(obligation, state, plan: nil, workers: 1)
        }
        if saved[0].nodes == [0x85] { leastNodes = min(leastNodes, outcome.nodes) }
      }
    }
    #expect(leastNodes < whole.nodes)
  }

  /// States of phases that were damaged, cut off, made for another claim, or made up.
  @Test(arguments: [false, true])
  func forgedPhasesCostTimeOnly(hasTwoAtoms: Bool) async throws {
    let (graph, high) = try Self.rectifiers()
    let obligation = try RectifierProblem.obligation(graph, Self.claim(high, hasTwoAtoms: hasTwoAtoms))
    let search = try #require(try ForallSearch(obligation))
    // Corners break this one.
    let wrong = try #require(
      try ForallSearch(
        try RectifierProblem.obligation(graph, RectifierProblem.atom(0, .lessOrEqual, high[0] - 0.01))))
    let states = States()
    _ = try await search.run(
      budget: SearchBudget(workers: 2),
      checkpoint: SearchCheckpoint(saved: nil, interval: 0) { states.add($0) })
    let kept = try states.all.map { try Self.trees($0)[0] }.filter { $0.nodes == [0x85] }
    let state = try #require(kept.dropLast().last)
    let body = Array(state.annexes.dropFirst(4))
    var generator = UInt64(17)
    func next(_ limit: Int) -> Int {
      generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(generator >> 33) % limit
    }
    var forgeries: [[UInt8]] = [body, [], [6], [7], [5], [2], [4, 0xff, 0xff], [1, 0, 0, 7]]
    for round in 0..<24 {
      var bytes = body
      let place = next(bytes.count)
      switch round % 4 {
      case 0: bytes[place] = UInt8(next(256))
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(UInt8(next(256)), at: place)
      default: bytes.removeLast(bytes.count - place)
      }
      forgeries.append(bytes)
    }
    for bytes in forgeries {
      let forged = SplitTree(
        lower: state.lower, upper: state.upper, nodes: [0x85], annexes: SplitTree.annex(bytes))
      let checkpoint = SearchCheckpoint(saved: [forged]) { _ in }
      let outcome = try await search.run(
        budget: SearchBudget(nodes: 20_000, workers: 2), checkpoint: checkpoint)
      if outcome.holds == true {
        #expect(
          try await EvidenceCheck.check(obligation, outcome.evidence, plan: nil, workers: 1).holds == true)
      }
      #expect(outcome.holds != false)
      let other = try await wrong.run(
        budget: SearchBudget(nodes: 2_000, workers: 2), checkpoint: checkpoint)
      #expect(other.holds != true)
    }
  }

  private static func rectifiers() throws -> (graph: Graph, high: [Double]) {
    let graph = try RectifierProblem.graph(seed: 3, hidden: [20, 16])
    return (graph, try (0..<3).map { try RectifierProblem.attained(graph, $0) })
  }

  private static func claim(_ high: [Double], hasTwoAtoms: Bool) -> VerificationProblem.Predicate {
    let first = RectifierProblem.atom(0, .lessOrEqual, high[0] + 0.5)
    guard hasTwoAtoms else { return first }
    return .all([
      first,
      .any([
        RectifierProblem.atom(1, .less, high[1] + 0.5), RectifierProblem.atom(2, .less, high[2] + 0.5),
      ]),
    ])
  }

  @Test func refusesStatesOfOtherSearches() async throws {
    let search = try #require(try ForallSearch(Self.obligation(atMost: 2)))
    let others: [[SplitTree]] = [
      [SplitTree(lower: [-1, -1], upper: [1, 2], nodes: [0x80])],
      [SplitTree(lower: [-1], upper: [1], nodes: [0x80])],
      [SplitTree(lower: [-1, -1], upper: [1, 1], nodes: [0, 0x80])],
      [SplitTree(lower: [-1, -1], upper: [1, 1], nodes: [2, 0x80, 0x80])],
      [SplitTree(lower: [-1, -1], upper: [1, 1], nodes: [0x85])], [],
    ]
    for saved in others {
      await #expect(throws: EvidenceError.self) {
        _ = try await search.run(
          budget: SearchBudget(nodes: 4, workers: 1), checkpoint: SearchCheckpoint(saved: saved) { _ in })
      }
    }
  }

  @Test func foldersRefuseWhatIsNoState() throws {
    let path = NSTemporaryDirectory() + "dspec-checkpoint-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let obligation = try Self.obligation(atMost: 2)
    let folder = try CheckpointFolder(path) { _ in }
    let checkpoint = try folder.checkpoint(for: obligation)
    #expect(checkpoint.saved == nil)
    let state = SplitTree(lower: [-1, -1], upper: [1, 1], nodes: [0, 0x80, 0x80])
    checkpoint.write(.trees([state]))
    #expect(try CheckpointFolder(path) { _ in }.checkpoint(for: obligation).saved == [state])
    #expect(try folder.checkpoint(for: Self.obligation(atMost: 3)).saved == nil)
    for bytes in [[], Array("dspec evidence 2\n".utf8), [UInt8](repeating: 7, count: 100)] {
      try Data(bytes).write(to: URL(fileURLWithPath: path + "/x.search"))
      #expect(throws: CheckpointFolder.Failure.self) { try CheckpointFolder(path) { _ in } }
    }
    #expect(throws: CheckpointFolder.Failure.self) { try CheckpointFolder(path + "/x.search") { _ in } }
  }
}
