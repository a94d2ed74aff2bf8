package import TensorGraph

/// Why an attack could not be run.
package enum FalsificationError: Error, Hashable, CustomStringConvertible {
  /// The question named is about a probability and has no region to search.
  case noRegion(String)
  /// Cases and region, or quantities and output, do not fit together; the text says how.
  case mismatch(String)
  /// A seed has another length than 32 bytes.
  case seedLength(Int)
  /// A graph cannot be evaluated.
  case graph(GraphError)

  package var description: String {
    switch self {
    case .noRegion(let name):
      return "`\(name)` is about a probability; only claims about every point are attacked"
    case .mismatch(let text): return text
    case .seedLength(let count): return "a seed has 32 bytes, \(count) are given"
    case .graph(let error): return "a graph cannot be evaluated: \(error)"
    }
  }
}
