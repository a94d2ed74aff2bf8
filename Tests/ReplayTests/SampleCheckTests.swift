import Evidence
import LeafRules
import Replay
import RigorousArithmetic
import SampleLaw
import Testing
import VerificationProblem

/// Seeded samples of a probability of one half: only the counts that the seed gives are accepted.
@Suite struct SampleCheckTests {
  private static let count = 400
  private static let confidence = Rational(BigInteger(99), over: BigInteger(100))
  private static let seed = [UInt8](repeating: 7, count: 32)

  private func check(
    atLeast bound: Double, _ change: (SampleRecord) -> ProofEvidence = { .samples($0) }, hasPlan: Bool = true
  ) async throws(ReplayError) -> CheckedEvidence {
    let plan = EvidenceCheck.SamplePlan(count: Self.count, confidence: Self.confidence, seed: Self.seed)
    let (obligation, record): (Obligation, SampleRecord)
    do {
      obligation = try Magnitude.probability(atLeast: bound)
      let tally = try SampleRule(obligation, seed: Self.seed).tally(0..<Self.count)
      record = SampleRecord(
        seed: Self.seed, count: Self.count, hits: tally.hits, undecided: tally.undecided)
    } catch {
      throw ReplayError(.specification, step: "test", "\(error)")
    }
    return try await EvidenceCheck.check(obligation, change(record), plan: hasPlan ? plan : nil, workers: 2)
  }

  @Test func honestCountsDecide() async throws {
    #expect(try await check(atLeast: 0.4).holds == true)
    #expect(try await check(atLeast: 0.6).holds == false)
    let open = try await check(atLeast: 0.5)
    #expect(open.holds == nil && open.measure?.contains(0.5) == true)
  }

  @Test func otherCountsAreRefused() async throws {
    func record(
      _ old: SampleRecord, seed: [UInt8]? = nil, count: Int = 0, hits: Int = 0, undecided: Int = 0
    ) -> ProofEvidence {
      .samples(
        SampleRecord(
          seed: seed ?? old.seed, count: old.count + count, hits: old.hits + hits,
          undecided: old.undecided + undecided))
    }
    let rows: [(String, ReplayError.Code, (SampleRecord) -> ProofEvidence)] = [
      ("a hit more", .sampleMismatch, { record($0, hits: 1) }),
      ("a hit less", .sampleMismatch, { record($0, hits: -1) }),
      ("an open sample more", .sampleMismatch, { record($0, undecided: 1) }),
      ("a sample more", .sampleMismatch, { record($0, count: 1) }),
      ("another seed", .seedRule, { record($0, seed: [UInt8](repeating: 8, count: 32)) }),
      ("a short seed", .seedRule, { record($0, seed: [7]) }),
    ]
    for (name, code, change) in rows {
      do {
        _ = try await check(atLeast: 0.4, change)
        Issue.record("accepted: \(name)")
      } catch { #expect(error.code == code, "\(name): \(error)") }
    }
    do {
      _ = try await check(atLeast: 0.4, hasPlan: false)
      Issue.record("samples are accepted where the property asks for none")
    } catch { #expect(error.code == .evidenceKind) }
  }
}
