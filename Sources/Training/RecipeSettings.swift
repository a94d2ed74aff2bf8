/// Settings of the digits recipe; the defaults made the bundled models.
package struct RecipeSettings: Hashable, Sendable {
  /// Width of hidden layers of the autoencoder and the denoiser.
  package var width = 64
  /// Sampler steps, a divisor of the 1,000 training timesteps.
  package var steps = 10
  /// Updates of the autoencoder.
  package var autoencoderUpdates = 8_000
  /// Images in a batch of the autoencoder.
  package var autoencoderBatch = 128
  /// Updates of the denoiser.
  package var denoiserUpdates = 30_000
  /// Latents in a batch of the denoiser.
  package var denoiserBatch = 256
  /// Reference trajectories that the denoiser learns from.
  package var trajectories = 20_000
  /// Fine steps in place of one step of the sampler.
  package var fineSteps = 10
  /// Deviation of the normal kernels that smooth the law of latents.
  package var bandwidth = 0.08
  /// Share of trajectories that change the attribute on the way.
  package var switchedShare = 0.3
  /// Deviation of the latents that trajectories start from.
  package var latentSpread = 1.2
  /// Share of trajectories that start uniformly in the box `[-4, 4]^d` instead.
  package var boxShare = 0.3
  /// Greatest learning rate.
  package var rate = 2e-3
  /// Deviation of the noise on latents while the autoencoder trains.
  package var latentNoise = 0.1
  /// Weight of the cross-entropy of classes read off the latents.
  package var classWeight = 0.6
  /// Weight of the cross-entropy of the ink attribute read off the latents.
  package var inkWeight = 0.5
  /// Wanted variance of decoded images within a class, as a share of that of the images.
  package var spread = 0.8
  /// Weight of the penalty on a variance other than the wanted one.
  package var spreadWeight = 3.0
  /// Weight of the squared length of latents.
  package var latentPull = 0.05
  /// Weight decay of the autoencoder, per unit of learning rate.
  package var autoencoderDecay = 0.005
  /// Weight decay of the denoiser, per unit of learning rate.
  package var denoiserDecay = 0.01

  /// The defaults.
  package init() {}

  /// Checks that counts are positive and weights are finite and not negative.
  func check() throws(TrainingError) {
    let counts = [
      ("width", width), ("steps", steps), ("updates of the autoencoder", autoencoderUpdates),
      ("batch of the autoencoder", autoencoderBatch), ("updates of the denoiser", denoiserUpdates),
      ("batch of the denoiser", denoiserBatch), ("trajectories", trajectories), ("fine steps", fineSteps),
    ]
    for (name, count) in counts where !(1...1_000_000).contains(count) {
      throw TrainingError("\(name): \(count) is not between 1 and 1000000")
    }
    let weights = [
      ("bandwidth", bandwidth), ("share of switched trajectories", switchedShare),
      ("spread of starts", latentSpread),
      ("share of box starts", boxShare), ("spread", spread), ("spread weight", spreadWeight),
      ("learning rate", rate), ("noise on latents", latentNoise), ("class weight", classWeight),
      ("ink weight", inkWeight), ("latent pull", latentPull), ("decay of the autoencoder", autoencoderDecay),
      ("decay of the denoiser", denoiserDecay),
    ]
    for (name, weight) in weights where !(0...1_000).contains(weight) {
      throw TrainingError("\(name): \(weight) is not between 0 and 1000")
    }
  }
}
