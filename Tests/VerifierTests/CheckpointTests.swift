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
  private static func obligation(atMost bound: Double) throws -> Obligation {
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
    let range = try #require(AxisRange(lower: Rational(-1), upper: Rational(1)))
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
    let range = try #require(AxisRange(lower: Rational(-1), upper: Rational(1)))
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
