import Certificates
import DSpecSemantics
import Lowering
import Replay
import RigorousArithmetic
import Tampering
import Testing
import Verifier

/// Records of samplers and bounds: only what specification and models give is accepted, or bounds around it.
@Suite struct RecordCheckTests {
  private static func withTable(_ body: (SamplerTable) throws -> Void) async throws {
    try await ValidBundle.inTemporaryFolder { folder in
      let project = try PipelineBundle.project([.neverUnsafe], in: folder)
      let name = try #require(project.spec.samplers.first?.name)
      try body(try #require(project.library().samplers[name]))
    }
  }

  private static func refusal(_ body: () throws -> Void) -> ReplayError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? ReplayError)?.code }
  }

  // MARK: Samplers

  @Test func theSamplersOfTheSpecificationAreAccepted() async throws {
    try await Self.withTable { table in
      #expect(throws: Never.self) {
        try RecordCheck.samplers([table.record], [table])
        try RecordCheck.samplers([], [])
      }
    }
  }

  @Test func otherSamplersAreRefused() async throws {
    try await Self.withTable { table in
      let good = table.record
      func changed(
        name: String? = nil, steps: Int = 0, prediction: String? = nil, timesteps: [Int]? = nil,
        coefficients: [StepCoefficients]? = nil, schedule: [String: String] = [:], noise: String? = "none"
      ) -> SamplerRecord {
        SamplerRecord(
          name: name ?? good.name, kind: good.kind, steps: good.steps + steps,
          prediction: prediction ?? good.prediction, timesteps: timesteps ?? good.timesteps,
          coefficients: coefficients ?? good.coefficients,
          schedule: good.schedule.merging(schedule) { $1 }, noise: noise
        ).withDigest
      }
      let bare = SamplerRecord(
        name: good.name, kind: good.kind, steps: good.steps, prediction: good.prediction,
        timesteps: good.timesteps, coefficients: good.coefficients, schedule: good.schedule)
      var nudged = good.coefficients
      nudged[1] = StepCoefficients(latent: nudged[1].latent.nextUp, prediction: nudged[1].prediction)
      #expect(changed() == good)
      let rows: [(String, [SamplerRecord])] = [
        ("none", []), ("twice", [good, good]), ("another name", [changed(name: "H")]),
        ("a step more", [changed(steps: 1)]), ("another prediction", [changed(prediction: "eps")]),
        ("timesteps turned round", [changed(timesteps: good.timesteps.reversed())]),
        ("a coefficient a unit larger", [changed(coefficients: nudged)]),
        ("a row less", [changed(coefficients: Array(good.coefficients.dropLast()))]),
        ("another schedule", [changed(schedule: ["beta_end": "0.021"])]),
        ("noise that is not there", [changed(noise: "gaussian")]), ("no digest", [bare]),
      ]
      for (name, records) in rows {
        #expect(
          Self.refusal { try RecordCheck.samplers(records, [table]) } == .sampler, "\(name)")
      }
      #expect(Self.refusal { try RecordCheck.samplers([good], []) } == .sampler)
    }
  }

  // MARK: Bounds

  @Test func boundsMayBeWiderAndNotNarrower() throws {
    let derived = Interval(0.25, 0.75)
    func code(_ lower: Double?, _ upper: Double?, _ derived: Interval?) -> ReplayError.Code? {
      Self.refusal {
        try RecordCheck.bounds(PropertyBounds(lower: lower, upper: upper), derived, step: "Rare")
      }
    }
    #expect(code(0.25, 0.75, derived) == nil)
    #expect(code(0.2, 0.8, derived) == nil)
    #expect(code(nil, 0.75, derived) == nil && code(0.25, nil, derived) == nil)
    #expect(code(0.25.nextUp, 0.75, derived) == .boundNotMet)
    #expect(code(0.25, 0.75.nextDown, derived) == .boundNotMet)
    #expect(code(nil, 0.5, derived) == .boundNotMet && code(0.5, nil, derived) == .boundNotMet)
    #expect(Self.refusal { try RecordCheck.bounds(nil, derived, step: "Rare") } == nil)
    #expect(code(0, 1, Interval.entire) == .boundNotMet)
    #expect(code(0, 1, nil) == .boundNotMet && code(nil, nil, nil) == nil)
  }
}
