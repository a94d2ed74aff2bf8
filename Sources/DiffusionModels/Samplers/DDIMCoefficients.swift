package import RigorousArithmetic

/// The affine updates `z' = A z + B out` of a DDIM sampler as a table of doubles.
///
/// Row `i` belongs to the timestep `timesteps.values[i]`; a sampler runs from the last row to row 0.
package struct DDIMCoefficients: Hashable, Sendable {
  /// One update.
  package struct Row: Hashable, Sendable {
    /// Factor `A` of the latent.
    package let latent: Double
    /// Factor `B` of the network's output.
    package let output: Double

    /// Makes a row.
    package init(latent: Double, output: Double) {
      self.latent = latent
      self.output = output
    }
  }

  /// Enclosures of the exact values of one update.
  package struct Enclosure: Hashable, Sendable {
    /// Encloses the exact `A`.
    package let latent: Interval
    /// Encloses the exact `B`.
    package let output: Interval
  }

  /// Greatest distance of an entry from its enclosure, in units in the last place of the nearer end point.
  package static let tolerance = 2

  /// The sampler that the table belongs to.
  package let sampler: DDIMSampler
  /// The updates, first timestep first.
  package let table: [Row]

  /// Computes the table; the same doubles on every machine.
  package init(_ sampler: DDIMSampler) {
    self.sampler = sampler
    let alphaBars = sampler.schedule.doubleDoubleAlphaBars()
    let last = sampler.destination == .noiseFree ? DoubleDouble(1) : alphaBars[0]
    table = sampler.timesteps.values.indices.map { index in
      let a = alphaBars[sampler.timesteps.values[index]]
      let p = sampler.timesteps.predecessor(of: index).map { alphaBars[$0] } ?? last
      let (sqrtA, sqrtP) = (a.squareRoot(), p.squareRoot())
      let (sigmaA, sigmaP) = ((DoubleDouble(1) - a).squareRoot(), (DoubleDouble(1) - p).squareRoot())
      switch sampler.prediction {
      case .cleanSample:
        let latent = sigmaP / sigmaA
        return Row(latent: latent.high, output: (sqrtP - sqrtA * latent).high)
      case .noise:
        let latent = sqrtP / sqrtA
        return Row(latent: latent.high, output: (sigmaP - sigmaA * latent).high)
      case .velocity:
        return Row(
          latent: (sqrtP * sqrtA + sigmaP * sigmaA).high, output: (sigmaP * sqrtA - sqrtP * sigmaA).high)
      }
    }
  }

  /// Takes a recorded table after checking it against the enclosures.
  ///
  /// - Throws: `coefficients` when an entry lies farther from its enclosure than `tolerance`.
  package init(_ sampler: DDIMSampler, recorded table: [Row]) throws(DiffusionError) {
    try Self.check(table, of: sampler)
    self.sampler = sampler
    self.table = table
  }

  /// Checks that every entry lies within `tolerance` units in the last place of the enclosure of its formula.
  ///
  /// - Throws: `coefficients` with the timestep and the factor that fails.
  package static func check(_ table: [Row], of sampler: DDIMSampler) throws(DiffusionError) {
    let enclosures = try enclosures(of: sampler)
    guard table.count == enclosures.count else {
      throw DiffusionError(
        .coefficients, "the table has \(table.count) rows, the sampler \(enclosures.count) steps")
    }
    for (index, (row, enclosure)) in zip(table, enclosures).enumerated() {
      for (name, entry, interval) in [
        ("latent", row.latent, enclosure.latent), ("output", row.output, enclosure.output),
      ] where !isWithinTolerance(entry, of: interval) {
        throw DiffusionError(
          .coefficients,
          "the \(name) factor at timestep \(sampler.timesteps.values[index]) is \(entry), its formula gives "
            + "\(interval.lower) to \(interval.upper)",
          fix: "record the table again")
      }
    }
  }

  /// Enclosures of the exact formulas over the rational parameters, first timestep first.
  package static func enclosures(of sampler: DDIMSampler) throws(DiffusionError) -> [Enclosure] {
    let alphaBars = sampler.schedule.fixedPointAlphaBars()
    let last = sampler.destination == .noiseFree ? FixedPointInterval.one : alphaBars[0]
    var result: [Enclosure] = []
    for index in sampler.timesteps.values.indices {
      let a = alphaBars[sampler.timesteps.values[index]]
      let p = sampler.timesteps.predecessor(of: index).map { alphaBars[$0] } ?? last
      guard let enclosure = enclosure(a, p, sampler.prediction) else {
        throw DiffusionError(
          .coefficients, "no enclosure of the coefficients at timestep \(sampler.timesteps.values[index])")
      }
      result.append(enclosure)
    }
    return result
  }

  private static func enclosure(
    _ a: FixedPointInterval, _ p: FixedPointInterval, _ prediction: Prediction
  ) -> Enclosure? {
    guard let sqrtA = a.squareRoot(), let sqrtP = p.squareRoot(),
      let sigmaA = (FixedPointInterval.one - a).squareRoot(),
      let sigmaP = (FixedPointInterval.one - p).squareRoot()
    else { return nil }
    let latent: FixedPointInterval
    let output: FixedPointInterval
    switch prediction {
    case .cleanSample:
      guard let quotient = sigmaP.divided(by: sigmaA) else { return nil }
      (latent, output) = (quotient, sqrtP - sqrtA * quotient)
    case .noise:
      guard let quotient = sqrtP.divided(by: sqrtA) else { return nil }
      (latent, output) = (quotient, sigmaP - sigmaA * quotient)
    case .velocity:
      latent = sqrtP * sqrtA + sigmaP * sigmaA
      output = sigmaP * sqrtA - sqrtP * sigmaA
    }
    return Enclosure(latent: latent.interval, output: output.interval)
  }

  private static func isWithinTolerance(_ entry: Double, of interval: Interval) -> Bool {
    guard entry.isFinite, interval.isFinite else { return false }
    var (lower, upper) = (interval.lower, interval.upper)
    for _ in 0..<tolerance { (lower, upper) = (lower.nextDown, upper.nextUp) }
    return lower <= entry && entry <= upper
  }
}
