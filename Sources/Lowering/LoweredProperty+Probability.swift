package import RigorousArithmetic
import VerificationProblem

extension LoweredProperty {
  /// Whether bounds of its answer are of the argument of a logistic function, whose value the claim speaks of.
  package var boundsLogits: Bool {
    if case .forall = obligation.question { scale == .logistic } else { false }
  }

  /// Bounds of the probability that a claim means where the argument of its logistic function is bounded.
  package func probabilities(ofLogits bounds: Interval) -> Interval {
    Interval(
      bounds.lower.isFinite ? probability(ofLogit: bounds.lower).lower : 0,
      bounds.upper.isFinite ? probability(ofLogit: bounds.upper).upper : 1)
  }

  /// The probabilities that a claim means where the argument of its logistic function is a number.
  package func probability(ofLogit value: Double) -> Interval {
    let isComputed = obligation.cases.contains { $0.arithmetic == .float32AnyOrder }
    return isComputed ? SingleRounding.probability(ofLogit: Interval(value)) : Interval(value).sigmoid()
  }
}
