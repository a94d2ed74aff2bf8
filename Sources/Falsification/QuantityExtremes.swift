package import RigorousArithmetic
import TensorGraph
package import VerificationProblem

/// The smallest and the largest value of some quantities that an attack attains.
///
/// They are attained values, so the true minimum lies at or below the upper end of the smallest value's enclosure
/// and the true maximum at or above the lower end of the largest one's: certified bounds lie on the other sides.
package struct QuantityExtremes: Hashable, Sendable {
  /// An attained value.
  package struct Extreme: Hashable, Sendable {
    /// The case that attains it.
    package let caseIndex: Int
    /// Which of the quantities, such as the number of the nearest record.
    package let quantityIndex: Int
    /// Where; in the exact region.
    package let point: [Double]
    /// Enclosure of the exact value there.
    package let value: Interval
  }

  /// The smallest over cases, quantities and points found.
  package let smallest: Extreme
  /// The largest over cases, quantities and points found.
  package let largest: Extreme
}

extension WitnessSearch {
  /// Attacks one quantity of the cases' outputs from both sides.
  package func extremes(of quantity: Quantity) throws(FalsificationError) -> QuantityExtremes? {
    try extremes(of: [quantity])
  }

  /// Attacks several quantities together from both sides, such as the distances to all protected records.
  ///
  /// - Returns: nil when there is no quantity or the region holds no point of doubles.
  /// - Throws: `FalsificationError.mismatch` when a quantity does not fit an output, `FalsificationError.graph`.
  package func extremes(of quantities: [Quantity]) throws(FalsificationError) -> QuantityExtremes? {
    guard let smallest = try smallest(of: quantities), let largest = try largest(of: quantities) else {
      return nil
    }
    return QuantityExtremes(smallest: smallest, largest: largest)
  }

  /// The smaller side of `extremes(of:)` alone.
  package func smallest(of quantities: [Quantity]) throws(FalsificationError) -> QuantityExtremes.Extreme? {
    try extreme(of: quantities, isLargest: false)
  }

  /// The larger side of `extremes(of:)` alone.
  package func largest(of quantities: [Quantity]) throws(FalsificationError) -> QuantityExtremes.Extreme? {
    try extreme(of: quantities, isLargest: true)
  }

  private func extreme(
    of quantities: [Quantity], isLargest: Bool
  ) throws(FalsificationError) -> QuantityExtremes.Extreme? {
    for item in cases {
      let count = item.graph.outputShapes[0].count
      guard quantities.allSatisfy({ $0.fits(outputCount: count) }) else {
        throw .mismatch("a quantity speaks of elements beyond the \(count) of the output of `\(item.label)`")
      }
    }
    guard let box, !quantities.isEmpty else { return nil }
    do {
      return try extreme(of: quantities, isLargest: isLargest, box)
    } catch {
      throw .graph(error)
    }
  }

  private func extreme(
    of quantities: [Quantity], isLargest: Bool, _ box: DoubleBox
  ) throws(GraphError) -> QuantityExtremes.Extreme? {
    var best: (caseIndex: Int, quantity: Int, candidate: Candidate)?
    for (index, item) in cases.enumerated() {
      let objective = Objective(
        smallestOf: quantities, negated: isLargest, outputCount: item.graph.outputShapes[0].count)
      var attack = attack(index, objective, box)
      let candidates = try attack.scan(given: startingPoints) { _ in false }
      let ends = try attack.refine(candidates) { _ in false }
      guard let first = ends.first, let quantity = first.quantity else { continue }
      if best.map({ first.value < $0.candidate.value }) ?? true { best = (index, quantity, first) }
    }
    guard let best else { return nil }
    guard let outputs = try cases[best.caseIndex].enclosure(at: best.candidate.point) else { return nil }
    return QuantityExtremes.Extreme(
      caseIndex: best.caseIndex, quantityIndex: best.quantity, point: best.candidate.point,
      value: quantities[best.quantity].value(of: outputs[0]))
  }
}

extension Quantity {
  /// Whether the quantity is defined for an output of `outputCount` elements.
  func fits(outputCount: Int) -> Bool {
    switch self {
    case .element(let index): return (0..<outputCount).contains(index)
    case .distance(let start, let point, _):
      return start >= 0 && !point.isEmpty && point.count <= outputCount && start <= outputCount - point.count
        && point.allSatisfy(\.isFinite)
    }
  }
}
