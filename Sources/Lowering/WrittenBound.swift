package import DSpecSemantics
package import RigorousArithmetic
import TensorGraph
import VerificationProblem

// Atoms compare quantities as the engines see them: of `2 * f(z) <= 3` the quantity is `f(z)` and the threshold 3/2. What is
// shown to people, or found for them, is about the quantity that they wrote.

extension LoweredProperty {
  /// The bound that a `forall` claim writes: its quantities, all compared alike with one number; nil for other claims.
  package var writtenBound: (comparison: ComparisonOperator, number: Rational)? {
    guard case .forall(_, let predicate) = property.claim, !isVacuity else { return nil }
    var parts = [predicate]
    if case .and(let operands) = predicate.kind { parts = operands }
    var found: (comparison: ComparisonOperator, number: Rational)?
    for part in parts {
      guard case .compare(let operation, let left, let right) = part.kind else { return nil }
      let bound: (comparison: ComparisonOperator, number: Rational)
      if let number = right.constantValue {
        bound = (operation, number)
      } else if let number = left.constantValue {
        bound = (operation.mirrored, number)
      } else {
        return nil
      }
      if let found, found != bound { return nil }
      found = bound
    }
    return found
  }

  /// Whether bounds of the answer are of something that the claim writes: the measure, or quantities as they stand there.
  package var hasReadableBounds: Bool {
    if case .measure = obligation.question { true } else { quantitiesAreWritten }
  }

  /// Whether every atom compares a quantity as it is written, in the written direction and with the written number.
  package var comparesAsWritten: Bool {
    guard quantitiesAreWritten, let bound = writtenBound else { return false }
    let boundsAbove = bound.comparison == .less || bound.comparison == .lessOrEqual
    return obligation.cases.allSatisfy { item in
      item.predicate.isConjunction
        && item.predicate.atoms.allSatisfy {
          $0.comparison.boundsAbove == boundsAbove
            && ($0.threshold == .rational(bound.number * Rational(dyadic: unit))
              || $0.threshold == .logit(bound.number))
        }
    }
  }
}
