import RigorousArithmetic
import TensorGraph

/// Each element by a constant, exactly.
func encodeDivide(_ divisor: Divisor, at site: OperatorSite, _ terms: inout TermStore) -> [RealTerm] {
  let exact = Rational(1).divided(by: divisor)
  return site.operands[0].map { terms.scaled(exact, $0) }
}
