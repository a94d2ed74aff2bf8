package import RigorousArithmetic
package import VerificationProblem

extension TermStore {
  /// A truth value.
  package mutating func boolean(_ value: Bool) -> Formula { formula(.constant(.boolean(value))) }

  /// `left < right`.
  package mutating func less(_ left: RealTerm, _ right: RealTerm) -> Formula {
    if left == right { return boolean(false) }
    if let a = constant(left), let b = constant(right) { return boolean(a < b) }
    return formula(.less(left.index, right.index))
  }

  /// `left <= right`.
  package mutating func lessOrEqual(_ left: RealTerm, _ right: RealTerm) -> Formula {
    if left == right { return boolean(true) }
    if let a = constant(left), let b = constant(right) { return boolean(a <= b) }
    return formula(.lessOrEqual(left.index, right.index))
  }

  /// `left = right`.
  package mutating func equal(_ left: RealTerm, _ right: RealTerm) -> Formula {
    if left == right { return boolean(true) }
    if let a = constant(left), let b = constant(right) { return boolean(a == b) }
    return formula(.equal(left.index, right.index))
  }

  /// The comparison of two terms, strictness as given.
  package mutating func compare(_ left: RealTerm, _ comparison: Comparison, _ right: RealTerm) -> Formula {
    switch comparison {
    case .less: return less(left, right)
    case .lessOrEqual: return lessOrEqual(left, right)
    case .greater: return less(right, left)
    case .greaterOrEqual: return lessOrEqual(right, left)
    }
  }

  /// The comparison of a term with a constant, strictness as given.
  package mutating func compare(_ left: RealTerm, _ comparison: Comparison, _ right: Rational) -> Formula {
    compare(left, comparison, real(right))
  }

  /// Negation.
  package mutating func not(_ operand: Formula) -> Formula {
    switch nodes[operand.index] {
    case .constant(.boolean(let value)): return boolean(!value)
    case .not(let inner): return Formula(index: inner)
    default: return formula(.not(operand.index))
    }
  }

  /// Conjunction; true when empty.
  package mutating func and(_ operands: [Formula]) -> Formula {
    let open = operands.filter { constant($0) != true }
    if open.contains(where: { constant($0) == false }) { return boolean(false) }
    if open.isEmpty { return boolean(true) }
    return open.count == 1 ? open[0] : formula(.and(open.map(\.index)))
  }

  /// Disjunction; false when empty.
  package mutating func or(_ operands: [Formula]) -> Formula {
    let open = operands.filter { constant($0) != false }
    if open.contains(where: { constant($0) == true }) { return boolean(true) }
    if open.isEmpty { return boolean(false) }
    return open.count == 1 ? open[0] : formula(.or(open.map(\.index)))
  }

  /// `premise => conclusion`.
  package mutating func implies(_ premise: Formula, _ conclusion: Formula) -> Formula {
    if let known = constant(premise) { return known ? conclusion : boolean(true) }
    if let known = constant(conclusion) { return known ? boolean(true) : not(premise) }
    return formula(.implies(premise.index, conclusion.index))
  }
}
