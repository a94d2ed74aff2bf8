/// Training of a network that predicts the clean latent from a noisy one.
///
/// A network that predicts the mean clean latent loses variance when a sampler takes only a few steps. This one
/// therefore learns the clean latent that makes each coarse step end where many fine steps of the exact flow end,
/// which keeps the variance (Salimans, Ho, "Progressive distillation for fast sampling of diffusion models",
/// 2022, appendix G, with the closed form of `LatentFlow` as the teacher).
///
/// Inputs are the latent, then one-hot columns of the step, the class and the ink attribute, which the graph
/// holds as tables.
struct DenoiserTraining {
  let dimension: Int
  /// `alpha_bar` of each training timestep.
  let alphaBars: [Double]
  /// Timesteps of the sampler, rising.
  let timesteps: [Int]
  let settings: RecipeSettings

  /// Points of trajectories: the latent before a step and the prediction that makes the step exact.
  struct Examples {
    /// Latents before the step, one after another.
    var latents: [Double] = []
    /// Predictions, one after another.
    var targets: [Double] = []
    /// Step, class and attribute of each.
    var conditions: [(step: Int, label: Int, heavy: Int)] = []
  }

  /// Trains a network on trajectories of the flow.
  func network(
    latents: [Double], data: DigitImages, generator: inout SplitMix64, progress: (String) -> Void
  ) -> DenseNetwork {
    let (steps, classes, batch) = (timesteps.count, DigitImages.classCount, settings.denoiserBatch)
    let examples = examples(latents: latents, data: data, generator: &generator)
    progress("denoiser: \(examples.conditions.count) steps of reference trajectories")
    let columns = dimension + steps + classes + 2
    var trainee = Trainee(
      DenseNetwork(widths: [columns, settings.width, settings.width, dimension], generator: &generator),
      decay: settings.denoiserDecay, keep: 0.999)
    var inputs = [Double](repeating: 0, count: batch * columns)
    var targets = [Double](repeating: 0, count: batch * dimension)
    var gradient = targets
    var total = 0.0
    for update in 0..<settings.denoiserUpdates {
      for index in inputs.indices { inputs[index] = 0 }
      for item in 0..<batch {
        let row = generator.integer(below: examples.conditions.count)
        let start = item * columns
        for axis in 0..<dimension {
          inputs[start + axis] = examples.latents[row * dimension + axis]
          targets[item * dimension + axis] = examples.targets[row * dimension + axis]
        }
        let condition = examples.conditions[row]
        inputs[start + dimension + condition.step] = 1
        inputs[start + dimension + steps + condition.label] = 1
        inputs[start + dimension + steps + classes + condition.heavy] = 1
      }
      let results = trainee.forward(inputs)
      total += Losses.squaredDistance(results, targets, batch: batch, gradient: &gradient)
      let rate = LearningRate.falling(from: settings.rate, update: update, of: settings.denoiserUpdates)
      _ = trainee.update(gradient, rate: rate)
      if (update + 1) % 5_000 == 0 {
        progress("denoiser \(update + 1): error \((total / 5_000).short)")
        total = 0
      }
    }
    return trainee.averaged
  }

  /// Trajectories from normal latents; every class must have both attributes.
  ///
  /// Some change the attribute on the way, as attribute switching does.
  private func examples(latents: [Double], data: DigitImages, generator: inout SplitMix64) -> Examples {
    var centres = [[Double]](repeating: [], count: 2 * DigitImages.classCount)
    for (row, label) in data.labels.enumerated() {
      centres[2 * label + (data.isHeavy[row] ? 1 : 0)] += latents[row * dimension..<(row + 1) * dimension]
    }
    let flow = LatentFlow(dimension: dimension, bandwidth: settings.bandwidth, centres: centres)
    var examples = Examples()
    for _ in 0..<settings.trajectories {
      let label = generator.integer(below: DigitImages.classCount)
      var heavy = generator.integer(below: 2)
      let position =
        generator.uniform() < settings.switchedShare ? generator.integer(below: timesteps.count) : -1
      // Starts a little wider than the normal law, so that its tails are seen often enough, and starts all over
      // the box that proofs range over, so that no corner of it is left to extrapolation.
      let isInBox = generator.uniform() < settings.boxShare
      var latent = (0..<dimension).map { _ in
        isInBox ? 8 * generator.uniform() - 4 : settings.latentSpread * generator.normal()
      }
      for index in timesteps.indices.reversed() {
        if timesteps.count - 1 - index == position { heavy = 1 - heavy }
        let before = latent
        advance(&latent, from: index, condition: 2 * label + heavy, flow: flow)
        examples.latents += before
        examples.targets += prediction(from: before, to: latent, step: index)
        examples.conditions.append((index, label, heavy))
      }
    }
    return examples
  }

  /// Many fine steps in place of one coarse one; noise levels between timesteps are timesteps themselves.
  private func advance(_ latent: inout [Double], from index: Int, condition: Int, flow: LatentFlow) {
    let end = index > 0 ? timesteps[index - 1] : -1
    var mean = latent
    var timestep = timesteps[index]
    let pace = max(1, (timestep - end) / settings.fineSteps)
    while timestep > end {
      let next = max(end, timestep - pace)
      flow.step(
        &latent, condition: condition, from: alphaBars[timestep], to: next < 0 ? 1 : alphaBars[next],
        mean: &mean)
      timestep = next
    }
  }

  /// The clean latent `x` with `after = r before + (sqrt(p) - sqrt(a) r) x`, `r = sqrt((1 - p) / (1 - a))`.
  private func prediction(from before: [Double], to after: [Double], step index: Int) -> [Double] {
    let alphaBar = alphaBars[timesteps[index]]
    let next = index > 0 ? alphaBars[timesteps[index - 1]] : 1
    let ratio = ((1 - next) / (1 - alphaBar)).squareRoot()
    let factor = next.squareRoot() - alphaBar.squareRoot() * ratio
    return zip(before, after).map { ($1 - ratio * $0) / factor }
  }
}
