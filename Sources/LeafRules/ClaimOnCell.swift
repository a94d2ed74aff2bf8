import RigorousArithmetic
import VerificationProblem

/// What a rule says of a claim on one cell.
package struct ClaimOnCell: Hashable, Sendable {
  /// True where the claim holds everywhere, false where it holds nowhere, nil while open.
  package var truth: Bool?
  /// Least margin over the atoms, positive where all hold; only for the choice of the next cell.
  package var margin: Double
  /// Worst bound over the atoms in the direction of the claim: the largest upper or the smallest lower one; NaN where
  /// the atoms bound both ways.
  package var worst: Double
  /// Width of the range of the atom with the least margin; only for the choice of rules.
  package var width: Double
  /// Largest relative gap that counts as touching.
  static let touch = 0x1p-40

  /// Whether some atom misses its bound by no more than rounding, so that an exact evaluation may decide it; only for
  /// the choice of rules.
  package var isTouching = false

  /// Makes a claim's state.
  package init(truth: Bool?, margin: Double, worst: Double, width: Double = .infinity) {
    self.width = width
    self.truth = truth
    self.margin = margin
    self.worst = worst
  }
}

extension CompiledCase {
  /// Whether every atom bounds its quantity from above (true) or from below (false); nil where both occur.
  package var direction: Bool? {
    guard let first = atoms.first?.comparison.boundsAbove else { return nil }
    return atoms.allSatisfy { $0.comparison.boundsAbove == first } ? first : nil
  }
}

extension CellEvaluator {
  /// The claim on a cell by a rule.
  package func claim(on cell: Cell, rule: LeafRule) -> ClaimOnCell {
    let bounds = bounds(on: cell, rule: rule)
    let direction = compiled.direction
    var margin = Double.infinity
    var width = Double.infinity
    var worst = direction.map { $0 ? -Double.infinity : .infinity } ?? .nan
    for (index, atom) in compiled.atoms.enumerated() {
      let range = bounds[index].range
      let threshold = compiled.thresholds[index]
      let gap = atom.comparison.boundsAbove ? threshold.lower - range.upper : range.lower - threshold.upper
      if !(gap >= margin) {
        margin = gap.isNaN ? -.infinity : gap
        width = range.width
      }
      if let direction { worst = direction ? Swift.max(worst, range.upper) : Swift.min(worst, range.lower) }
    }
    var claim = ClaimOnCell(
      truth: compiled.predicate.truth(atomTruth(bounds)), margin: margin, worst: worst, width: width)
    claim.isTouching = zip(compiled.atoms, zip(bounds, compiled.thresholds)).contains { atom, pair in
      let (range, threshold) = (pair.0.range, pair.1)
      let gap = atom.comparison.boundsAbove ? threshold.lower - range.upper : range.lower - threshold.upper
      return gap <= 0 && gap >= -ClaimOnCell.touch * (1 + Swift.max(threshold.magnitude, range.width))
    }
    return claim
  }
}
