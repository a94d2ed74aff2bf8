package import Lowering
import Replay
package import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// A witness evaluated again in rigorous arithmetic.
package struct WitnessStudy: Sendable {
  /// One comparison that fails at the witness.
  package struct Failure: Sendable {
    /// What is compared: `r = Protected[17]`; empty where there is nothing to say.
    package let label: String
    /// The value on the scale of the claim's numbers.
    package let value: Interval
    /// What the comparison asks for.
    package let asked: String
  }

  /// The discrete variables at the witness: `s = light`.
  package let caseLabel: String
  /// The coordinates.
  package let point: [Double]
  /// What they stand for: a range of one number that is no double has that number.
  package let coordinates: [String]
  /// The comparisons that fail, the first few.
  package let failures: [Failure]
  /// Number of comparisons that fail.
  package let failureCount: Int
  /// The images, where the claim speaks of some.
  package let images: WitnessImages?

  /// Comparisons that are kept.
  static let largestFailureCount = 3

  /// Evaluates a witness.
  ///
  /// - Throws: `ReplayError` where it is no point of the region, or does not violate the claim.
  package init(_ lowered: LoweredProperty, caseIndex: Int, point: [Double]) throws {
    let obligation = lowered.obligation
    guard case .forall(let region) = obligation.question, obligation.cases.indices.contains(caseIndex) else {
      throw ReplayError(.witness, step: obligation.name, "the witness belongs to another question")
    }
    let item = obligation.cases[caseIndex]
    guard let found = try item.truth(at: point, in: region), found.truth == false else {
      throw ReplayError(.witness, step: obligation.name, "the claim is not violated at the witness")
    }
    let isLogistic = lowered.scale == .logistic
    var failures: [Failure] = []
    var count = 0
    for (index, (atom, value)) in zip(item.predicate.atoms, found.values).enumerated()
    where atom.comparison.decided(value, atom.threshold.enclosure(in: item.arithmetic)) == false {
      count += 1
      guard failures.count < WitnessStudy.largestFailureCount else { continue }
      failures.append(
        Failure(
          label: lowered.atomLabels.indices.contains(index) ? lowered.atomLabels[index] : "",
          value: isLogistic ? lowered.probabilities(ofLogits: value) : value,
          asked: AnswerNumbers.text(of: atom, isLogistic: isLogistic)))
    }
    caseLabel = item.label
    self.point = point
    coordinates = zip(point, region.box).map { value, range in
      guard let number = range.exact(value), number != Rational(dyadic: value) else { return "\(value)" }
      return number.exactDecimal ?? "\(number)"
    }
    self.failures = failures
    failureCount = count
    // An image that cannot be drawn takes nothing from the witness.
    images = try? WitnessImages(lowered, caseIndex: caseIndex, point: point)
  }
}
