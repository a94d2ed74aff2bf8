import DiffusionModels
import Foundation
import RigorousArithmetic
import Testing

/// Values of the diffusers library, read where `DSPEC_SHARED` names the folder that holds `data/`.
@Suite("golden schedulers")
struct GoldenSchedulerTests {
  static let shared = ProcessInfo.processInfo.environment["DSPEC_SHARED"]

  private struct Golden: Decodable {
    let linear: [String: Double]
    let scaledLinear: [String: Double]
    let trailing10: [Double]
    let trailing50: [Double]
    let leading10: [Double]
    let velocityTrailing: [Double]
    let noiseLeading: [Double]
    let sampleLeading: [Double]

    enum CodingKeys: String, CodingKey {
      case linear = "ac_linear"
      case scaledLinear = "ac_scaled_linear_sd"
      case trailing10 = "ts_DDIMScheduler_10_trailing"
      case trailing50 = "ts_DDIMScheduler_50_trailing"
      case leading10 = "ts_DDIMScheduler_10_leading"
      case velocityTrailing = "traj_ddim10_trail_v"
      case noiseLeading = "traj_ddim10_lead_eps"
      case sampleLeading = "traj_ddim10_lead_sample"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      linear = try values.decode([String: Double].self, forKey: .linear)
      scaledLinear = try values.decode([String: Double].self, forKey: .scaledLinear)
      trailing10 = try values.decode([Double].self, forKey: .trailing10)
      trailing50 = try values.decode([Double].self, forKey: .trailing50)
      leading10 = try values.decode([Double].self, forKey: .leading10)
      velocityTrailing = try values.decode([Double].self, forKey: .velocityTrailing)
      noiseLeading = try values.decode([Double].self, forKey: .noiseLeading)
      sampleLeading = try values.decode([Double].self, forKey: .sampleLeading)
    }
  }

  private func golden() throws -> Golden {
    let path = try #require(Self.shared) + "/data/golden_schedulers.json"
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func stableDiffusion() throws -> NoiseSchedule {
    try NoiseSchedule(kind: .scaledLinear, start: ratio(85, 100_000), end: ratio(12, 1000), stepCount: 1000)
  }

  @Test("alpha_bar agrees to single precision", .enabled(if: shared != nil, "DSPEC_SHARED is not set"))
  func alphaBars() throws {
    let golden = try golden()
    let linear = try NoiseSchedule(kind: .linear, start: ratio(1, 10_000), end: ratio(1, 50), stepCount: 1000)
    for (schedule, values) in [(linear, golden.linear), (try stableDiffusion(), golden.scaledLinear)] {
      let alphaBars = schedule.alphaBars
      #expect(values.count >= 5)
      for (timestep, value) in values {
        // The reference multiplies a thousand factors in float32.
        #expect(abs(alphaBars[try #require(Int(timestep))] / value - 1) < 2e-5)
      }
    }
  }

  @Test("timesteps agree", .enabled(if: shared != nil, "DSPEC_SHARED is not set"))
  func timesteps() throws {
    let golden = try golden()
    func falling(_ timesteps: SamplerTimesteps) -> [Double] { timesteps.values.reversed().map(Double.init) }
    #expect(falling(try .trailing(steps: 10, of: 1000)) == golden.trailing10)
    #expect(falling(try .trailing(steps: 50, of: 1000)) == golden.trailing50)
    #expect(falling(try .leading(steps: 10, of: 1000, offset: 1)) == golden.leading10)
  }

  @Test("whole trajectories agree", .enabled(if: shared != nil, "DSPEC_SHARED is not set"))
  func trajectories() throws {
    let golden = try golden()
    let trailing = try SamplerTimesteps.trailing(steps: 10, of: 1000)
    let leading = try SamplerTimesteps.leading(steps: 10, of: 1000, offset: 1)
    for (prediction, timesteps, expected) in [
      (Prediction.velocity, trailing, golden.velocityTrailing), (.noise, leading, golden.noiseLeading),
      (.cleanSample, leading, golden.sampleLeading),
    ] {
      let sampler = try DDIMSampler(
        schedule: stableDiffusion(), timesteps: timesteps, prediction: prediction, destination: .firstTimestep
      )
      let table = DDIMCoefficients(sampler).table
      var z = [0.5, -1, 2, 0.25]
      for index in table.indices.reversed() {
        // The reference's stand-in for a network.
        let drift = 0.2 * sin(Double(timesteps.values[index]) / 100)
        z = z.map { table[index].latent * $0 + table[index].output * (0.1 * $0 + drift) }
      }
      for (value, reference) in zip(z, expected) {
        #expect(abs(value - reference) <= 2e-5 * max(1, abs(reference)))
      }
    }
  }
}
