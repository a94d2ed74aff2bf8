import RigorousArithmetic
import TensorGraph

/// One above zero, minus one below it, zero at it.
func encodeSign(at site: OperatorSite, _ terms: inout TermStore) -> [RealTerm] {
  let zero = terms.real(Rational.zero)
  let (one, minusOne) = (terms.real(Rational(1)), terms.real(Rational(-1)))
  let values = site.operands[0].map { x in
    let isNegative = terms.less(x, zero)
    let isPositive = terms.less(zero, x)
    let rest = terms.ite(isNegative, minusOne, zero)
    return terms.ite(isPositive, one, rest)
  }
  return site.named(values, &terms)
}
