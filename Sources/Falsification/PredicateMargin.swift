import RigorousArithmetic
import VerificationProblem

/// How far a predicate is from failing, in floating point: positive where it holds.
///
/// The margin of `all` is that of its weakest part, of `any` that of its strongest; the gradient is that of the
/// deciding atom. Nothing is concluded from it.
struct PredicateMargin {
  let predicate: Predicate
  let thresholds: [Double]

  init(_ predicate: Predicate) {
    self.predicate = predicate
    thresholds = predicate.atoms.map { $0.threshold.enclosure.midpoint }
  }

  /// Margin at an output, with the deciding atom's gradient added to `upstream`.
  func value(_ output: ArraySlice<Double>, upstream: inout ArraySlice<Double>) -> Double {
    var position = 0
    let (margin, deciding) = value(predicate, output, &position)
    guard let (atom, _) = deciding else { return margin }
    let sign = atom.comparison.boundsAbove ? -1.0 : 1.0
    switch atom.quantity {
    case .element(let index): upstream[upstream.startIndex + index] += sign
    case .distance(let start, let point, let norm):
      addDistanceGradient(output, start: start, point: point, norm: norm, scale: sign, to: &upstream)
    }
    return margin
  }

  private func value(
    _ predicate: Predicate, _ output: ArraySlice<Double>, _ position: inout Int
  ) -> (Double, (Atom, Int)?) {
    switch predicate {
    case .atom(let atom):
      defer { position += 1 }
      let quantity = PredicateMargin.quantity(atom.quantity, output)
      let gap = quantity - thresholds[position]
      return (atom.comparison.boundsAbove ? -gap : gap, (atom, position))
    case .all(let parts):
      var best: (Double, (Atom, Int)?) = (.infinity, nil)
      for part in parts {
        let next = value(part, output, &position)
        if next.0 < best.0 { best = next }
      }
      return best
    case .any(let parts):
      var best: (Double, (Atom, Int)?) = (-.infinity, nil)
      for part in parts {
        let next = value(part, output, &position)
        if next.0 > best.0 { best = next }
      }
      return best
    }
  }

  /// A quantity at an output.
  static func quantity(_ quantity: Quantity, _ output: ArraySlice<Double>) -> Double {
    switch quantity {
    case .element(let index): return output[output.startIndex + index]
    case .distance(let start, let point, let norm):
      var result = 0.0
      for (index, coordinate) in point.enumerated() {
        let difference = (output[output.startIndex + start + index] - coordinate).magnitude
        switch norm {
        case .l1: result += difference
        case .l2: result += difference * difference
        case .linf: result = Swift.max(result, difference)
        }
      }
      return norm == .l2 ? result.squareRoot() : result
    }
  }

  private func addDistanceGradient(
    _ output: ArraySlice<Double>, start: Int, point: [Double], norm: Norm, scale: Double,
    to upstream: inout ArraySlice<Double>
  ) {
    let base = output.startIndex + start
    let differences = point.indices.map { output[base + $0] - point[$0] }
    let target = upstream.startIndex + start
    switch norm {
    case .l1: for index in point.indices { upstream[target + index] += differences[index] < 0 ? -scale : scale }
    case .l2:
      let length = differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { return }
      for index in point.indices { upstream[target + index] += scale * differences[index] / length }
    case .linf:
      guard let largest = differences.indices.max(by: { differences[$0].magnitude < differences[$1].magnitude })
      else { return }
      upstream[target + largest] += differences[largest] < 0 ? -scale : scale
    }
  }
}
