package import RigorousArithmetic

/// The variances `beta_t` of a forward diffusion with `N` training timesteps.
///
/// - `linear`: `beta_t = b0 + (b1 - b0) t / (N - 1)`
/// - `scaledLinear`: `beta_t = (sqrt b0 + (sqrt b1 - sqrt b0) t / (N - 1))^2`
///
/// for `t` in `0 ..< N`, and `beta_0 = b0` when `N = 1`; `alpha_bar_t` is the product of `1 - beta_s` over
/// `s <= t`.
///
/// Source: Ho, Jain, Abbeel, "Denoising diffusion probabilistic models", 2020 (linear); Rombach et al.,
/// "High-resolution image synthesis with latent diffusion models", 2022 (scaled linear).
package struct NoiseSchedule: Hashable, Sendable {
  /// How the variances grow.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Evenly spaced variances.
    case linear
    /// Evenly spaced standard deviations.
    case scaledLinear = "scaled_linear"
  }

  /// Most training timesteps.
  package static let largestStepCount = 100_000

  /// How the variances grow.
  package let kind: Kind
  /// Variance of the first timestep, exact.
  package let start: Rational
  /// Variance of the last timestep, exact.
  package let end: Rational
  /// Number of training timesteps.
  package let stepCount: Int

  /// Makes a schedule.
  ///
  /// - Throws: `schedule` unless `2^-40 <= start <= end <= 1 - 2^-40` and `1 <= stepCount <= 100000`, and when
  ///   the signal that is left at the last timestep falls below `2^-64`.
  package init(kind: Kind, start: Rational, end: Rational, stepCount: Int) throws(DiffusionError) {
    let margin = Rational(.one, over: .powerOfTwo(40))
    guard (1...Self.largestStepCount).contains(stepCount) else {
      throw DiffusionError(
        .schedule, "a schedule of \(stepCount) timesteps", fix: "use 1 to \(Self.largestStepCount)")
    }
    guard !(start < margin), !(end < start), !(Rational.one - margin < end) else {
      throw DiffusionError(
        .schedule, "the variances go from \(start.shortText) to \(end.shortText)",
        fix: "let them rise within the open unit interval")
    }
    self.kind = kind
    self.start = start
    self.end = end
    self.stepCount = stepCount
    // Doubles within a unit in the last place decide all but what lies at the limit.
    let isLarge = doubleDoubleAlphaBars().last.map { $0.high > 0x1p-63 } ?? false
    guard isLarge || fixedPointAlphaBars().last?.isAtLeast(powerOfTwo: -64) == true else {
      throw DiffusionError(
        .schedule, "the schedule leaves less than 2^-64 of the signal",
        fix: "use smaller variances or fewer timesteps")
    }
  }

  /// `alpha_bar_t` for every timestep: doubles within one unit in the last place of the exact values.
  package var alphaBars: [Double] { doubleDoubleAlphaBars().map(\.high) }

  /// Enclosures of the exact `alpha_bar_t` for every timestep.
  package var alphaBarEnclosures: [Interval] { fixedPointAlphaBars().map(\.interval) }

  func doubleDoubleAlphaBars() -> [DoubleDouble] {
    let isScaled = kind == .scaledLinear
    let first = isScaled ? DoubleDouble(start).squareRoot() : DoubleDouble(start)
    let last = isScaled ? DoubleDouble(end).squareRoot() : DoubleDouble(end)
    var product = DoubleDouble(1)
    return (0..<stepCount).map { step in
      let fraction =
        stepCount == 1 ? DoubleDouble(0) : DoubleDouble(Double(step)) / DoubleDouble(Double(stepCount - 1))
      let value = first + (last - first) * fraction
      product = product * (DoubleDouble(1) - (isScaled ? value * value : value))
      return product
    }
  }

  func fixedPointAlphaBars() -> [FixedPointInterval] {
    let isScaled = kind == .scaledLinear
    let ends = [FixedPointInterval(start), FixedPointInterval(end)]
    let roots = isScaled ? ends.compactMap { $0.squareRoot() } : ends
    guard roots.count == 2 else { return [] }
    var product = FixedPointInterval.one
    return (0..<stepCount).map { step in
      let fraction = Rational(BigInteger(step), over: BigInteger(max(stepCount - 1, 1)))
      let value = roots[0] + (roots[1] - roots[0]) * FixedPointInterval(fraction)
      product = product * (FixedPointInterval.one - (isScaled ? value * value : value))
      return product
    }
  }
}

extension Rational {
  /// The number, or its nearest double where the fraction is long.
  fileprivate var shortText: String {
    let text = "\(self)"
    return text.count <= 40 ? text : "\(roundedDown)"
  }
}
