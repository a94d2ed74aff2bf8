import DiffusionModels
import RigorousArithmetic
import SeededDraws
import Testing

private typealias Row = DDIMCoefficients.Row

private func sampler(
  _ prediction: Prediction, kind: NoiseSchedule.Kind = .scaledLinear, training: Int = 1000, steps: Int = 10,
  destination: DDIMSampler.Destination = .noiseFree
) throws -> DDIMSampler {
  try DDIMSampler(
    schedule: NoiseSchedule(kind: kind, start: ratio(85, 100_000), end: ratio(12, 1000), stepCount: training),
    timesteps: .trailing(steps: steps, of: training), prediction: prediction, destination: destination)
}

@Suite("DDIM")
struct DDIMTests {
  @Test("trailing timesteps end at the last training timestep")
  func trailing() throws {
    let timesteps = try SamplerTimesteps.trailing(steps: 10, of: 1000)
    #expect(timesteps.values == [99, 199, 299, 399, 499, 599, 699, 799, 899, 999])
    #expect(timesteps.predecessor(of: 9) == 899 && timesteps.predecessor(of: 0) == nil)
    #expect(try SamplerTimesteps.trailing(steps: 4, of: 4).values == [0, 1, 2, 3])
    for (steps, training) in [(3, 10), (0, 10), (-1, 10), (1, 0), (20, 10)] {
      #expect(throws: DiffusionError.self) { try SamplerTimesteps.trailing(steps: steps, of: training) }
    }
    #expect(throws: DiffusionError.self) { try SamplerTimesteps.leading(steps: 10, of: 10, offset: 1) }
  }

  @Test("one step from signal 3/5 has rational coefficients")
  func rational() throws {
    let schedule = try NoiseSchedule(kind: .linear, start: ratio(16, 25), end: ratio(16, 25), stepCount: 1)
    let expected: [Prediction: Row] = [
      .cleanSample: Row(latent: 0, output: 1), .noise: Row(latent: 5.0 / 3, output: -4.0 / 3),
      .velocity: Row(latent: 0.6, output: -0.8),
    ]
    for prediction in Prediction.allCases {
      let sampler = try DDIMSampler(
        schedule: schedule, timesteps: .trailing(steps: 1, of: 1), prediction: prediction)
      #expect(DDIMCoefficients(sampler).table == [try #require(expected[prediction])])
      let enclosure = try DDIMCoefficients.enclosures(of: sampler)[0]
      let exact: [Prediction: (Rational, Rational)] = [
        .cleanSample: (.zero, .one), .noise: (ratio(5, 3), ratio(-4, 3)),
        .velocity: (ratio(3, 5), ratio(-4, 5)),
      ]
      let (latent, output) = try #require(exact[prediction])
      #expect(enclosure.latent.contains(latent) && enclosure.output.contains(output))
    }
  }

  @Test("a step keeps the clean sample and the noise", arguments: Prediction.allCases)
  func consistency(prediction: Prediction) throws {
    var generator = SeededGenerator(seed: 1)
    let sampler = try sampler(prediction)
    let alphaBars = sampler.schedule.alphaBars
    for (index, row) in DDIMCoefficients(sampler).table.enumerated() {
      let (clean, noise) = (
        Double.random(in: -1...1, using: &generator), Double.random(in: -3...3, using: &generator)
      )
      let a = alphaBars[sampler.timesteps.values[index]]
      let p = sampler.timesteps.predecessor(of: index).map { alphaBars[$0] } ?? 1
      let z = a.squareRoot() * clean + (1 - a).squareRoot() * noise
      let output: Double
      switch prediction {
      case .cleanSample: output = clean
      case .noise: output = noise
      case .velocity: output = a.squareRoot() * noise - (1 - a).squareRoot() * clean
      }
      let expected = p.squareRoot() * clean + (1 - p).squareRoot() * noise
      #expect(abs(row.latent * z + row.output * output - expected) < 1e-13)
    }
  }

  @Test(
    "tables lie within their enclosures, which are as tight as doubles allow", arguments: Prediction.allCases,
    NoiseSchedule.Kind.allCases)
  func enclosures(prediction: Prediction, kind: NoiseSchedule.Kind) throws {
    for (training, steps) in [(1000, 50), (10, 10), (1, 1)] {
      for destination in DDIMSampler.Destination.allCases {
        let sampler = try sampler(
          prediction, kind: kind, training: training, steps: steps, destination: destination)
        let table = DDIMCoefficients(sampler).table
        try DDIMCoefficients.check(table, of: sampler)
        for enclosure in try DDIMCoefficients.enclosures(of: sampler) {
          // An exact value that is a double may lie between two neighbours; a difference that cancels to zero
          // keeps a width of a few units of the grid of 2^-256.
          for interval in [enclosure.latent, enclosure.output] {
            #expect(interval.upper <= interval.lower.nextUp.nextUp || interval.magnitude < 0x1p-180)
          }
        }
        #expect(try DDIMCoefficients(sampler, recorded: table).table == table)
      }
    }
  }

  @Test("a changed table is refused", arguments: Prediction.allCases)
  func tampering(prediction: Prediction) throws {
    let sampler = try sampler(prediction)
    let table = DDIMCoefficients(sampler).table
    for index in table.indices.dropFirst() {
      for direction in [-1.0, 1] {
        var changed = table
        let row = table[index]
        changed[index] = Row(latent: row.latent + direction * 8 * row.latent.ulp, output: row.output)
        #expect(throws: DiffusionError.self) { try DDIMCoefficients.check(changed, of: sampler) }
        changed[index] = Row(latent: row.latent, output: row.output + direction * 8 * row.output.ulp)
        let error = try #require(throws: DiffusionError.self) {
          try DDIMCoefficients(sampler, recorded: changed)
        }
        #expect(error.code == .coefficients)
        #expect(error.description.contains("timestep \(sampler.timesteps.values[index])"))
      }
    }
    #expect(throws: DiffusionError.self) { try DDIMCoefficients.check(Array(table.dropLast()), of: sampler) }
    let broken = [Row](repeating: Row(latent: .nan, output: .infinity), count: table.count)
    #expect(throws: DiffusionError.self) { try DDIMCoefficients.check(broken, of: sampler) }
  }
}
