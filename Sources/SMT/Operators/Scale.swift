import RigorousArithmetic
import TensorGraph

/// A constant times each element.
func encodeScale(_ factor: Double, at site: OperatorSite, _ terms: inout TermStore) -> [RealTerm] {
  let exact = Rational(dyadic: factor)
  return site.operands[0].map { terms.scaled(exact, $0) }
}
