import RigorousArithmetic
import TensorGraph

/// `x` where `0 < x`, else 0; the two agree at the kink.
func encodeReLU(at site: OperatorSite, _ terms: inout TermStore) -> [RealTerm] {
  let zero = terms.real(Rational.zero)
  let values = site.operands[0].map { x in
    let isPositive = terms.less(zero, x)
    return terms.ite(isPositive, x, zero)
  }
  return site.named(values, &terms)
}
