package import DiffusionModels
import RigorousArithmetic
package import TensorGraph

/// A recipe for a latent diffusion model of 8x8 digits.
///
/// An autoencoder maps images to a few latents; a perceptron predicts the clean latent from a noisy one, the
/// sampler's step, the class and the ink attribute (more pixel sum than the median of the class). The same seed
/// gives the same bytes on one kind of processor; OpenBLAS may order sums differently on another kind.
package struct DigitsRecipe: Sendable {
  private let images: [[Double]]
  private let labels: [Int]
  private let seed: UInt64
  private let latentDimension: Int
  private let settings: RecipeSettings

  /// Makes a recipe.
  ///
  /// - Parameters:
  ///   - images: 64 pixels in `[0, 1]` each, row by row.
  ///   - labels: classes `0 ... 9`.
  ///   - seed: where all randomness comes from.
  ///   - latentDimension: number of latents, 1 to 64.
  ///   - settings: lengths and weights of the training.
  package init(
    images: [[Double]], labels: [Int], seed: UInt64, latentDimension: Int,
    settings: RecipeSettings = RecipeSettings()
  ) {
    self.images = images
    self.labels = labels
    self.seed = seed
    self.latentDimension = latentDimension
    self.settings = settings
  }

  /// Trains autoencoder and denoiser.
  ///
  /// - Parameter progress: takes a line now and then.
  /// - Throws: `TrainingError` for data or settings that the recipe cannot use.
  package func train(progress: (String) -> Void = { _ in }) throws(TrainingError) -> TrainedPipeline {
    let data = try DigitImages(images: images, labels: labels)
    try settings.check()
    for label in 0..<DigitImages.classCount {
      let kinds = Set(zip(data.labels, data.isHeavy).filter { $0.0 == label }.map(\.1))
      guard kinds.count == 2 else {
        throw TrainingError("class \(label) lacks light or heavy images; give at least two of different ink")
      }
    }
    guard (1...DigitImages.pixelCount).contains(latentDimension) else {
      throw TrainingError("\(latentDimension) latents; use 1 to 64")
    }
    var log: [String] = []
    func report(_ line: String) {
      log.append(line)
      progress(line)
    }
    do {
      let sampler = try Self.sampler(steps: settings.steps)
      var generator = SplitMix64(seed: seed)
      let autoencoder = Autoencoder(
        data: data, dimension: latentDimension, settings: settings, generator: &generator, progress: report)
      let denoiser = DenoiserTraining(
        dimension: latentDimension, alphaBars: sampler.schedule.alphaBars,
        timesteps: sampler.timesteps.values,
        settings: settings
      ).network(latents: autoencoder.latents, data: data, generator: &generator, progress: report)
      let reconstructions = reconstructions(autoencoder, data)
      return TrainedPipeline(
        sampler: sampler,
        encoder: try GraphExport.perceptron(autoencoder.encoder.rounded, input: "x"),
        denoiser: try GraphExport.denoiser(
          denoiser.rounded, dimension: latentDimension, steps: settings.steps),
        decoder: try GraphExport.perceptron(
          autoencoder.decoder.rounded, input: "z", ending: .clip(Clip(lower: 0, upper: 1))),
        latents: autoencoder.latents, reconstructions: reconstructions.images,
        legible: reconstructions.legible, log: log)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw TrainingError("the networks cannot be built: \(error)")
    }
  }

  /// The sampler of the recipe: DDIM with `eta = 0` over trailing timesteps of a linear schedule.
  package static func sampler(steps: Int) throws(DiffusionError) -> DDIMSampler {
    let schedule = try NoiseSchedule(
      kind: .linear, start: Rational(decimal: "0.0001") ?? .zero, end: Rational(decimal: "0.02") ?? .zero,
      stepCount: 1_000)
    return try DDIMSampler(
      schedule: schedule, timesteps: .trailing(steps: steps, of: 1_000), prediction: .cleanSample)
  }

  /// Decoded latents of the images, and which of them the reader gives the image's class.
  private func reconstructions(
    _ autoencoder: Autoencoder, _ data: DigitImages
  ) -> (images: [[Double]], legible: [Bool]) {
    let (pixels, classes) = (DigitImages.pixelCount, DigitImages.classCount)
    let decoded = autoencoder.decoder(autoencoder.latents).map { min(1, max(0, $0)) }
    let scores = autoencoder.reader(autoencoder.latents)
    let images = (0..<data.count).map { Array(decoded[$0 * pixels..<($0 + 1) * pixels]) }
    let legible = (0..<data.count).map { item in
      let row = Array(scores[item * (classes + 1)..<item * (classes + 1) + classes])
      return row.indices.max { row[$0] < row[$1] } == data.labels[item]
    }
    return (images, legible)
  }
}

/// A trained generator: the graphs, the sampler that belongs to them and what was seen while training.
package struct TrainedPipeline: Sendable {
  /// The sampler that the denoiser was trained for.
  package let sampler: DDIMSampler
  /// Input `x` of 64 pixels; the latent.
  package let encoder: Graph
  /// Inputs `z`, `t`, `c`, `s`; the clean latent.
  package let denoiser: Graph
  /// Input `z`; 64 pixels in `[0, 1]`.
  package let decoder: Graph
  /// Latents of the training images, image by image, before weights were rounded.
  package let latents: [Double]
  /// Decoded latents of the training images.
  package let reconstructions: [[Double]]
  /// Which reconstructions still show the class of their image to the reader of latents.
  package let legible: [Bool]
  /// Lines of progress.
  package let log: [String]

  /// The whole generator as one graph from the latent at the last timestep to pixels.
  ///
  /// - Parameters:
  ///   - label: the class asked for.
  ///   - heavy: the ink attribute asked for.
  ///   - position: number of steps after which the attribute takes the other value; nil for never.
  package func generator(
    label: Int, heavy: Bool, switchingAfter position: Int? = nil
  ) throws(DiffusionError) -> Graph {
    let steps = sampler.timesteps.count
    return try SamplerUnrolling.unroll(
      denoiser: denoiser, decoder: decoder, coefficients: DDIMCoefficients(sampler),
      conditions: StepConditions(
        switching: [label, heavy ? 1 : 0], attribute: 1, at: position ?? steps, steps: steps))
  }
}
