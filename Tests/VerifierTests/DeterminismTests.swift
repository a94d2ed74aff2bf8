import BranchAndBound
import Evidence
import Lowering
import Replay
import Testing
import Verifier

/// The same question gives the same evidence bytes, whatever the number of workers.
@Suite struct DeterminismTests {
  @Test func workersDoNotMatter() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    let one = try await small.outcomes(workers: 1)
    let two = try await small.outcomes(workers: 2)
    let again = try await small.outcomes(workers: 2)
    for index in one.indices {
      #expect(one[index].evidence?.encoded == two[index].evidence?.encoded)
      #expect(two[index].evidence?.encoded == again[index].evidence?.encoded)
      #expect(one[index].bounds == two[index].bounds)
    }
  }

  @Test func evidenceRoundTrips() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    for outcome in try await small.outcomes() {
      let evidence = try #require(outcome.evidence)
      #expect(try ProofEvidence(decoding: evidence.encoded) == evidence)
      for cut in stride(from: 0, to: evidence.encoded.count, by: max(1, evidence.encoded.count / 40)) {
        #expect(throws: EvidenceError.self) { try ProofEvidence(decoding: Array(evidence.encoded[..<cut])) }
      }
    }
  }
}
