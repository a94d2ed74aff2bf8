package import RigorousArithmetic

/// Why the samples of a question are not defined.
package enum SampleLawError: Error, Hashable, CustomStringConvertible {
  /// The question named is not about a probability.
  case noLaw(String)
  /// The weights of the cases do not sum to one; holds their sum.
  case weights(sum: Rational)
  /// A weight is negative, or there is no case.
  case noChoice
  /// The law of the coordinate cannot be sampled: its mass is too small, or its range holds no double.
  case unusableAxis(Int)
  /// A seed has another length than 32 bytes.
  case seedLength(Int)

  package var description: String {
    switch self {
    case .noLaw(let name): return "`\(name)` states no probability, so it has no law to sample from"
    case .weights(let sum):
      return "the weights of the cases sum to \(sum); samples need weights that sum to exactly 1"
    case .noChoice: return "samples need at least one case, and no case of negative weight"
    case .unusableAxis(let axis):
      return "the law of coordinate \(axis) cannot be sampled in double precision; widen its range"
    case .seedLength(let count): return "a seed has 32 bytes, \(count) are given"
    }
  }
}
