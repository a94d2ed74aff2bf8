// Definition. Sample i of a law under a seed reads the words of stream 0 and index i of the counter-based
// generator: lane 0 chooses the case (an exact comparison with the cumulated rational weights), lane 1 + a gives
// coordinate a through the quantile function of its law. Only + - * / and square roots of IEEE 754 doubles are
// used, each correctly rounded, so the bits are the same on every machine and in every order.
//
// Assumption of every statement about the samples: they are independent draws of the law. They are pseudorandom
// (ChaCha20), case frequencies are exact to 2^-52, and coordinates are rounded to doubles.

package import RigorousArithmetic
import Statistics
package import VerificationProblem

/// One draw of a law.
package struct SamplePoint: Hashable, Sendable {
  /// The case drawn, an index of the weights.
  package let caseIndex: Int
  /// The coordinates drawn; in the exact support of their laws.
  package let point: [Double]
}

/// The samples of a law: number `i` is a pure function of the seed and `i`.
package struct SampleSource: Hashable, Sendable {
  private let generator: CounterGenerator
  private let choice: Categorical
  private let axes: [AxisSampler]

  /// The samples of independent coordinates and of a case.
  ///
  /// - Parameters:
  ///   - weights: probability of each case; nonnegative, summing to exactly one.
  ///   - seed: 32 bytes.
  package init(law: [AxisLaw], weights: [Rational], seed: [UInt8]) throws(SampleLawError) {
    guard let generator = CounterGenerator(seed: seed) else { throw .seedLength(seed.count) }
    guard !weights.isEmpty, weights.allSatisfy({ $0.signum >= 0 }) else { throw .noChoice }
    let sum = weights.reduce(.zero, +)
    guard sum == .one else { throw .weights(sum: sum) }
    guard let choice = Categorical(weights: weights) else { throw .noChoice }
    var axes: [AxisSampler] = []
    for (position, axis) in law.enumerated() {
      guard let sampler = AxisSampler(axis) else { throw .unusableAxis(position) }
      axes.append(sampler)
    }
    self.generator = generator
    self.choice = choice
    self.axes = axes
  }

  /// The samples that a question about a probability speaks of.
  ///
  /// - Throws: also `SampleLawError.noLaw` for a question about every point.
  package init(_ obligation: Obligation, seed: [UInt8]) throws(SampleLawError) {
    guard case .measure(let law, _) = obligation.question else { throw .noLaw(obligation.name) }
    try self.init(law: law, weights: obligation.cases.map(\.weight), seed: seed)
  }

  /// Number of coordinates.
  package var dimension: Int { axes.count }

  /// Number of cases.
  package var caseCount: Int { choice.count }

  /// Sample number `index`.
  ///
  /// - Precondition: `index` is not negative.
  package func sample(_ index: Int) -> SamplePoint {
    precondition(index >= 0, "samples are numbered from 0")
    var draws = generator.draws(stream: 0, index: UInt64(index))
    let caseIndex = choice.category(numerator: draws.uniformNumerator())
    return SamplePoint(caseIndex: caseIndex, point: axes.map { $0.value(draws.uniform()) })
  }
}
