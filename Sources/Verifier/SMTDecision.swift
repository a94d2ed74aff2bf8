import Lowering
import RigorousArithmetic
import SMT
import VerificationProblem
import Z3Solver

/// A `forall` property decided by Z3 on the exact encoding of its graph.
///
/// The solver's word closes nothing: where it answers unsat, the leaf rules still have to prove the property, and
/// where it answers sat, a point of doubles near the model has to be confirmed in rigorous arithmetic. The proof splits
/// the phases of rectifiers, as the solver does, and closes each part by the coefficients of its linear program (see
/// `PartSolver` and `WeightedLeaf`). Holes remain where a claim holds by less than the rounding of the rules, where a
/// clip or a sign bends, whose phases no rule splits, where a claim compares distances or is no conjunction of
/// disjunctions, and where there are more phases than the budget allows to enumerate.
enum SMTDecision {
  /// What is said where it answers unsat.
  static let note = "z3 decided it"

  enum Answer {
    case holds
    case fails(caseIndex: Int, point: [Double])
    case unknown(String)
  }

  /// The solver's answer, where it has one: a preferred engine is a wish, and what it cannot read others may decide.
  static func decide(_ lowered: LoweredProperty, seconds: Double) -> Answer {
    do {
      return try answer(lowered, seconds: seconds)
    } catch {
      return .unknown("z3: \(error)")
    }
  }

  private static func answer(_ lowered: LoweredProperty, seconds: Double) throws -> Answer {
    let obligation = lowered.obligation
    guard case .forall(let region) = obligation.question else { return .unknown("not a forall claim") }
    guard obligation.cases.allSatisfy({ $0.arithmetic == .real }) else {
      return .unknown("z3 decides real arithmetic only")
    }
    let solver = Z3()
    let share = seconds / Double(obligation.cases.count)
    for index in obligation.cases.indices {
      let encoding = try ObligationEncoding(obligation, caseAt: index)
      switch try encoding.decide(with: solver, timeout: .milliseconds(Int(Swift.min(share, 86_400) * 1_000)))
      {
      case .holds: continue
      case .unknown(let reason): return .unknown("z3: \(reason)")
      case .fails(let exact):
        var point = zip(exact, region.box).map { value, range in
          range.exact(value.roundedDown) != nil ? value.roundedDown : value.roundedUp
        }
        if region.point(point) == nil { RegionDoubles(region)?.settle(&point) }
        guard try obligation.cases[index].truth(at: point, in: region)?.truth == false else {
          return .unknown("z3 found a violation that no double nearby confirms")
        }
        return .fails(caseIndex: index, point: point)
      }
    }
    return .holds
  }
}
