package import RigorousArithmetic
package import TensorGraph

extension ObligationCase {
  /// What rigorous arithmetic knows of the predicate at one point of doubles; nil when rounding leaves it open, or the
  /// graph has no value there.
  ///
  /// The point is exact, every operator is evaluated in outward-rounded intervals, so that an answer is true of
  /// the real function, or of every result that the case's arithmetic allows.
  package func truth(at point: [Double]) throws(GraphError) -> (truth: Bool?, values: [Interval]) {
    try truth(within: point.map { Interval($0) })
  }

  /// The same at the point of a region that doubles stand for, see `InputRegion.point(_:)`; nil where it is none.
  package func truth(
    at point: [Double], in region: InputRegion
  ) throws(GraphError) -> (truth: Bool?, values: [Interval])? {
    guard let exact = region.point(point) else { return nil }
    return try truth(within: exact.map(\.enclosure))
  }

  /// Enclosures of the graph's results at a point of doubles; nil where it has none.
  package func enclosure(at point: [Double]) throws(GraphError) -> [[Interval]]? {
    try outputs(within: point.map { Interval($0) })
  }

  private func outputs(within point: [Interval]) throws(GraphError) -> [[Interval]]? {
    do {
      return try graph.enclosure(over: point, in: arithmetic)
    } catch {
      guard case .undefined = error else { throw error }
      return nil
    }
  }

  /// The same at the point that lies in given intervals; an answer is true of every point in them.
  package func truth(within point: [Interval]) throws(GraphError) -> (truth: Bool?, values: [Interval]) {
    guard let outputs = try outputs(within: point) else {
      return (nil, predicate.atoms.map { _ in .entire })
    }
    let values = predicate.atoms.map { $0.quantity.value(of: outputs[0]) }
    let known = zip(predicate.atoms, values).map { atom, value in
      atom.comparison.decided(value, atom.threshold.enclosure(in: arithmetic))
    }
    return (predicate.truth(known), values)
  }
}

extension Quantity {
  /// The quantity for an output that is known up to intervals.
  package func value(of output: [Interval]) -> Interval {
    switch self {
    case .element(let index): return output[index]
    case .distance(let start, let point, let norm):
      let parts = point.indices.map { (output[start + $0] - Interval(point[$0])).absoluteValue() }
      switch norm {
      case .l1: return parts.reduce(Interval(0)) { $0 + $1 }
      case .l2: return parts.reduce(Interval(0)) { $0 + $1.squared() }.squareRoot()
      case .linf:
        return Interval(
          parts.reduce(0) { Swift.max($0, $1.lower) }, parts.reduce(0) { Swift.max($0, $1.upper) })
      }
    }
  }
}
