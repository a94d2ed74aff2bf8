import VerificationProblem

/// A claim about every point of a box is refuted by one point.
///
/// Theorem. The point consists of doubles, lies in the exact region, and interval arithmetic at it shows the
/// predicate false; so the real predicate is false there.
enum WitnessRule {
  static func check(
    _ obligation: Obligation, region: [AxisRange], caseIndex: Int, point: [Double]
  ) throws(ReplayError) -> CheckedEvidence {
    let step = obligation.name
    guard obligation.cases.indices.contains(caseIndex), point.count == region.count else {
      throw ReplayError(.witness, step: step, "the witness belongs to another question")
    }
    for (axis, range) in region.enumerated() where !range.contains(point[axis]) {
      throw ReplayError(
        .witness, step: step, "coordinate \(axis) of the witness, \(point[axis]), lies outside the region")
    }
    do {
      guard try obligation.cases[caseIndex].truth(at: point).truth == false else {
        throw ReplayError(.witness, step: step, "the claim is not violated at the witness")
      }
    } catch let error as ReplayError {
      throw error
    } catch {
      throw ReplayError(.witness, step: step, "the witness cannot be evaluated: \(error)")
    }
    return CheckedEvidence(holds: false)
  }
}
