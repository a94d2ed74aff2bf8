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

  /// The discrete variables at the witness, `s = light`, or its box; empty where there is nothing to say.
  package private(set) var caseLabel = ""
  /// The coordinates.
  package let point: [Double]
  /// What they stand for: a range of one number that is no double has that number.
  package private(set) var coordinates: [String] = []
  /// The comparisons that fail, the first few.
  package let failures: [Failure]
  /// Number of comparisons that fail.
  package let failureCount: Int
  /// The images, where the claim speaks of some.
  package private(set) var images: WitnessImages?

  /// Comparisons that are kept.
  static let largestFailureCount = 3

  /// Evaluates the witness of a property.
  ///
  /// - Throws: `ReplayError` where it is no point of the region, or does not violate the claim.
  package init(_ lowered: LoweredProperty, caseIndex: Int, point: [Double]) throws {
    let obligation = lowered.obligation
    try self.init(
      obligation, caseIndex: caseIndex, point: point, atomLabels: lowered.atomLabels
    ) { atom, value in
      // A probability beside plain numbers is one too.
      var isLogistic = lowered.scale == .logistic
      if case .logit = atom.threshold { isLogistic = true }
      return (
        isLogistic ? lowered.probabilities(ofLogits: value) : lowered.written(value) ?? value,
        AnswerNumbers.text(of: atom, isLogistic: isLogistic, unit: lowered.unit)
      )
    }
    caseLabel = obligation.cases[caseIndex].label
    if case .forall(let region) = obligation.question {
      coordinates = zip(point, region.box).map { value, range in
        guard let number = range.exact(value), number != Rational(dyadic: value) else { return "\(value)" }
        return number.exactDecimal ?? "\(number)"
      }
    }
    // An image that cannot be drawn takes nothing from the witness.
    images = try? WitnessImages(lowered, caseIndex: caseIndex, point: point)
  }

  /// Evaluates an input that meets the formula of a VNN-LIB file.
  ///
  /// - Parameters:
  ///   - number: Number of the box that it lies in, of how many, from 0.
  /// - Throws: `ReplayError` where it lies in no such box, or does not meet the formula.
  package init(_ query: VNNLIBQuery, number: Int, of count: Int, point: [Double]) throws {
    let atoms = query.obligation.cases[0].predicate.atoms
    try self.init(
      query.obligation, caseIndex: 0, point: point, atomLabels: atoms.map { query.form(of: $0) }
    ) { atom, value in (value, AnswerNumbers.text(of: atom, isLogistic: false)) }
    caseLabel = count == 1 ? "" : "box \(number + 1) of \(count)"
    coordinates = query.inputs(at: point).map { $0.exactDecimal ?? "\($0)" }
  }

  /// - Parameter written: The value that an atom compares and what is asked of it, as the claim writes them.
  private init(
    _ obligation: Obligation, caseIndex: Int, point: [Double], atomLabels: [String],
    written: (Atom, Interval) -> (value: Interval, asked: String)
  ) throws {
    guard case .forall(let region) = obligation.question, obligation.cases.indices.contains(caseIndex) else {
      throw ReplayError(.witness, step: obligation.name, "the witness belongs to another question")
    }
    let item = obligation.cases[caseIndex]
    guard let found = try item.truth(at: point, in: region), found.truth == false else {
      throw ReplayError(.witness, step: obligation.name, "the claim is not violated at the witness")
    }
    var failures: [Failure] = []
    var count = 0
    for (index, (atom, value)) in zip(item.predicate.atoms, found.values).enumerated()
    where atom.comparison.decided(value, atom.threshold.enclosure(in: item.arithmetic)) == false {
      count += 1
      guard failures.count < WitnessStudy.largestFailureCount else { continue }
      let shown = written(atom, value)
      failures.append(
        Failure(
          label: atomLabels.indices.contains(index) ? atomLabels[index] : "",
          value: shown.value, asked: shown.asked))
    }
    self.point = point
    self.failures = failures
    failureCount = count
  }
}
