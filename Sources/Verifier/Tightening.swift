package import BranchAndBound
import DSpecSemantics
package import Lowering
import Reports
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// The best bound of a property that can be proved within a budget.
///
/// A probability is enclosed ever more tightly. Under forall, bounds between what the claim asks and what an attack
/// attains are tried as claims of their own, halving the distance; each success is a proof like any other.
package struct Tightening: Sendable {
  /// What was found, in words.
  package struct Outcome: Sendable {
    /// The best proved bound.
    package let proved: String
    /// Whether a bound was proved that says something; that a probability lies in [0, 1] does not.
    package let isProved: Bool
    /// What is attained, so that no bound beyond it can be proved.
    package let attained: String
    /// Cells evaluated.
    package let nodes: Int
    /// What to write into the specification.
    package let suggestion: String
  }

  /// Why there is no bound to tighten.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let budget: SearchBudget
  private let gap: Double

  /// A search under a budget, down to a distance between proof and attack.
  package init(budget: SearchBudget, gap: Double) {
    self.budget = budget
    self.gap = gap
  }

  /// Tightens a lowered property.
  package func run(
    _ lowered: LoweredProperty, progress: (@Sendable (SearchProgress) -> Void)? = nil
  ) async throws -> Outcome {
    switch lowered.obligation.question {
    case .measure: return try await measure(lowered, progress)
    case .forall: return try await forall(lowered, progress)
    }
  }

  private func measure(
    _ lowered: LoweredProperty, _ progress: (@Sendable (SearchProgress) -> Void)?
  ) async throws -> Outcome {
    guard let search = try MeasureSearch(lowered.obligation) else {
      throw Failure(description: "not a probability")
    }
    let result = try await search.run(budget: budget, gap: gap, progress: progress)
    let interval = "[\(Presentation.down(result.measure.lower)), \(Presentation.up(result.measure.upper))]"
    return Outcome(
      proved: interval, isProved: result.measure.lower > 0 || result.measure.upper < 1, attained: interval,
      nodes: result.nodes,
      suggestion: "any bound >= \(Presentation.up(result.measure.upper)) from above or <= "
        + "\(Presentation.down(result.measure.lower)) from below is proved with this budget")
  }

  private func forall(
    _ lowered: LoweredProperty, _ progress: (@Sendable (SearchProgress) -> Void)?
  ) async throws -> Outcome {
    let start = ContinuousClock.now
    let directions = Set(lowered.obligation.cases.flatMap(\.predicate.atoms).map(\.comparison.boundsAbove))
    guard directions.count == 1, let isUpper = directions.first else {
      throw Failure(description: "the claim bounds quantities from both sides: state one side a property")
    }
    guard lowered.comparesAsWritten else {
      throw Failure(
        description: """
          a bound is only found for a claim that compares a quantity with one number, as in `f(z) <= 2`: not under a \
          condition, and with the quantity alone on one side
          """)
    }
    guard let attained = try Attack.extreme(lowered, isUpper: isUpper) else {
      throw Failure(description: "no point of the region could be evaluated")
    }
    let gap = gap * lowered.unit
    // A bound beyond what is attained by `slack` is tried; slack shrinks while proofs succeed and grows when they fail.
    var slack = Swift.max(gap, 1e-6 * lowered.unit)
    var best: Double?
    var nodes = 0
    var failed: Double?
    while true {
      let spent = (ContinuousClock.now - start).seconds
      let left = (budget.seconds ?? .infinity) - spent
      guard left > 0, budget.nodes.map({ nodes < $0 }) ?? true, !Task.isCancelled else { break }
      let target = isUpper ? attained + slack : attained - slack
      guard let threshold = Rational(exactly: target), let search = try relaxed(lowered, threshold) else {
        break
      }
      let result = try await search.run(
        budget: SearchBudget(
          seconds: left.isFinite ? left / (best == nil ? 2 : 1) : nil, nodes: budget.nodes.map { $0 - nodes },
          memory: budget.memory, workers: budget.workers), progress: progress)
      nodes += result.nodes
      if result.holds == true {
        best = target
        if slack <= gap || failed.map({ slack <= 1.5 * $0 }) ?? false { break }
        slack = failed.map { (slack + $0) / 2 } ?? slack / 2
      } else if result.holds == nil {
        failed = slack
        if best != nil { break }
        slack *= 4
        guard slack < 1e6 * lowered.unit else { break }
      } else {
        // A better attack: the search met a point beyond the threshold.
        slack *= 2
      }
    }
    let comparison = isUpper ? "<=" : ">="
    let shown = show(lowered, isUpper: isUpper)
    // What is attained is no further out than what is shown of it.
    let met = show(lowered, isUpper: !isUpper)
    return Outcome(
      proved: best.map { "\(comparison) \(shown($0))" }
        ?? (Task.isCancelled ? "nothing before the interrupt" : "nothing within the budget"),
      isProved: best != nil,
      attained: met(attained),
      nodes: nodes,
      suggestion: best.map { "`\(comparison) \(shown($0))` is proved with this budget" }
        ?? (Task.isCancelled ? Advice.interrupted : "raise --budget or --gap, or shrink the domain"))
  }

  /// The numbers that the claim writes, rounded upwards or downwards.
  private func show(_ lowered: LoweredProperty, isUpper: Bool) -> (Double) -> String {
    { value in
      guard lowered.scale == .logistic else {
        let written = lowered.written(Interval(value)) ?? Interval(value)
        return isUpper ? Presentation.up(written.upper) : Presentation.down(written.lower)
      }
      let probability = lowered.probability(ofLogit: value)
      return isUpper ? Presentation.up(probability.upper) : Presentation.down(probability.lower)
    }
  }

  /// The same claim with every threshold replaced.
  private func relaxed(_ lowered: LoweredProperty, _ threshold: Rational) throws -> ForallSearch? {
    let cases = lowered.obligation.cases.map { item in
      ObligationCase(
        label: item.label, weight: item.weight, graph: item.graph,
        predicate: item.predicate.withThresholds(.rational(threshold)), arithmetic: item.arithmetic)
    }
    return try ForallSearch(
      Obligation(name: lowered.obligation.name, question: lowered.obligation.question, cases: cases))
  }
}

extension Predicate {
  /// The predicate with every atom's threshold replaced.
  fileprivate func withThresholds(_ threshold: Threshold) -> Predicate {
    switch self {
    case .atom(let atom): return .atom(Atom(atom.quantity, atom.comparison, threshold))
    case .all(let parts): return .all(parts.map { $0.withThresholds(threshold) })
    case .any(let parts): return .any(parts.map { $0.withThresholds(threshold) })
    }
  }
}
