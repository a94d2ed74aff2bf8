package import RigorousArithmetic
package import TensorGraph
package import VerificationProblem

extension ObligationCase {
  /// The truth of the predicate at a rational point; nil when a logit threshold lies too near to tell.
  ///
  /// The graph is evaluated by its own rational semantics, not through terms.
  ///
  /// - Throws: `GraphError` when the graph has no rational evaluation or the point does not fit.
  package func exactTruth(at point: [Rational]) throws(GraphError) -> Bool? {
    let output = try graph.evaluate([point])[0]
    let known = predicate.atoms.map { atom in
      ThresholdEnclosure(atom.threshold).decides(atom.quantity, atom.comparison, in: output)
    }
    return predicate.truth(known)
  }
}

extension ThresholdEnclosure {
  fileprivate func decides(_ quantity: Quantity, _ comparison: Comparison, in output: [Rational]) -> Bool? {
    switch quantity {
    case .element(let index): return decides(output[index], comparison)
    case .distance(let start, let point, let norm):
      let magnitudes = point.indices.map { (output[start + $0] - Rational(dyadic: point[$0])).magnitude }
      switch norm {
      case .l1: return decides(magnitudes.reduce(.zero) { $0 + $1 }, comparison)
      case .linf: return decides(magnitudes.reduce(.zero) { max($0, $1) }, comparison)
      case .l2: return nil
      }
    }
  }
}
