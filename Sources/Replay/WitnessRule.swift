import VerificationProblem

/// A claim about every point of a box is refuted by one point.
///
/// Theorem. Each double stands for one number of its range (`AxisRange.coordinate`), and interval arithmetic over
/// enclosures of these numbers shows the predicate false; so the real predicate is false at a point of the region.
enum WitnessRule {
  static func check(
    _ obligation: Obligation, region: [AxisRange], caseIndex: Int, point: [Double]
  ) throws(ReplayError) -> CheckedEvidence {
    let step = obligation.name
    guard obligation.cases.indices.contains(caseIndex), point.count == region.count else {
      throw ReplayError(.witness, step: step, "the witness belongs to another question")
    }
    for (axis, range) in region.enumerated() where range.coordinate(point[axis]) == nil {
      throw ReplayError(
        .witness, step: step, "coordinate \(axis) of the witness, \(point[axis]), lies outside the region")
    }
    do {
      guard try obligation.cases[caseIndex].truth(at: point, in: region)?.truth == false else {
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
