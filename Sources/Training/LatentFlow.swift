/// The probability flow of latents that follow a kernel density of data, solved by fine DDIM steps.
///
/// The density of clean latents is a mixture of normals of deviation `bandwidth` at the data. At noise level
/// `a = alpha_bar` the mean of the clean latent given the noisy one has a closed form: components weigh
/// `exp(-|z - sqrt(a) mu|^2 / (2 v))` with `v = a h^2 + 1 - a`, and each has the mean
/// `mu + (sqrt(a) h^2 / v) (z - sqrt(a) mu)`.
package struct LatentFlow: Sendable {
  private let dimension: Int
  private let bandwidth: Double
  /// Centres for every condition, one after another.
  private let centres: [[Double]]

  /// - Parameter centres: latents of each condition; none may be empty.
  package init(dimension: Int, bandwidth: Double, centres: [[Double]]) {
    self.dimension = dimension
    self.bandwidth = bandwidth
    self.centres = centres
  }

  /// Mean of the clean latent given a noisy one, written to `mean`.
  package func cleanMean(_ latent: [Double], condition: Int, alphaBar: Double, into mean: inout [Double]) {
    let signal = alphaBar.squareRoot()
    let kernel = bandwidth * bandwidth
    let variance = alphaBar * kernel + 1 - alphaBar
    let own = centres[condition]
    var least = Double.infinity
    for start in stride(from: 0, to: own.count, by: dimension) {
      least = min(least, distance(latent, own, start, signal))
    }
    for axis in 0..<dimension { mean[axis] = 0 }
    var total = 0.0
    for start in stride(from: 0, to: own.count, by: dimension) {
      let excess = (distance(latent, own, start, signal) - least) / (2 * variance)
      if excess > 40 { continue }
      let weight = Elementary.exp(-excess)
      total += weight
      for axis in 0..<dimension { mean[axis] += weight * own[start + axis] }
    }
    for axis in 0..<dimension {
      let centre = mean[axis] / total
      mean[axis] = centre + signal * kernel / variance * (latent[axis] - signal * centre)
    }
  }

  /// One DDIM step with `eta = 0` from one noise level to a lower one.
  package func step(
    _ latent: inout [Double], condition: Int, from alphaBar: Double, to next: Double, mean: inout [Double]
  ) {
    cleanMean(latent, condition: condition, alphaBar: alphaBar, into: &mean)
    let ratio = ((1 - next) / (1 - alphaBar)).squareRoot()
    let factor = next.squareRoot() - alphaBar.squareRoot() * ratio
    for axis in 0..<dimension { latent[axis] = ratio * latent[axis] + factor * mean[axis] }
  }

  private func distance(_ latent: [Double], _ own: [Double], _ start: Int, _ signal: Double) -> Double {
    var sum = 0.0
    for axis in 0..<dimension {
      let difference = latent[axis] - signal * own[start + axis]
      sum += difference * difference
    }
    return sum
  }
}
