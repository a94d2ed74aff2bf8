import DiffusionModels
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing

private func coefficients(_ prediction: Prediction, training: Int = 20, steps: Int = 5) throws
  -> DDIMCoefficients
{
  DDIMCoefficients(
    try DDIMSampler(
      schedule: NoiseSchedule(kind: .linear, start: ratio(1, 100), end: ratio(1, 5), stepCount: training),
      timesteps: .trailing(steps: steps, of: training), prediction: prediction))
}

@Suite("sampler unrolling")
struct SamplerUnrollingTests {
  @Test(
    "the unrolled graph agrees with the loop", arguments: Prediction.allCases, TimeIndex.allCases)
  func agreement(prediction: Prediction, timeIndex: TimeIndex) throws {
    let coefficients = try coefficients(prediction)
    let denoiser = try FixtureNetworks.denoiser(times: timeIndex == .samplerStep ? 5 : 20)
    let decoder = try FixtureNetworks.decoder()
    var generator = SeededGenerator(seed: 21)
    for decoder in [decoder, nil] {
      let loop = SamplerLoop(
        sampler: coefficients.sampler, denoiser: denoiser, decoder: decoder, timeIndex: timeIndex)
      for conditions in [
        StepConditions(constant: [2, 1], steps: 5),
        try StepConditions(switching: [1, 0], attribute: 1, at: 2, steps: 5),
        StepConditions(values: [[0, 0], [1, 1], [2, 0], [1, 0], [0, 1]]),
      ] {
        let graph = try SamplerUnrolling.unroll(
          denoiser: denoiser, decoder: decoder, coefficients: coefficients, conditions: conditions)
        #expect(graph.inputSignature.map(\.input.name) == ["z"])
        #expect(graph.inputCount == 2)
        for _ in 0..<4 {
          let z = generator.singles(2)
          let unrolled = try graph.evaluate([z])
          let looped = try loop.sample(z, conditions: conditions)
          #expect(unrolled.count == 1 && looped.count == 1 && unrolled[0].count == looped[0].count)
          for (a, b) in zip(unrolled[0], looped[0]) { #expect(abs(a - b) <= 1e-11 * max(1, abs(b))) }
        }
      }
    }
  }

  @Test("conditions and times reach the network")
  func dependence() throws {
    let coefficients = try coefficients(.noise)
    let denoiser = try FixtureNetworks.denoiser(times: 5)
    func value(_ conditions: StepConditions) throws -> [[Double]] {
      try SamplerUnrolling.unroll(
        denoiser: denoiser, decoder: nil, coefficients: coefficients, conditions: conditions
      ).evaluate([[0.3, -0.4]])
    }
    let values = try (0...5).map { position in
      try value(StepConditions(switching: [0, 1], attribute: 1, at: position, steps: 5))
    }
    #expect(Set(values.map(\.description)).count == 6)
    #expect(try values[0] == value(StepConditions(constant: [0, 0], steps: 5)))
    #expect(try values[5] == value(StepConditions(constant: [0, 1], steps: 5)))
  }

  @Test("tables are folded: only arithmetic on the latent is left")
  func folding() throws {
    let graph = try SamplerUnrolling.unroll(
      denoiser: FixtureNetworks.denoiser(times: 5), decoder: FixtureNetworks.decoder(),
      coefficients: coefficients(.cleanSample), conditions: StepConditions(constant: [0, 0], steps: 5))
    let names = Set(graph.nodes.map(\.operation.name))
    #expect(names == ["Input", "Constant", "Concat", "Linear", "ReLU", "Scale", "Add", "Clip", "Reshape"])
    // The last step of an x0 sampler returns the prediction itself.
    #expect(graph.nodes.count(where: { $0.operation.name == "Add" }) == 4)
    #expect(graph.outputShapes.map(\.extents) == [[4]])
  }

  @Test("a graph composed with a head computes both")
  func composition() throws {
    let (denoiser, decoder) = (try FixtureNetworks.denoiser(times: 5), try FixtureNetworks.decoder())
    let conditions = StepConditions(constant: [1, 0], steps: 5)
    let whole = try SamplerUnrolling.unroll(
      denoiser: denoiser, decoder: decoder, coefficients: coefficients(.velocity), conditions: conditions)
    let latent = try SamplerUnrolling.unroll(
      denoiser: denoiser, decoder: nil, coefficients: coefficients(.velocity), conditions: conditions)
    let composed = try SamplerUnrolling.compose(latent, decoder)
    #expect(try composed.evaluate([[1, 2]]) == whole.evaluate([[1, 2]]))
    #expect(throws: DiffusionError.self) { try SamplerUnrolling.compose(whole, decoder) }
    #expect(throws: DiffusionError.self) { try SamplerUnrolling.compose(decoder, denoiser) }
    // Index inputs of the first graph stay inputs.
    #expect(
      try SamplerUnrolling.compose(denoiser, decoder).inputSignature.map(\.input.name)
        == ["z", "t", "class", "attribute"])
  }

  @Test("what does not fit is refused with the name of the input")
  func refusals() throws {
    let coefficients = try coefficients(.noise)
    let denoiser = try FixtureNetworks.denoiser(times: 5)
    func refused(
      _ denoiser: Graph, _ conditions: StepConditions, _ code: DiffusionError.Code, _ word: String,
      decoder: Graph? = nil, timeIndex: TimeIndex? = nil
    ) throws {
      let error = try #require(throws: DiffusionError.self) {
        try SamplerUnrolling.unroll(
          denoiser: denoiser, decoder: decoder, coefficients: coefficients, conditions: conditions,
          timeIndex: timeIndex)
      }
      #expect(error.code == code)
      #expect(error.description.contains(word), "\(error)")
    }
    let fine = StepConditions(constant: [0, 0], steps: 5)
    try refused(denoiser, StepConditions(constant: [0, 0], steps: 4), .condition, "4 of 5")
    try refused(denoiser, StepConditions(constant: [0], steps: 5), .condition, "1 conditions")
    try refused(denoiser, StepConditions(constant: [3, 0], steps: 5), .condition, "`class`")
    try refused(denoiser, StepConditions(constant: [0, -1], steps: 5), .condition, "`attribute`")
    try refused(try FixtureNetworks.denoiser(times: 7), fine, .timesteps, "7 times")
    try refused(denoiser, fine, .timesteps, "number 19", timeIndex: .trainingTimestep)
    try refused(try FixtureNetworks.decoder(), fine, .signature, "latent")
    try refused(denoiser, fine, .graph, "unrolled", decoder: try FixtureNetworks.decoder(latent: 3))
    try refused(denoiser, fine, .graph, "unrolled", decoder: denoiser)
    // One that takes no latent is not left out.
    var builder = GraphBuilder()
    let value = builder.constant(try Tensor(shape: Shape([1, 4]), values: [1, 2, 3, 4]))
    try refused(denoiser, fine, .graph, "takes 0 inputs", decoder: try builder.build(outputs: [value]))
    #expect(throws: DiffusionError.self) { try StepConditions(switching: [2], attribute: 0, at: 0, steps: 5) }
    #expect(throws: DiffusionError.self) { try StepConditions(switching: [1], attribute: 1, at: 0, steps: 5) }
    #expect(throws: DiffusionError.self) { try StepConditions(switching: [1], attribute: 0, at: 6, steps: 5) }
  }
}
