package import RigorousArithmetic

extension TermStore {
  /// A rational constant.
  package mutating func real(_ value: Rational) -> RealTerm { real(.constant(.real(value))) }

  /// Sum of any number of terms; zero when there are none.
  package mutating func sum(_ terms: [RealTerm]) -> RealTerm {
    var constant = Rational.zero
    var operands: [Int] = []
    operands.reserveCapacity(terms.count)
    for term in terms {
      if let value = self.constant(term) { constant = constant + value } else { operands.append(term.index) }
    }
    if operands.isEmpty { return real(constant) }
    if !constant.isZero { operands.append(real(constant).index) }
    return operands.count == 1 ? RealTerm(index: operands[0]) : real(.sum(operands))
  }

  /// A constant times a term.
  package mutating func scaled(_ factor: Rational, _ term: RealTerm) -> RealTerm {
    if factor == .one { return term }
    if factor.isZero { return real(.zero) }
    switch nodes[term.index] {
    case .constant(.real(let value)): return real(factor * value)
    case .scaled(let inner, let operand): return scaled(factor * inner, RealTerm(index: operand))
    default: return real(.scaled(factor, term.index))
    }
  }

  /// `left - right`.
  package mutating func difference(_ left: RealTerm, _ right: RealTerm) -> RealTerm {
    sum([left, scaled(Rational(-1), right)])
  }

  /// `then` where the condition holds, `otherwise` elsewhere.
  package mutating func ite(_ condition: Formula, _ then: RealTerm, _ otherwise: RealTerm) -> RealTerm {
    if let truth = constant(condition) { return truth ? then : otherwise }
    if then == otherwise { return then }
    return real(.choice(condition: condition.index, then: then.index, otherwise: otherwise.index))
  }

  /// `|x|`.
  package mutating func magnitude(_ term: RealTerm) -> RealTerm {
    let isNegative = less(term, real(.zero))
    return ite(isNegative, scaled(Rational(-1), term), term)
  }
}
