/// What a denoiser predicts from a noisy latent `z = sqrt(alpha_bar) x0 + sqrt(1 - alpha_bar) eps`.
package enum Prediction: String, Hashable, Sendable, CaseIterable {
  /// The clean sample `x0`.
  case cleanSample = "x0"
  /// The noise `eps`.
  case noise = "eps"
  /// The velocity `v = sqrt(alpha_bar) eps - sqrt(1 - alpha_bar) x0`.
  ///
  /// Source: Salimans, Ho, "Progressive distillation for fast sampling of diffusion models", 2022.
  case velocity = "v"
}
