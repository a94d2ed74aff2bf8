package import Evidence
import RigorousArithmetic
package import VerificationProblem

/// What a rule says of a claim on one cell.
package struct ClaimOnCell: Hashable, Sendable {
  /// True where the claim holds everywhere, false where it holds nowhere, nil while open.
  package var truth: Bool?
  /// Margin of the predicate, positive where it holds: of a conjunction the least of its parts, of a disjunction the
  /// greatest; only for the choice of the next cell.
  package var margin: Double
  /// Worst bound over the atoms in the direction of the claim: the largest upper or the smallest lower one; NaN where
  /// the atoms bound both ways.
  package var worst: Double
  /// The atom that has this margin; only for the choice of splits.
  package var critical: Int?
  /// The coordinate with the greatest part in the error of that atom's quantity; only for the choice of splits.
  package var leadingAxis: Int?
  /// Width of the range of that atom; only for the choice of rules.
  package var width: Double
  /// Largest relative gap that counts as touching.
  static let touch = 0x1p-40

  /// Whether some atom misses its bound by no more than rounding, so that an exact evaluation may decide it; only for
  /// the choice of rules.
  package var isTouching = false
  /// Whether bounds of single atoms suffice; only for the choice of rules.
  package var isPlain = true

  /// Makes a claim's state.
  package init(truth: Bool?, margin: Double, worst: Double, width: Double = .infinity) {
    self.width = width
    self.truth = truth
    self.margin = margin
    self.worst = worst
  }
}

extension Predicate {
  /// The atom whose gap is the predicate's margin; nil where there are no atoms that matter.
  fileprivate func criticalAtom(_ gaps: [Double]) -> Int? {
    var next = 0
    return criticalAtom(gaps, &next)
  }

  private func criticalAtom(_ gaps: [Double], _ next: inout Int) -> Int? {
    switch self {
    case .atom:
      defer { next += 1 }
      return next
    case .all(let parts), .any(let parts):
      var best: Int?
      for part in parts {
        guard let candidate = part.criticalAtom(gaps, &next) else { continue }
        guard let known = best else {
          best = candidate
          continue
        }
        if case .all = self, gaps[candidate] < gaps[known] { best = candidate }
        if case .any = self, gaps[candidate] > gaps[known] { best = candidate }
      }
      return best
    }
  }
}

extension CompiledCase {
  /// Whether every atom bounds its quantity from above (true) or from below (false); nil where both occur.
  package var direction: Bool? {
    guard let first = atoms.first?.comparison.boundsAbove else { return nil }
    return atoms.allSatisfy { $0.comparison.boundsAbove == first } ? first : nil
  }
}

extension CompiledCase {
  /// The worst value of the quantity where the claim is known to hold; NaN where it has several atoms, of which one may
  /// hold for another.
  package var worstShown: Double {
    guard atoms.count == 1, let direction else { return .nan }
    return direction ? thresholds[0].upper : thresholds[0].lower
  }
}

extension CellEvaluator {
  /// The claim on a cell by a rule.
  ///
  /// - Parameter attributes: Whether the coordinate to split is looked for.
  package func claim(on cell: Cell, rule: LeafRule, attributes: Bool = false) -> ClaimOnCell {
    let direction = compiled.direction
    if rule == .outside {
      let misses = compiled.misses(cell)
      // No point has a value, so none is worse than another.
      let none = direction.map { $0 ? -Double.infinity : .infinity }
      return ClaimOnCell(
        truth: misses ? true : nil, margin: misses ? .infinity : -.infinity,
        worst: misses ? none ?? .nan : .nan)
    }
    if rule.weighs { return weighedClaim(on: cell, rule: rule, attributes: attributes) }
    return claim(from: bounds(on: cell, rule: rule, attributes: attributes))
  }

  /// How far an atom is from failing, given a range of its quantity; negative where it may fail.
  func gap(_ atom: Int, _ range: Interval) -> Double {
    let threshold = compiled.thresholds[atom]
    let gap =
      compiled.atoms[atom].comparison.boundsAbove
      ? threshold.lower - range.upper : range.lower - threshold.upper
    return gap.isNaN ? -.infinity : gap
  }

  /// What bounds of the quantities say of the claim.
  func claim(from bounds: [QuantityBounds]) -> ClaimOnCell {
    let direction = compiled.direction
    var gaps: [Double] = []
    gaps.reserveCapacity(bounds.count)
    var worst = direction.map { $0 ? -Double.infinity : .infinity } ?? .nan
    for index in compiled.atoms.indices {
      let range = bounds[index].range
      gaps.append(gap(index, range))
      if let direction { worst = direction ? Swift.max(worst, range.upper) : Swift.min(worst, range.lower) }
    }
    let critical = compiled.predicate.criticalAtom(gaps)
    var claim = ClaimOnCell(
      truth: compiled.predicate.truth(atomTruth(bounds)), margin: critical.map { gaps[$0] } ?? .infinity,
      worst: worst, width: critical.map { bounds[$0].range.width } ?? .infinity)
    claim.critical = critical
    claim.leadingAxis = critical.flatMap { bounds[$0].leadingAxis }
    claim.isTouching = compiled.atoms.indices.contains { index in
      let (gap, range) = (gaps[index], bounds[index].range)
      return gap <= 0
        && gap >= -ClaimOnCell.touch * (1 + Swift.max(compiled.thresholds[index].magnitude, range.width))
    }
    return claim
  }
}
