import TensorGraph

/// Elementwise sum.
func encodeAdd(at site: OperatorSite, _ terms: inout TermStore) -> [RealTerm] {
  let sums = zip(site.operands[0], site.operands[1]).map { terms.sum([$0, $1]) }
  return site.named(sums, &terms)
}
