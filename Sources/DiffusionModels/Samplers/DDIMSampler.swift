/// The deterministic DDIM sampler (`eta = 0`).
///
/// With `a = alpha_bar` at the timestep and `p = alpha_bar` at the one it leads to, a step is
/// `z' = sqrt(p) x0 + sqrt(1 - p) eps`, where `x0` and `eps` follow from the prediction. As an affine update
/// `z' = A z + B out`:
///
/// - `x0`: `eps = (z - sqrt(a) out) / sqrt(1 - a)`, so
///   `A = sqrt(1 - p) / sqrt(1 - a)`, `B = sqrt(p) - sqrt(a) A`.
/// - `eps`: `x0 = (z - sqrt(1 - a) out) / sqrt(a)`, so
///   `A = sqrt(p) / sqrt(a)`, `B = sqrt(1 - p) - sqrt(1 - a) A`.
/// - `v`: `x0 = sqrt(a) z - sqrt(1 - a) out`, `eps = sqrt(1 - a) z + sqrt(a) out`, so
///   `A = sqrt(p) sqrt(a) + sqrt(1 - p) sqrt(1 - a)`, `B = sqrt(1 - p) sqrt(a) - sqrt(p) sqrt(1 - a)`.
///
/// Source: Song, Meng, Ermon, "Denoising diffusion implicit models", 2021, equation 12.
package struct DDIMSampler: Hashable, Sendable {
  /// `alpha_bar` that the last step leads to.
  package enum Destination: String, Hashable, Sendable, CaseIterable {
    /// The clean sample: `alpha_bar = 1`.
    case noiseFree
    /// The first training timestep: `alpha_bar_0`, which some released configurations use.
    case firstTimestep
  }

  /// The forward process.
  package let schedule: NoiseSchedule
  /// The timesteps visited.
  package let timesteps: SamplerTimesteps
  /// What the network predicts.
  package let prediction: Prediction
  /// Where the last step leads.
  package let destination: Destination

  /// Makes a sampler.
  ///
  /// - Throws: `timesteps` when the timesteps belong to a schedule of another length.
  package init(
    schedule: NoiseSchedule, timesteps: SamplerTimesteps, prediction: Prediction,
    destination: Destination = .noiseFree
  ) throws(DiffusionError) {
    guard timesteps.trainingCount == schedule.stepCount else {
      throw DiffusionError(
        .timesteps,
        "timesteps of \(timesteps.trainingCount) training timesteps with a schedule of \(schedule.stepCount)")
    }
    self.schedule = schedule
    self.timesteps = timesteps
    self.prediction = prediction
    self.destination = destination
  }
}
