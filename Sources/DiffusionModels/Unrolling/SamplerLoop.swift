import RigorousArithmetic
package import TensorGraph

/// Runs a DDIM sampler as a loop in plain doubles, in the textbook form of its step.
///
/// A second derivation of the unrolled graph: it shares neither the coefficient table nor the graph inlining, and
/// computes `alpha_bar` by the plain product. Values agree up to rounding; nothing is proved with them.
package struct SamplerLoop: Sendable {
  private let sampler: DDIMSampler
  private let denoiser: Graph
  private let decoder: Graph?
  private let timeIndex: TimeIndex
  private let alphaBars: [Double]

  /// Makes a loop.
  package init(
    sampler: DDIMSampler, denoiser: Graph, decoder: Graph?, timeIndex: TimeIndex
  ) {
    self.sampler = sampler
    self.denoiser = denoiser
    self.decoder = decoder
    self.timeIndex = timeIndex
    alphaBars = Self.cumulativeProduct(sampler.schedule)
  }

  /// The decoded sample of a latent at the last timestep.
  ///
  /// - Parameters:
  ///   - latent: `d` numbers.
  ///   - conditions: values of the condition inputs at every step, first executed step first.
  package func sample(
    _ latent: [Double], conditions: StepConditions
  ) throws(DiffusionError) -> [[Double]] {
    guard conditions.values.count == sampler.timesteps.count else {
      throw DiffusionError(
        .condition, "conditions for \(conditions.values.count) of \(sampler.timesteps.count) steps")
    }
    var z = latent
    for (condition, index) in zip(conditions.values, sampler.timesteps.values.indices.reversed()) {
      let timestep = sampler.timesteps.values[index]
      let time = timeIndex == .samplerStep ? index : timestep
      let output = try evaluate(denoiser, [z, [Double(time)]] + condition.map { [Double($0)] })
      guard let prediction = output.first, prediction.count == z.count else {
        throw DiffusionError(.signature, "the denoiser gives a value of another size than its latent")
      }
      let next = timestep - sampler.timesteps.stride
      z = step(z, prediction, alphaBars[timestep], next >= 0 ? alphaBars[next] : lastAlphaBar)
    }
    guard let decoder else { return [z] }
    return try evaluate(decoder, [z])
  }

  private var lastAlphaBar: Double { sampler.destination == .noiseFree ? 1 : alphaBars[0] }

  /// Clean sample and noise from the prediction, then the point between them at the next noise level.
  private func step(_ z: [Double], _ output: [Double], _ alphaBar: Double, _ next: Double) -> [Double] {
    let signal = alphaBar.squareRoot()
    let sigma = (1 - alphaBar).squareRoot()
    return zip(z, output).map { z, output in
      let clean: Double
      let noise: Double
      switch sampler.prediction {
      case .cleanSample:
        clean = output
        noise = (z - signal * clean) / sigma
      case .noise:
        noise = output
        clean = (z - sigma * noise) / signal
      case .velocity:
        clean = signal * z - sigma * output
        noise = sigma * z + signal * output
      }
      return next.squareRoot() * clean + (1 - next).squareRoot() * noise
    }
  }

  private func evaluate(_ graph: Graph, _ arguments: [[Double]]) throws(DiffusionError) -> [[Double]] {
    do {
      return try graph.evaluate(arguments)
    } catch {
      throw DiffusionError(.graph, "\(error)")
    }
  }

  private static func cumulativeProduct(_ schedule: NoiseSchedule) -> [Double] {
    let (start, end) = (schedule.start.roundedDown, schedule.end.roundedDown)
    var product = 1.0
    return (0..<schedule.stepCount).map { timestep in
      let fraction = schedule.stepCount == 1 ? 0 : Double(timestep) / Double(schedule.stepCount - 1)
      switch schedule.kind {
      case .linear: product *= 1 - (start + (end - start) * fraction)
      case .scaledLinear:
        let deviation = start.squareRoot() + (end.squareRoot() - start.squareRoot()) * fraction
        product *= 1 - deviation * deviation
      }
      return product
    }
  }
}
