import RigorousArithmetic
import TensorGraph
import VerificationProblem

// Theorem: an atom that is decided from an interval around its quantity and one around its threshold is decided so at every
// point of the box that was evaluated, and Kleene's tables keep this. A Euclidean distance compares with a threshold that
// is not negative as its square does with the square, and exceeds a negative one.

/// Truth of a predicate over a box, by exact interval arithmetic through the graph.
struct PointTruth: Sendable {
  private let graph: Graph
  private let predicate: Predicate

  init(_ graph: Graph, _ predicate: Predicate) {
    self.graph = graph
    self.predicate = predicate
  }

  /// Whether the predicate holds at every point of a box (true), at none (false), or is open.
  func truth(on box: [AxisRange]) -> Bool? {
    guard let output = try? graph.evaluate([box.map { DyadicInterval($0.lower, $0.upper) }]).first else {
      return nil
    }
    return predicate.truth(predicate.atoms.map { decided($0, output) })
  }

  /// Whether the predicate is false at a point, beyond doubt.
  func fails(at point: [Rational]) -> Bool {
    truth(on: point.map { AxisRange(lower: $0, upper: $0) }) == false
  }

  private func decided(_ atom: Atom, _ output: [DyadicInterval]) -> Bool? {
    var value: DyadicInterval
    var threshold: (lower: Rational, upper: Rational)
    switch atom.threshold {
    case .rational(let number): threshold = (number, number)
    case .logit:
      let around = atom.threshold.enclosure
      guard let lower = Rational(exactly: around.lower), let upper = Rational(exactly: around.upper) else {
        return nil
      }
      threshold = (lower, upper)
    }
    switch atom.quantity {
    case .element(let index):
      guard output.indices.contains(index) else { return nil }
      value = output[index]
    case .distance(let start, let point, let norm):
      guard start >= 0, start + point.count <= output.count else { return nil }
      let parts = point.indices.map {
        (output[start + $0] + DyadicInterval(dyadic: -point[$0])).magnitude
      }
      let zero = DyadicInterval(dyadic: 0)
      switch norm {
      case .l1: value = parts.reduce(zero) { $0 + $1 }
      case .linf: value = parts.reduce(zero) { $0.greater($1) }
      case .l2:
        value = parts.reduce(zero) { $0 + $1 * $1 }
        guard threshold.lower >= .zero else {
          return threshold.upper < .zero ? !atom.comparison.boundsAbove : nil
        }
        threshold = (threshold.lower * threshold.lower, threshold.upper * threshold.upper)
      }
    }
    guard let ends = value.ends else { return nil }
    let (low, high) = (ends.low.rational, ends.high.rational)
    switch atom.comparison {
    case .less: return high < threshold.lower ? true : low >= threshold.upper ? false : nil
    case .lessOrEqual: return high <= threshold.lower ? true : low > threshold.upper ? false : nil
    case .greater: return low > threshold.upper ? true : high <= threshold.lower ? false : nil
    case .greaterOrEqual: return low >= threshold.upper ? true : high < threshold.lower ? false : nil
    }
  }
}
