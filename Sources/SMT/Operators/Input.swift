import TensorGraph

/// One free symbol for each element of a real input.
func encodeInput(
  _ input: Input, at site: OperatorSite, _ terms: inout TermStore
) throws(EncodingError) -> [RealTerm] {
  guard input.kind == .real else {
    throw site.unsupported("input `\(input.name)` is an index; fix its value first")
  }
  return (0..<site.node.shape.count).map { terms.freshReal(like: "\(input.name)_\($0)") }
}
