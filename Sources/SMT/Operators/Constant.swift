import RigorousArithmetic
import TensorGraph

/// Each element is the rational that its double is.
func encodeConstant(_ tensor: Tensor, _ terms: inout TermStore) -> [RealTerm] {
  tensor.values.map { terms.real(Rational(dyadic: $0)) }
}
