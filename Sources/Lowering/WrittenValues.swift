package import RigorousArithmetic
import TensorGraph
import VerificationProblem

// What people read is the quantity that they wrote, where atoms compare its log-odds or a multiple of it.

extension LoweredProperty {
  /// Bounds of what a claim about every point writes, from bounds of what its atoms compare; nil where these are the same.
  package func written(_ bounds: Interval) -> Interval? {
    guard case .forall = obligation.question else { return nil }
    if scale == .logistic { return probabilities(ofLogits: bounds) }
    guard unit != 1 else { return nil }
    let quotient = Interval(unit)
    return Interval(
      bounds.lower.isFinite ? (Interval(bounds.lower) / quotient).lower : bounds.lower,
      bounds.upper.isFinite ? (Interval(bounds.upper) / quotient).upper : bounds.upper)
  }

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
