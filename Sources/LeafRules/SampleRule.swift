package import RigorousArithmetic
import Statistics
package import TensorGraph
package import VerificationProblem

/// Samples of an obligation's law: point `i` is a function of the seed and `i` alone, so that anyone can draw it
/// again, in any order and on any machine.
///
/// Lane 0 of draw `i` chooses the case by its exact weight, lane `1 + a` gives coordinate `a` through the inverse
/// distribution function, computed from IEEE operations only.
package struct SampleRule: Sendable {
  private enum Axis: Sendable {
    case normal(mean: Double, deviation: Double)
    case truncated(TruncatedNormal, mean: Double, deviation: Double)
    case uniform(lower: Double, upper: Double)
  }

  /// Counts over a stretch of samples.
  package struct Counts: Hashable, Sendable {
    /// Samples on which the event certainly holds.
    package var hits = 0
    /// Samples that rounding leaves open.
    package var undecided = 0
    /// All samples.
    package var total = 0

    /// No samples.
    package init() {}

    /// Adds the counts of another stretch.
    package mutating func add(_ other: Counts) {
      hits += other.hits
      undecided += other.undecided
      total += other.total
    }
  }

  private let generator: CounterGenerator
  private let choice: Categorical
  private let axes: [Axis]
  private let cases: [CompiledCase]

  /// Prepares the samples of a measure; nil for another question, weights that do not sum to one, a law whose
  /// parameters are out of range, or a seed that is not 32 bytes.
  ///
  /// - Throws: `GraphError.unsupported` when a graph has an operator without a rule.
  package init?(_ obligation: Obligation, seed: [UInt8]) throws(GraphError) {
    guard case .measure(let law, _) = obligation.question,
      let generator = CounterGenerator(seed: seed),
      obligation.cases.reduce(Rational(0), { $0 + $1.weight }) == Rational(1),
      let choice = Categorical(weights: obligation.cases.map(\.weight))
    else { return nil }
    var axes: [Axis] = []
    for axis in law {
      switch axis {
      case .normal(let mean, let deviation):
        axes.append(.normal(mean: mean.enclosure.midpoint, deviation: deviation.enclosure.midpoint))
      case .truncatedNormal(let mean, let deviation, let range):
        let centre = mean.enclosure.midpoint
        let width = deviation.enclosure.midpoint
        guard
          let truncated = TruncatedNormal(
            from: (range.lower.enclosure.midpoint - centre) / width,
            to: (range.upper.enclosure.midpoint - centre) / width)
        else { return nil }
        axes.append(.truncated(truncated, mean: centre, deviation: width))
      case .uniform(let range):
        axes.append(.uniform(lower: range.lower.enclosure.midpoint, upper: range.upper.enclosure.midpoint))
      }
    }
    var cases: [CompiledCase] = []
    for item in obligation.cases { cases.append(try CompiledCase(item)) }
    self.generator = generator
    self.choice = choice
    self.axes = axes
    self.cases = cases
  }

  /// Sample number `index`.
  package func sample(_ index: Int) -> (caseIndex: Int, point: [Double]) {
    var draws = generator.draws(stream: 0, index: UInt64(index))
    let caseIndex = choice.category(numerator: draws.uniformNumerator())
    let point = axes.map { axis -> Double in
      let u = draws.uniform()
      switch axis {
      case .normal(let mean, let deviation): return mean + deviation * Variate.normal(u)
      case .truncated(let law, let mean, let deviation): return mean + deviation * law.value(u)
      case .uniform(let lower, let upper): return Variate.uniform(u, from: lower, to: upper)
      }
    }
    return (caseIndex, point)
  }

  /// Evaluates samples in enclosures; a sample whose event rounding leaves open is counted as undecided.
  package func counts(_ range: Range<Int>) -> Counts {
    let workspace = Workspace()
    let evaluators = cases.map { CellEvaluator($0, workspace: workspace) }
    var counts = Counts()
    for index in range {
      let (caseIndex, point) = sample(index)
      switch evaluators[caseIndex].truth(on: Cell(lower: point, upper: point), rule: .interval) {
      case .some(true): counts.hits += 1
      case .some(false): break
      case nil: counts.undecided += 1
      }
    }
    counts.total = range.count
    return counts
  }

  /// Counts over the first `count` samples on several workers; the same for any number of them.
  package func counts(first count: Int, workers: Int) async -> Counts {
    let parts = Swift.max(1, Swift.min(workers, count / 64))
    return await withTaskGroup(of: Counts.self) { group in
      for part in 0..<parts {
        group.addTask { counts(part * count / parts..<(part + 1) * count / parts) }
      }
      var sum = Counts()
      for await part in group { sum.add(part) }
      return sum
    }
  }
}

/// The decision on a measure's bounds from counts.
///
/// With several bounds each is tested at confidence `1 - (1 - c) / m` (Bonferroni), so that all hold together at
/// confidence `c`.
package struct SampleDecision: Sendable {
  /// True when every bound is supported, false when one is contradicted, nil otherwise.
  package let supported: Bool?
  /// Confidence limits of the measure.
  package let limits: Interval

  /// Decides; nil when the counts are not counts or the confidence is not a probability.
  package init?(_ counts: SampleRule.Counts, bounds: [MeasureBound], confidence: Rational) {
    guard let share = (Rational(1) - confidence).divided(by: Rational(Swift.max(1, bounds.count))) else {
      return nil
    }
    var verdict: Bool? = true
    var lower = 0.0
    var upper = 1.0
    for bound in bounds {
      let claim: BinomialClaim
      switch bound.comparison {
      case .less: claim = .below(bound.threshold)
      case .lessOrEqual: claim = .atMost(bound.threshold)
      case .greater: claim = .above(bound.threshold)
      case .greaterOrEqual: claim = .atLeast(bound.threshold)
      }
      guard
        let decision = BinomialDecision(
          claim, events: counts.hits, unusable: counts.undecided, trials: counts.total,
          confidence: Rational(1) - share)
      else { return nil }
      lower = Swift.max(lower, decision.limits.lower)
      upper = Swift.min(upper, decision.limits.upper)
      switch decision.verdict {
      case .supported: break
      case .contradicted: verdict = .some(false)
      case .undecided: if verdict == true { verdict = nil }
      }
    }
    supported = verdict
    limits = Interval(Swift.min(lower, upper), Swift.max(lower, upper))
  }
}
