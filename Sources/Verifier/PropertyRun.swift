package import BranchAndBound
package import Certificates
package import DSpecSemantics
import Evidence
import LeafRules
package import Lowering
import Replay
import RigorousArithmetic
import SampleLaw
import Statistics
import VerificationProblem

/// Decides one property: attacks first, then proves, then samples where the property accepts samples.
package struct PropertyRun: Sendable {
  /// What the user allows.
  package let budget: SearchBudget
  /// Where searches keep their states; nil where they do not.
  package let checkpoints: CheckpointFolder?
  /// What the seeds of samples derive from besides the questions; nil where nothing was published.
  package let seedCheckpoint: ContentDigest?
  /// Told between rounds; called from any thread.
  package let progress: (@Sendable (SearchProgress) -> Void)?

  /// A run under a budget.
  package init(
    budget: SearchBudget, checkpoints: CheckpointFolder? = nil, seedCheckpoint: ContentDigest? = nil,
    progress: (@Sendable (SearchProgress) -> Void)? = nil
  ) {
    self.budget = budget
    self.checkpoints = checkpoints
    self.seedCheckpoint = seedCheckpoint
    self.progress = progress
  }

  /// The answer to a lowered property.
  package func decide(_ lowered: LoweredProperty) async -> PropertyOutcome {
    let start = ContinuousClock.now
    var outcome: PropertyOutcome
    do {
      switch lowered.obligation.question {
      case .forall: outcome = try await forall(lowered)
      case .measure(_, let bounds): outcome = try await measure(lowered, bounds)
      }
    } catch {
      outcome = PropertyOutcome(lowered.property, lowered: lowered, verdict: .unknown, grade: .attacked)
      outcome.note = Advice.failure(error)
    }
    outcome.seconds = (ContinuousClock.now - start).seconds
    return outcome
  }

  // MARK: forall

  private func forall(_ lowered: LoweredProperty) async throws -> PropertyOutcome {
    let start = ContinuousClock.now
    var outcome = PropertyOutcome(lowered.property, lowered: lowered, verdict: .unknown, grade: .proof)
    var solverNote: String?
    if lowered.property.engine == .smt {
      switch SMTDecision.decide(lowered, seconds: (budget.seconds ?? 7_200) / 2) {
      case .holds: solverNote = SMTDecision.note
      case .fails(let caseIndex, let point):
        outcome.verdict = .refuted
        outcome.evidence = .witness(caseIndex: caseIndex, point: point)
        outcome.note = "z3 found the witness, rigorous arithmetic confirms it"
        return outcome
      case .unknown(let reason): solverNote = reason
      }
    }
    if solverNote != SMTDecision.note,
      let witness = try Attack.witness(lowered.obligation, budget.remaining(since: start))
    {
      outcome.verdict = .refuted
      outcome.evidence = .witness(caseIndex: witness.caseIndex, point: witness.point)
      return outcome
    }
    guard lowered.property.acceptsDeterministic else {
      outcome.grade = .attacked
      outcome.note =
        "no witness found; an attack that finds nothing proves nothing: ask for `evidence: proof`"
      return outcome
    }
    // What z3 decided by cases, splits of phases prove by the same cases.
    guard let search = try ForallSearch(lowered.obligation, splitsPhases: solverNote == SMTDecision.note)
    else { return outcome }
    let result = try await search.run(
      budget: budget.remaining(since: start), attack: Attack.followUp(lowered.obligation),
      checkpoint: try checkpoints?.checkpoint(for: lowered.obligation), progress: progress)
    outcome.evidence = result.evidence
    outcome.nodes = result.nodes
    if case .trees = result.evidence { outcome.leaves = result.leaves }
    outcome.wasCancelled = result.stop == .cancelled
    outcome.gap = result.gap
    switch result.holds {
    case .some(true):
      outcome.verdict = .proved
      outcome.note = solverNote.map {
        $0 == SMTDecision.note ? "\($0); the leaf rules prove it too" : "\($0); the leaf rules prove it"
      }
      if let vacuity = lowered.vacuity {
        switch try await meaning(vacuity) {
        case .meant: break
        case .vacuous(let vacuous): return vacuous
        case .notShown:
          outcome.note = "non-vacuity not shown: no point was found that meets the antecedent"
        }
      } else if lowered.property.hasImplication {
        outcome.note = "non-vacuity not shown: an implication stands within the claim"
      }
    case .some(false): outcome.verdict = .refuted
    case nil where solverNote == SMTDecision.note:
      outcome.note = "only z3 vouches for it; \(Advice.hole(result.stop))"
    case nil:
      let advice = Advice.forall(result.stop, reached: reached(result.range, lowered))
      outcome.note = solverNote.map { "\($0); \(advice)" } ?? advice
    }
    if let range = result.range, result.holds != false, lowered.hasReadableBounds {
      outcome.bounds = range
    }
    return outcome
  }

  /// The best bound of what the claim writes, in words.
  private func reached(_ range: Interval?, _ lowered: LoweredProperty) -> String? {
    guard let range, lowered.hasReadableBounds else { return nil }
    return Advice.bound(range, shown: lowered.written(range) ?? range)
  }

  // MARK: Implications

  /// Whether an implication speaks of any point.
  private enum Meaning {
    /// Some point meets what it presupposes.
    case meant
    /// None does, with the evidence for that.
    case vacuous(PropertyOutcome)
    /// Neither was found out.
    case notShown
  }

  /// Whether some point meets what an implication presupposes.
  ///
  /// - Parameter vacuity: The question whether none does.
  private func meaning(_ vacuity: LoweredProperty) async throws -> Meaning {
    var share = budget
    share.seconds = min(10, (budget.seconds ?? 40) / 4)
    if AntecedentCheck.isMet(vacuity.obligation) { return .meant }
    let start = ContinuousClock.now
    if try Attack.witness(vacuity.obligation, share) != nil { return .meant }
    guard let search = try ForallSearch(vacuity.obligation) else { return .notShown }
    let result = try await search.run(
      budget: share.remaining(since: start), attack: Attack.followUp(vacuity.obligation))
    guard let holds = result.holds else { return .notShown }
    guard holds else { return .meant }
    var outcome = PropertyOutcome(vacuity.property, lowered: vacuity, verdict: .vacuous, grade: .proof)
    outcome.evidence = result.evidence
    outcome.nodes = result.nodes
    outcome.leaves = result.leaves
    outcome.note = "it is proved that no point of the region meets the antecedent"
    return .vacuous(outcome)
  }

  /// The answer to an implication of which a solver says that nothing meets what it presupposes: evidence for that, where the
  /// leaf rules prove it too.
  ///
  /// A point that meets it counts for more than the solver.
  package func decideVacuous(_ property: Property, _ lowering: SpecLowering) async -> PropertyOutcome {
    guard let lowered = try? lowering.lower(property), let vacuity = lowered.vacuity,
      let meaning = try? await meaning(vacuity)
    else { return PropertyOutcome(withoutMeaning: property, lowering) }
    switch meaning {
    case .vacuous(let outcome): return outcome
    case .notShown: return PropertyOutcome(withoutMeaning: property, lowering)
    case .meant: return await decide(lowered)
    }
  }

  // MARK: P and BER

  private func measure(_ lowered: LoweredProperty, _ bounds: [VerificationProblem.MeasureBound]) async throws
    -> PropertyOutcome
  {
    var outcome = PropertyOutcome(lowered.property, lowered: lowered, verdict: .unknown, grade: .bound)
    if lowered.property.acceptsDeterministic, let search = try MeasureSearch(lowered.obligation) {
      let result = try await search.run(
        budget: budget, checkpoint: try checkpoints?.checkpoint(for: lowered.obligation), progress: progress)
      outcome.evidence = result.evidence
      outcome.nodes = result.nodes
      outcome.leaves = result.leaves
      outcome.bounds = result.measure
      for (item, bounds) in zip(lowered.obligation.cases, result.cases) where !item.label.isEmpty {
        outcome.details[item.label] = "[\(bounds.lower), \(bounds.upper)]"
      }
      outcome.wasCancelled = result.stop == .cancelled
      if let holds = result.holds {
        outcome.verdict = holds ? .proved : .refuted
        return outcome
      }
      outcome.note = Advice.measure(result.stop, measure: result.measure)
      outcome.gap = result.gap
    }
    guard let plan = lowered.property.samplePlan, !outcome.wasCancelled else { return outcome }
    return try await sample(lowered, bounds, count: plan.count, confidence: plan.confidence)
  }

  private func sample(
    _ lowered: LoweredProperty, _ bounds: [VerificationProblem.MeasureBound], count: Int, confidence: Rational
  ) async throws -> PropertyOutcome {
    let seed = SampleSeed.derive(lowered.obligation, count: count, checkpoint: seedCheckpoint)
    let rule = try SampleRule(lowered.obligation, seed: seed)
    var outcome = PropertyOutcome(lowered.property, lowered: lowered, verdict: .unknown, grade: .sampled)
    guard let counts = await rule.tally(first: count, workers: budget.workers) else {
      outcome.grade = .attacked
      outcome.wasCancelled = true
      outcome.note = Advice.interrupted
      return outcome
    }
    let decision = try MeasureVerdict(counts, bounds: bounds, confidence: confidence)
    outcome.evidence = .samples(
      SampleRecord(seed: seed, count: count, hits: counts.hits, undecided: counts.undecided))
    outcome.nodes = count
    outcome.bounds = decision.limits.range
    switch decision.holds {
    case .some(true): outcome.verdict = .supported
    case .some(false): outcome.verdict = .contradicted
    case nil:
      outcome.note =
        "the confidence limits lie on both sides of the bound: raise `n` in `evidence: sampled(…)`"
    }
    return outcome
  }
}

/// What to try when a search ends without an answer.
enum Advice {
  /// Why a question was not searched at all.
  static func failure(_ error: any Error) -> String {
    switch error {
    case let failure as CheckpointFolder.Failure: return failure.description
    case let failure as EvidenceError:
      return "the checkpoint does not fit: \(failure); remove it to start afresh"
    default: return "no back end: \(error)"
    }
  }

  /// Of an answer that Ctrl-C or a signal cut short.
  static let interrupted = "stopped: run again without interrupting"

  /// The bound that a range of one end gives, in words; nil where it gives none.
  ///
  /// - Parameter shown: The range on the scale of what is written.
  static func bound(_ range: Interval, shown: Interval) -> String? {
    if range.upper.isFinite { return "<= \(Presentation.up(shown.upper))" }
    return range.lower.isFinite ? ">= \(Presentation.down(shown.lower))" : nil
  }

  /// - Parameter reached: The best bound of what is written, in words; nil where there is none.
  static func forall(_ stop: StopReason, reached: String?) -> String {
    let reached = reached.map { " (bound reached: \($0))" } ?? ""
    switch stop {
    case .outOfTime: return "out of time\(reached): raise --budget, or loosen the bound, or shrink the domain"
    case .outOfNodes:
      return "out of cells\(reached): raise --nodes, or loosen the bound, or shrink the domain"
    case .outOfMemory:
      return "out of memory\(reached): raise --memory, or loosen the bound, or shrink the domain"
    case .cancelled: return "stopped\(reached): run again without interrupting"
    case .exhausted:
      return "cells too small to split\(reached): the quantity touches its bound; loosen the bound"
    case .decided: return "undecided\(reached)"
    }
  }

  /// What to try where z3 knows an answer that the leaf rules do not reach.
  static func hole(_ stop: StopReason) -> String {
    switch stop {
    case .exhausted:
      return
        "the leaf rules miss it by less than rounding, or an operator other than a rectifier bends: loosen the bound"
    default: return "raise --budget so that the leaf rules can prove it"
    }
  }

  static func measure(_ stop: StopReason, measure: Interval) -> String {
    switch stop {
    case .outOfTime: return "out of time: raise --budget, or move the bound out of the interval"
    case .outOfNodes: return "out of cells: raise --nodes, or move the bound out of the interval"
    case .outOfMemory: return "out of memory: raise --memory, or move the bound out of the interval"
    case .cancelled: return interrupted
    case .exhausted, .decided: return "the bound lies within the tail or rounding of the interval: move it"
    }
  }
}
