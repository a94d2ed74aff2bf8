package import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// A point that refutes a claim about every point.
///
/// INVARIANT: the point stands for one of the exact region, and outward-rounded evaluation there shows the predicate of the
/// case false. Only `WitnessSearch` makes one, after both checks.
package struct Witness: Hashable, Sendable {
  /// The violated case.
  package let caseIndex: Int
  /// The point; what its coordinates stand for says `AxisRange.exact(_:)`.
  package let point: [Double]
  /// Enclosures of the quantities of the case's atoms at the point, in the order of `Predicate.atoms`.
  package let values: [Interval]

  /// Checks a candidate; nil when it lies outside the region or violation is not certain.
  init?(_ item: ObligationCase, caseIndex: Int, region: InputRegion, point: [Double]) throws(GraphError) {
    guard let (truth, values) = try item.truth(at: point, in: region), truth == false else { return nil }
    self.caseIndex = caseIndex
    self.point = point
    self.values = values
  }
}

/// Decides which candidates of a case are worth a rigorous evaluation.
///
/// A candidate is tried when it seems to violate the claim, and again only when another one violates it eight times
/// as much or, at the same margin, a second time: margins within rounding are not tried over and over.
struct Confirmation {
  let item: ObligationCase
  let caseIndex: Int
  let region: InputRegion
  private var remaining: Int
  private var rejected: (value: Double, count: Int)?
  private var tried: Set<[Double]> = []
  private(set) var witness: Witness?

  init(_ item: ObligationCase, caseIndex: Int, region: InputRegion, count: Int) {
    self.item = item
    self.caseIndex = caseIndex
    self.region = region
    remaining = count
  }

  /// Tries a candidate during the search, leaving half of the tries for `finish`.
  mutating func inspect(_ candidate: Candidate, reserve: Int) throws(GraphError) -> Bool {
    guard witness == nil else { return true }
    guard candidate.value <= 0, remaining > reserve else { return false }
    if let rejected {
      let isDeeper = candidate.value < 8 * rejected.value
      let isSame = candidate.value == rejected.value && rejected.count < 2
      guard isDeeper || isSame else { return false }
    }
    return try check(candidate)
  }

  /// Tries the best end points of a search.
  mutating func finish(_ candidates: [Candidate]) throws(GraphError) {
    for candidate in candidates where witness == nil && remaining > 0 {
      // Beyond this no rounding of the plain evaluation hides a violation that enclosures could show.
      guard candidate.value <= 1e-9 else { break }
      _ = try check(candidate)
    }
  }

  private mutating func check(_ candidate: Candidate) throws(GraphError) -> Bool {
    guard tried.insert(candidate.point).inserted else { return false }
    remaining -= 1
    witness = try Witness(item, caseIndex: caseIndex, region: region, point: candidate.point)
    if witness == nil {
      rejected = (candidate.value, rejected?.value == candidate.value ? (rejected?.count ?? 0) + 1 : 1)
    }
    return witness != nil
  }
}
