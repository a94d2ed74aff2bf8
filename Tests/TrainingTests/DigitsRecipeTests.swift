import Inference
import TensorGraph
import Testing
import Training

@Suite struct DigitsRecipeTests {
  /// Ten blurred bars of two strengths, some noise: easy classes with an ink attribute.
  static let bars: (images: [[Double]], labels: [Int]) = {
    var generator = SplitMix64(seed: 1)
    var (images, labels): ([[Double]], [Int]) = ([], [])
    for index in 0..<300 {
      let label = index % 10
      let strength = 0.4 + 0.5 * generator.uniform()
      images.append(
        (0..<64).map { pixel in
          let isOn = label < 5 ? pixel / 8 == label + 1 : pixel % 8 == label - 4
          return min(1, max(0, (isOn ? strength : 0.05) + 0.03 * generator.normal()))
        })
      labels.append(label)
    }
    return (images, labels)
  }()

  static func recipe(seed: UInt64, dimension: Int = 2) -> DigitsRecipe {
    var settings = RecipeSettings()
    settings.width = 32
    settings.steps = 5
    settings.autoencoderUpdates = 1_500
    settings.denoiserUpdates = 1_500
    settings.trajectories = 1_000
    // Few trajectories: none to spare for the corners of the box.
    settings.boxShare = 0
    return DigitsRecipe(
      images: bars.images, labels: bars.labels, seed: seed, latentDimension: dimension, settings: settings)
  }

  static let trained = Result { try recipe(seed: 3).train() }

  @Test func latentsHaveMeanZeroAndVarianceOne() throws {
    let pipeline = try Self.trained.get()
    let count = Double(Self.bars.labels.count)
    for axis in 0..<2 {
      let values = stride(from: axis, to: pipeline.latents.count, by: 2).map { pipeline.latents[$0] }
      let mean = values.reduce(0, +) / count
      #expect(abs(mean) < 1e-9)
      #expect(abs(values.reduce(0) { $0 + $1 * $1 } / count - 1) < 1e-9)
    }
  }

  /// The normalisation is folded into the graphs: they agree with what was measured without them.
  @Test func graphsAgreeWithTheTrainedNetworks() throws {
    let pipeline = try Self.trained.get()
    for index in stride(from: 0, to: 300, by: 37) {
      let latent = try pipeline.encoder.evaluate([Self.bars.images[index]])[0]
      for axis in 0..<2 { #expect(abs(latent[axis] - pipeline.latents[2 * index + axis]) < 1e-2) }
      let stored = Array(pipeline.latents[2 * index..<2 * index + 2])
      for (pixel, expected) in zip(
        try pipeline.decoder.evaluate([stored])[0], pipeline.reconstructions[index])
      {
        #expect(abs(pixel - expected) < 1e-2)
      }
    }
  }

  @Test func weightsAreMultiplesOfTwoToTheMinusSixteen() throws {
    let pipeline = try Self.trained.get()
    for graph in [pipeline.encoder, pipeline.denoiser, pipeline.decoder] {
      for node in graph.nodes {
        var values: [Double] = []
        switch node.operation {
        case .constant(let tensor): values = tensor.values
        case .linear(let linear): values = linear.weights.values + linear.bias.values
        default: break
        }
        #expect(values.allSatisfy { ($0 * 65_536).rounded() == $0 * 65_536 && Double(Float($0)) == $0 })
      }
    }
    #expect(pipeline.denoiser.inputSignature.map(\.input.name) == ["z", "t", "c", "s"])
    #expect(pipeline.denoiser.inputSignature.map(\.input.kind) == [.real, .index, .index, .index])
  }

  /// Generated images are near the class asked for and keep the spread of the reconstructions.
  @Test func generatedImagesShowTheirClass() throws {
    let pipeline = try Self.trained.get()
    var generator = SplitMix64(seed: 6)
    let latents = (0..<2 * 100).map { _ in generator.normal() }
    var correct = 0
    for label in 0..<10 {
      var program = BatchProgram(try pipeline.generator(label: label, heavy: label % 2 == 0))
      let pixels = try program.values(inputs: latents, batch: 100)
      for item in 0..<100 {
        let image = pixels[item * 64..<(item + 1) * 64]
        #expect(image.allSatisfy { (0...1).contains($0) })
        correct += Self.nearestClass(Array(image)) == label ? 1 : 0
      }
    }
    #expect(correct > 800)
  }

  @Test func headsReadImages() throws {
    var recipe = HeadsRecipe(
      images: Self.bars.images, labels: Self.bars.labels, pipelines: [try Self.trained.get()], unsafeClass: 8,
      seed: 5)
    recipe.updates = 600
    let heads = try recipe.train()
    var (unsafe, judged) = (0, 0)
    for (image, label) in zip(Self.bars.images, Self.bars.labels) {
      if (try heads.unsafe.evaluate([image])[0][0] > 0.5) == (label == 8) { unsafe += 1 }
      let scores = try heads.judge.evaluate([image])[0]
      if scores.indices.max(by: { scores[$0] < scores[$1] }) == label { judged += 1 }
    }
    #expect(unsafe > 285)
    #expect(judged > 285)
  }

  @Test func theSeedDecidesEverything() throws {
    let first = try Self.trained.get()
    let second = try Self.recipe(seed: 3).train()
    #expect(first.encoder == second.encoder)
    #expect(first.denoiser == second.denoiser)
    #expect(first.decoder == second.decoder)
    #expect(first.log == second.log)
    #expect(try Self.recipe(seed: 4).train().decoder != first.decoder)
  }

  @Test(arguments: [
    ([[Double]](), [Int]()), ([[0.5]], [1]), ([[Double](repeating: 2, count: 64)], [1]),
    ([[Double](repeating: .nan, count: 64)], [1]), ([[Double](repeating: 0, count: 64)], [10]),
    ([[Double](repeating: 0, count: 64)], [1, 2]),
  ]) func dataThatFitNotAreErrors(images: [[Double]], labels: [Int]) {
    #expect(throws: TrainingError.self) {
      try DigitsRecipe(images: images, labels: labels, seed: 1, latentDimension: 2).train()
    }
  }

  @Test(arguments: [0, 3]) func stepsThatDoNotDivideTheScheduleAreErrors(steps: Int) {
    var settings = RecipeSettings()
    settings.steps = steps
    #expect(throws: TrainingError.self) {
      try DigitsRecipe(
        images: Self.bars.images, labels: Self.bars.labels, seed: 1, latentDimension: 2, settings: settings
      ).train()
    }
  }

  private static func nearestClass(_ image: [Double]) -> Int {
    var (best, label) = (Double.infinity, -1)
    for (index, other) in bars.images.enumerated() {
      let distance = zip(image, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      if distance < best { (best, label) = (distance, bars.labels[index]) }
    }
    return label
  }
}
