import TensorGraph

/// The same elements.
func encodeReshape(at site: OperatorSite) -> [RealTerm] { site.operands[0] }
