package import SampleLaw
package import TensorGraph

/// Why samples could not be taken.
package enum SamplingError: Error, Hashable, CustomStringConvertible {
  /// The number of samples is negative or too large.
  case count(Int)
  /// The evaluation of samples failed; the first failing chunk's error.
  case graph(GraphError)
  /// An evaluation answered another number of points than it was given.
  case answers(given: Int, wanted: Int)
  /// The law cannot be sampled.
  case law(SampleLawError)
  /// Graphs and law do not fit together; the text says how.
  case mismatch(String)
  /// The task was cancelled before all samples were taken.
  case cancelled

  package var description: String {
    switch self {
    case .count(let count): return "cannot take \(count) samples"
    case .graph(let error): return "a sample cannot be evaluated: \(error)"
    case .answers(let given, let wanted): return "an evaluation gave \(given) answers for \(wanted) samples"
    case .law(let error): return error.description
    case .mismatch(let text): return text
    case .cancelled: return "sampling was cancelled"
    }
  }
}
