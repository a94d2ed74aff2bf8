import Certificates
import Evidence
import Foundation
import Replay
import RigorousArithmetic
import Synchronization
import TensorGraph
import Testing
import VerificationProblem

/// Replays that go on from what an interrupted one has kept.
@Suite struct ReplayStateTests {
  private final class Kept: Sendable {
    private let states = Mutex<[[UInt8]]>([])
    var all: [[UInt8]] { states.withLock { $0 } }
    func add(_ state: [UInt8]) { states.withLock { $0.append(state) } }
  }

  private let certificate = ContentDigest(of: [1])
  private let program = ContentDigest(of: [3])

  /// A complete tree over [-1, 1]^2 of `2^depth` leaves, whose axes take turns.
  private func tree(depth: Int) -> SplitTree {
    func nodes(_ depth: Int, _ axis: UInt8) -> [UInt8] {
      depth == 0 ? [0x81] : [axis] + nodes(depth - 1, 1 - axis) + nodes(depth - 1, 1 - axis)
    }
    return SplitTree(lower: [-1, -1], upper: [1, 1], nodes: nodes(depth, 0))
  }

  /// Two cases of one claim, or the probability of its event.
  private func obligation(isMeasure: Bool) throws -> Obligation {
    let base = try CheckpointTests.obligation(atMost: isMeasure ? 0.5 : 1.5)
    let item = base.cases[0]
    func half(_ label: String) -> ObligationCase {
      ObligationCase(
        label: label, weight: Rational(dyadic: 0.5), graph: item.graph, predicate: item.predicate)
    }
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    return try Obligation(
      name: "waves",
      question: isMeasure
        ? .measure(law: [.uniform(range), .uniform(range)], bounds: [MeasureBound(.greater, Rational(0))])
        : .forall(region: [range, range]),
      cases: [half("a"), half("b")])
  }

  private func check(
    _ obligation: Obligation, depth: Int, from saved: [UInt8]?, keeping kept: Kept = Kept()
  ) async throws -> (CheckedEvidence, resumed: Int) {
    let state = try ReplayState(saved: saved, certificate: certificate, program: program, interval: .zero) {
      kept.add($0)
    }
    let checked = try await EvidenceCheck.check(
      obligation, .trees([tree(depth: depth), tree(depth: depth)]), plan: nil, workers: 2, state: state)
    return (checked, await state.resumed)
  }

  @Test(arguments: [false, true])
  func goesOnToTheSameAnswer(isMeasure: Bool) async throws {
    let obligation = try obligation(isMeasure: isMeasure)
    let kept = Kept()
    let (whole, none) = try await check(obligation, depth: 14, from: nil, keeping: kept)
    #expect(whole.holds == true && none == 0)
    // Two trees of four chunks each.
    #expect(kept.all.count == 8)
    for (index, state) in kept.all.enumerated() {
      let (checked, resumed) = try await check(obligation, depth: 14, from: state)
      #expect(resumed == index + 1)
      #expect(checked.holds == whole.holds && checked.leaves == whole.leaves)
      #expect(checked.measure == whole.measure && checked.cases == whole.cases)
    }
    let plain = try await EvidenceCheck.check(
      obligation, .trees([tree(depth: 14), tree(depth: 14)]), plan: nil, workers: 1)
    #expect(plain.measure == whole.measure && plain.leaves == whole.leaves)
  }

  /// What a state says of more chunks than a tree has, or of a question of another kind, is not of this replay.
  @Test func aStateThatDoesNotFitIsLeftAlone() async throws {
    let (claim, measure) = (try obligation(isMeasure: false), try obligation(isMeasure: true))
    let kept = Kept()
    _ = try await check(claim, depth: 14, from: nil, keeping: kept)
    let last = try #require(kept.all.last)
    #expect(try await check(claim, depth: 13, from: last).resumed == 0)
    #expect(try await check(measure, depth: 14, from: last).resumed == 0)
  }

  @Test func damagedStatesAreRefused() async throws {
    let kept = Kept()
    _ = try await check(try obligation(isMeasure: true), depth: 13, from: nil, keeping: kept)
    let state = try #require(kept.all.last)
    func isRefused(_ bytes: [UInt8], _ certificate: ContentDigest, _ program: ContentDigest? = nil) -> Bool {
      let program = program ?? self.program
      return (try? ReplayState(saved: bytes, certificate: certificate, program: program) { _ in }) == nil
    }
    #expect(!isRefused(state, certificate))
    #expect(isRefused(state, ContentDigest(of: [2])))
    #expect(isRefused(state, certificate, ContentDigest(of: [4])))
    for length in 0..<state.count { #expect(isRefused(Array(state.prefix(length)), certificate)) }
    for position in state.indices {
      var changed = state
      changed[position] ^= 1
      #expect(isRefused(changed, certificate), "byte \(position)")
    }
    #expect(isRefused(state + [10], certificate))
  }
}
