import BranchAndBound
import Falsification
import Lowering
import RigorousArithmetic
import VerificationProblem

/// Search for a violating point before anything is proved.
enum Attack {
  private static let seed = [UInt8](repeating: 0x61, count: 32)

  /// Attacks on the cases of an obligation from points that a search finds suspicious.
  static func followUp(_ obligation: Obligation) -> ForallSearch.Attack? {
    guard case .forall(let region) = obligation.question else { return nil }
    let effort = AttackBudget(scanned: 64, descents: 32, steps: 40, polished: 4, rounds: 24)
    return { caseIndex, starts in
      let search = try? WitnessSearch(
        [obligation.cases[caseIndex]], over: region, seed: seed, budget: effort, startingPoints: starts)
      return try? search?.run().witness?.point
    }
  }

  /// The extreme value of the compared quantities that is certainly attained.
  static func extreme(_ lowered: LoweredProperty, isUpper: Bool) throws -> Double? {
    try extreme(lowered.obligation, isUpper: isUpper)
  }

  /// A violating point, searched for at most half as long as is allowed: a proof needs time too.
  static func witness(
    _ obligation: Obligation, _ budget: SearchBudget
  ) throws -> (caseIndex: Int, point: [Double])? {
    guard case .forall = obligation.question else { return nil }
    let deadline = budget.seconds.map { ContinuousClock.now + .seconds($0 / 2) }
    return try WitnessSearch(obligation, seed: seed, deadline: deadline).run().witness.map {
      ($0.caseIndex, $0.point)
    }
  }

  private static func extreme(_ obligation: Obligation, isUpper: Bool) throws -> Double? {
    guard case .forall(let region) = obligation.question else { return nil }
    var best: Double?
    for item in obligation.cases {
      let quantities = item.predicate.atoms.map(\.quantity)
      let search = try WitnessSearch([item], over: region, seed: seed)
      if isUpper {
        guard let value = try search.largest(of: quantities)?.value.lower else { continue }
        best = max(best ?? value, value)
      } else {
        guard let value = try search.smallest(of: quantities)?.value.upper else { continue }
        best = min(best ?? value, value)
      }
    }
    return best
  }
}
