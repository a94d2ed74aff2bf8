import DSpecSemantics
import DiffusionModels
import Lowering
import Replay
import RigorousArithmetic
import Tampering
import TensorGraph
import Testing
import Verifier

/// Unrolled samplers beside the textbook loop: what another sampler computes is told from what this one does.
@Suite struct LoopCheckTests {
  private static let latent = [0.75, -1.25]

  /// Loops and graphs of the denoiser of the starting project.
  private struct Samplers {
    let denoiser: Graph
    let decoder: Graph

    func coefficients(
      _ prediction: Prediction = .cleanSample, to destination: DDIMSampler.Destination = .noiseFree,
      kind: DiffusionModels.NoiseSchedule.Kind = .linear, isLeading: Bool = false, end: Int = 20
    ) throws -> DDIMCoefficients {
      let thousandth = { (value: Int) in Rational(BigInteger(value), over: BigInteger(1000)) }
      return DDIMCoefficients(
        try DDIMSampler(
          schedule: DiffusionModels.NoiseSchedule(
            kind: kind, start: thousandth(1), end: thousandth(end), stepCount: 1000),
          timesteps: isLeading ? .leading(steps: 4, of: 1000) : .trailing(steps: 4, of: 1000),
          prediction: prediction, destination: destination))
    }

    func compare(
      _ looped: DDIMCoefficients, _ unrolled: DDIMCoefficients, topic: Int = 0, other: Int = 0,
      decodes: (loop: Bool, graph: Bool) = (false, false)
    ) throws {
      let loop = SamplerLoop(
        sampler: looped.sampler, denoiser: denoiser, decoder: decodes.loop ? decoder : nil,
        timeIndex: .samplerStep)
      let graph = try SamplerUnrolling.unroll(
        denoiser: denoiser, decoder: decodes.graph ? decoder : nil, coefficients: unrolled,
        conditions: StepConditions(constant: [other], steps: 4))
      try LoopCheck.compare(
        loop, graph, at: LoopCheckTests.latent, StepConditions(constant: [topic], steps: 4), step: "G")
    }
  }

  private static func withProject(_ body: (Project, ModelLibrary) async throws -> Void) async throws {
    try await ValidBundle.inTemporaryFolder { folder in
      let project = try PipelineBundle.project([.neverUnsafe], in: folder)
      try await body(project, project.library())
    }
  }

  private static func withSamplers(_ body: (Samplers) throws -> Void) async throws {
    try await withProject { project, library in
      let sampler = try #require(project.spec.samplers.first)
      try body(
        Samplers(
          denoiser: try #require(library.networks[sampler.denoiser]),
          decoder: try #require(sampler.decoder.flatMap { library.networks[$0] })))
    }
  }

  @Test func theProjectsSamplerIsItsLoop() async throws {
    try await Self.withProject { project, library in
      #expect(throws: Never.self) { try LoopCheck.check(project.spec, library) }
    }
  }

  @Test(arguments: Prediction.allCases, DDIMSampler.Destination.allCases)
  func theSameSamplerIsAccepted(prediction: Prediction, destination: DDIMSampler.Destination) async throws {
    try await Self.withSamplers { samplers in
      for topic in 0..<2 {
        let one = try samplers.coefficients(prediction, to: destination)
        for decodes in [false, true] {
          #expect(throws: Never.self) {
            try samplers.compare(one, one, topic: topic, other: topic, decodes: (decodes, decodes))
          }
        }
      }
    }
  }

  @Test func anotherSamplerIsRefused() async throws {
    try await Self.withSamplers { samplers in
      let one = try samplers.coefficients(.noise)
      let others: [(String, DDIMCoefficients)] = [
        ("another prediction", try samplers.coefficients(.velocity)),
        ("another end", try samplers.coefficients(.noise, to: .firstTimestep)),
        ("another growth", try samplers.coefficients(.noise, kind: .scaledLinear)),
        ("other timesteps", try samplers.coefficients(.noise, isLeading: true)),
        ("another variance", try samplers.coefficients(.noise, end: 21)),
      ]
      func refusal(_ body: () throws -> Void) -> ReplayError.Code? {
        do {
          try body()
          return nil
        } catch { return (error as? ReplayError)?.code }
      }
      for (name, other) in others {
        #expect(refusal { try samplers.compare(one, other) } == .sampler, "\(name)")
        #expect(refusal { try samplers.compare(other, one) } == .sampler, "\(name)")
      }
      #expect(refusal { try samplers.compare(one, one, topic: 1) } == .sampler, "another condition")
      for decodes in [(true, false), (false, true)] {
        #expect(refusal { try samplers.compare(one, one, decodes: decodes) } == .sampler, "\(decodes)")
      }
    }
  }
}
