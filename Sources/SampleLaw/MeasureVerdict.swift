// Theorem (Bonferroni). With m bounds, each decided by one-sided Clopper-Pearson limits that are wrong with
// probability at most (1 - c) / m, the probability that any of the answers is wrong is at most 1 - c. So "all
// bounds are supported" and "some bound is contradicted" are each wrong with probability at most 1 - c. Two bounds
// on opposite sides give the usual two-sided limits at confidence c.
//
// A sample within rounding may be an event or not. It is counted as an event where that speaks against an answer
// and as none where that does (see `BinomialDecision`).

package import RigorousArithmetic
package import Statistics
package import VerificationProblem

/// What samples say about the bounds of a measure.
package struct MeasureVerdict: Hashable, Sendable {
  /// The answer to one bound.
  package struct Answer: Hashable, Sendable {
    /// The bound asked for.
    package let bound: MeasureBound
    /// Supported, contradicted or undecided, at the confidence of one bound.
    package let verdict: BinomialDecision.Verdict
  }

  /// Why counts allow no verdict.
  package enum Failure: Error, Hashable, CustomStringConvertible {
    /// The confidence is not strictly between 0 and 1.
    case confidence(Rational)
    /// More samples than limits are computed for; holds their number.
    case tooManySamples(Int)

    package var description: String {
      switch self {
      case .confidence(let value): return "a confidence of \(value) is not strictly between 0 and 1"
      case .tooManySamples(let count):
        return "\(count) samples exceed the \(ClopperPearson.maximumTrials) that limits are computed for"
      }
    }
  }

  /// Supported when every bound is, contradicted when one bound is, else undecided.
  package let overall: BinomialDecision.Verdict
  /// One answer for each bound, in order.
  package let answers: [Answer]
  /// One-sided limits of the measure; each is wrong with probability at most one minus `confidencePerBound`.
  package let limits: ConfidenceLimits
  /// Confidence of the overall answer.
  package let confidence: Rational
  /// Confidence of each answer: `1 - (1 - confidence) / m` for `m` bounds.
  package let confidencePerBound: Rational

  /// Decides from counts; without bounds the answer is undecided and only the limits speak.
  package init(_ tally: SampleTally, bounds: [MeasureBound], confidence: Rational) throws(Failure) {
    guard confidence > .zero, confidence < .one else { throw .confidence(confidence) }
    guard tally.total <= ClopperPearson.maximumTrials else { throw .tooManySamples(tally.total) }
    guard let error = (.one - confidence).divided(by: Rational(max(1, bounds.count))) else {
      throw .confidence(confidence)
    }
    let share = .one - error
    func decision(_ claim: BinomialClaim) -> BinomialDecision? {
      BinomialDecision(
        claim, events: tally.hits, unusable: tally.undecided, trials: tally.total, confidence: share)
    }
    // The limits do not depend on the claim.
    guard let limits = decision(.atMost(.one))?.limits else { throw .confidence(confidence) }
    var answers: [Answer] = []
    for bound in bounds {
      guard let decision = decision(bound.claim) else { throw .confidence(confidence) }
      answers.append(Answer(bound: bound, verdict: decision.verdict))
    }
    self.answers = answers
    self.limits = limits
    self.confidence = confidence
    confidencePerBound = share
    if answers.contains(where: { $0.verdict == .contradicted }) {
      overall = .contradicted
    } else if !answers.isEmpty, answers.allSatisfy({ $0.verdict == .supported }) {
      overall = .supported
    } else {
      overall = .undecided
    }
  }
}

extension MeasureBound {
  /// The bound as a claim about the probability of an event.
  package var claim: BinomialClaim {
    switch comparison {
    case .less: return .below(threshold)
    case .lessOrEqual: return .atMost(threshold)
    case .greater: return .above(threshold)
    case .greaterOrEqual: return .atLeast(threshold)
    }
  }
}
