import RigorousArithmetic
import TensorGraph

/// The lower limit below it, the upper one above it, and `x` between.
func encodeClip(_ clip: Clip, at site: OperatorSite, _ terms: inout TermStore) -> [RealTerm] {
  let lower = terms.real(Rational(dyadic: clip.lower))
  let upper = terms.real(Rational(dyadic: clip.upper))
  let values = site.operands[0].map { x in
    let isBelow = terms.less(x, lower)
    let isAbove = terms.less(upper, x)
    let rest = terms.ite(isAbove, upper, x)
    return terms.ite(isBelow, lower, rest)
  }
  return site.named(values, &terms)
}
