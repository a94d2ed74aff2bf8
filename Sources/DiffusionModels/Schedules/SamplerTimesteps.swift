/// The timesteps that a sampler visits, a subset of the training timesteps.
package struct SamplerTimesteps: Hashable, Sendable {
  /// The timesteps in rising order; a sampler visits them from the last to the first.
  package let values: [Int]
  /// Distance of neighbours, `N / n`.
  package let stride: Int
  /// Number of training timesteps.
  package let trainingCount: Int

  /// Number of steps.
  package var count: Int { values.count }

  /// Trailing spacing: `(i + 1) N / n - 1` for `i` in `0 ..< n`, so that the last training timestep is visited.
  ///
  /// Source: Lin et al., "Common diffusion noise schedules and sample steps are flawed", 2024, section 3.3.
  /// - Throws: `timesteps` unless `n` divides `N`.
  package static func trailing(steps n: Int, of trainingCount: Int) throws(DiffusionError) -> SamplerTimesteps
  {
    let stride = try stride(steps: n, of: trainingCount)
    return SamplerTimesteps(
      values: (0..<n).map { ($0 + 1) * stride - 1 }, stride: stride, trainingCount: trainingCount)
  }

  /// Leading spacing: `i N / n + offset` for `i` in `0 ..< n`.
  ///
  /// - Throws: `timesteps` unless `n` divides `N` and the offset is in `0 ..< N / n`.
  package static func leading(
    steps n: Int, of trainingCount: Int, offset: Int = 0
  ) throws(DiffusionError) -> SamplerTimesteps {
    let stride = try stride(steps: n, of: trainingCount)
    guard (0..<stride).contains(offset) else {
      throw DiffusionError(.timesteps, "the offset \(offset) is not below the stride \(stride)")
    }
    return SamplerTimesteps(
      values: (0..<n).map { $0 * stride + offset }, stride: stride, trainingCount: trainingCount)
  }

  /// Timestep that step `i` leads to, nil for the last one executed, which leads to the data.
  package func predecessor(of index: Int) -> Int? {
    let timestep = values[index] - stride
    return timestep >= 0 ? timestep : nil
  }

  private static func stride(steps n: Int, of trainingCount: Int) throws(DiffusionError) -> Int {
    guard n > 0, trainingCount > 0, trainingCount % n == 0 else {
      throw DiffusionError(
        .timesteps, "\(n) steps do not divide \(trainingCount) training timesteps",
        fix: "choose a divisor of \(trainingCount)")
    }
    return trainingCount / n
  }
}
