import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// The truth of a predicate over the exact values of a graph's output.
struct ExactPredicate {
  let output: [Rational]

  func truth(_ predicate: Predicate) throws -> Bool {
    switch predicate {
    case .all(let parts): return try parts.allSatisfy { try truth($0) }
    case .any(let parts): return try parts.contains { try truth($0) }
    case .atom(let atom):
      let sign = try sign(of: atom)
      switch atom.comparison {
      case .less: return sign < 0
      case .lessOrEqual: return sign <= 0
      case .greater: return sign > 0
      case .greaterOrEqual: return sign >= 0
      }
    }
  }

  /// The sign of quantity minus threshold.
  private func sign(of atom: Atom) throws -> Int {
    switch (atom.quantity, atom.threshold) {
    case (.element(let index), .rational(let value)): return (output[index] - value).signum
    case (.element(let index), .logit(let probability)):
      return try ExactNumber(.logistic(output[index])).adding(ExactNumber(-probability)).sign()
    case (.distance(let start, let point, let norm), .rational(let value)):
      let parts = point.indices.map { (output[start + $0] - Rational(dyadic: point[$0])).magnitude }
      switch norm {
      case .l1: return (parts.reduce(Rational(0)) { $0 + $1 } - value).signum
      case .linf: return (parts.reduce(Rational(0)) { max($0, $1) } - value).signum
      case .l2:
        let square = parts.reduce(Rational(0)) { $0 + $1 * $1 }
        return try ExactNumber(.root(square)).adding(ExactNumber(-value)).sign()
      }
    case (.distance, .logit): throw ExactNumber.Undecidable(text: "the logit of a distance")
    }
  }
}
