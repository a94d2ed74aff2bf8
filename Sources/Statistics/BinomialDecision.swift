// Theorem: let each one-sided limit be wrong with probability at most alpha = 1 - confidence. Either
// the claim is true, and then only "contradicted" is wrong, or it is false, and then only "supported"
// is. "P <= b supported" needs the upper limit at most b; if P > b, the upper limit is then below P,
// so this has probability at most alpha; "P < b supported" needs it below b, and so on. Trials without
// a usable outcome may be events or not: counting them as events in the upper limit and as none in the
// lower one is valid for either truth, so they never speak for a conclusion.

package import RigorousArithmetic

/// A claim about the probability of an event.
package enum BinomialClaim: Hashable, Sendable {
  /// The probability is at most the bound.
  case atMost(Rational)
  /// The probability is strictly below the bound.
  case below(Rational)
  /// The probability is at least the bound.
  case atLeast(Rational)
  /// The probability is strictly above the bound.
  case above(Rational)
}

/// What independent trials say about a claim at a confidence.
package struct BinomialDecision: Hashable, Sendable {
  /// The three answers.
  package enum Verdict: Hashable, Sendable {
    /// The claim would be false with probability at most 1 - confidence of such an answer.
    case supported
    /// The claim would be true with probability at most 1 - confidence of such an answer.
    case contradicted
    /// The limits lie on both sides of the bound.
    case undecided
  }

  /// The answer.
  package let verdict: Verdict
  /// The one-sided limits, each at the confidence of the decision.
  package let limits: ConfidenceLimits

  /// Decides a claim from counts.
  ///
  /// - Parameters:
  ///   - events: trials in which the event was seen.
  ///   - unusable: further trials without a usable outcome, counted against every conclusion.
  ///   - trials: all trials, at most `ClopperPearson.maximumTrials`; fixed before sampling.
  /// - Returns: nil unless the counts are consistent and 0 < confidence < 1.
  package init?(
    _ claim: BinomialClaim, events: Int, unusable: Int = 0, trials: Int, confidence: Rational
  ) {
    guard events >= 0, unusable >= 0, trials >= 0, events <= trials, unusable <= trials - events,
      let low = ClopperPearson.limits(
        events: events, trials: trials, confidence: confidence, sides: .lower),
      let high = ClopperPearson.limits(
        events: events + unusable, trials: trials, confidence: confidence, sides: .upper)
    else { return nil }
    limits = ConfidenceLimits(lower: low.lower, upper: high.upper)
    verdict = Self.verdict(claim, limits)
  }

  private static func verdict(_ claim: BinomialClaim, _ limits: ConfidenceLimits) -> Verdict {
    let (supports, contradicts) =
      switch claim {
      case .atMost(let bound): (limits.upper <= bound, bound < limits.lower)
      case .below(let bound): (limits.upper < bound, bound <= limits.lower)
      case .atLeast(let bound): (bound <= limits.lower, limits.upper < bound)
      case .above(let bound): (bound < limits.lower, limits.upper <= bound)
      }
    return supports ? .supported : contradicts ? .contradicted : .undecided
  }
}
