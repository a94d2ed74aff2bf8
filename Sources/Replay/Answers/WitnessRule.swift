import VerificationProblem

/// A claim about every point of a region is refuted by one point.
///
/// Theorem. Each double stands for one number of its range (`AxisRange.exact(_:)`), these numbers are a point of all balls
/// by exact arithmetic, and interval arithmetic over their enclosures shows the predicate false; so the real predicate is
/// false at a point of the region.
enum WitnessRule {
  static func check(
    _ obligation: Obligation, region: InputRegion, caseIndex: Int, point: [Double]
  ) throws(ReplayError) -> CheckedEvidence {
    let step = obligation.name
    guard obligation.cases.indices.contains(caseIndex), point.count == region.dimension else {
      throw ReplayError(.witness, step: step, "the witness belongs to another question")
    }
    for (axis, range) in region.box.enumerated() where range.exact(point[axis]) == nil {
      throw ReplayError(
        .witness, step: step, "coordinate \(axis) of the witness, \(point[axis]), lies outside the region")
    }
    guard region.point(point) != nil else {
      throw ReplayError(.witness, step: step, "the witness lies outside a ball of the region")
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
