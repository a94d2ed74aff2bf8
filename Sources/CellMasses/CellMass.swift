package import RigorousArithmetic
package import VerificationProblem

/// Lower bounds of the mass of a cell on which an event certainly holds and certainly fails.
package struct CellMass: Hashable, Sendable {
  /// Mass where the event holds, at least.
  package var inside: Double
  /// Mass where the event fails, at least.
  package var outside: Double
  /// Mass of the whole cell, at most.
  package var total: Double
  /// The coordinate with the greatest part in the error of what is undecided; only for the choice of splits.
  package var leadingAxis: Int?

  /// Makes masses.
  package init(inside: Double, outside: Double, total: Double) {
    self.inside = inside
    self.outside = outside
    self.total = total
  }

  /// What is not decided, for the choice of the next cell.
  package var undecided: Double { Swift.max(0, total - inside - outside) }
}

extension CellMass {
  /// A cell of which nothing is known.
  package init(undecided cell: Cell, under laws: [AxisMass]) {
    self.init(undecided: laws.indices.map { laws[$0].mass(cell.lower[$0], cell.upper[$0]) })
  }

  private init(undecided axisMass: [Interval]) {
    self.init(inside: 0, outside: 0, total: axisMass.reduce(1) { Directed.multiplyUp($0, $1.upper) })
  }

  /// Masses of a cell under a law.
  ///
  /// Theorem: a decided cell counts whole. Where one atom with affine bounds decides the event, the half spaces
  /// on which its bounds decide it count by `SlabMass`. Both are disjoint, since an event cannot hold and fail at
  /// one point.
  ///
  /// - Parameters:
  ///   - predicate: The event.
  ///   - known: What is known of each of its atoms on the whole cell.
  ///   - thresholds: Enclosures of the atoms' thresholds.
  ///   - affine: Affine bounds of an atom's quantity, where it has some.
  package init(
    of cell: Cell, under laws: [AxisMass], _ predicate: Predicate, known: [Bool?], thresholds: [Interval],
    affine: (Int) -> AffineBounds?
  ) {
    let axisMass = laws.indices.map { laws[$0].mass(cell.lower[$0], cell.upper[$0]) }
    let least = axisMass.reduce(1) { Directed.multiplyDown($0, Swift.max(0, $1.lower)) }
    self.init(undecided: axisMass)
    switch predicate.truth(known) {
    case .some(true): inside = least
    case .some(false): outside = least
    case nil:
      guard let pivot = predicate.pivot(known), let bounds = affine(pivot) else { break }
      func mass(_ side: AffineBounds.Side, limit: Double, sign: Double) -> Double {
        // Where the bound is on the wrong side at every point, its half space is empty.
        let least = side.slopes.reduce(sign * side.constant) { $0 - $1.magnitude }
        guard least <= sign * limit else { return 0 }
        return SlabMass(cell: cell, laws: laws, axisMass: axisMass, slopes: side.slopes).massBelow(
          constant: side.constant, slopes: side.slopes, limit: limit, sign: sign)
      }
      let below = mass(bounds.upper, limit: thresholds[pivot].lower, sign: 1)
      let above = mass(bounds.lower, limit: thresholds[pivot].upper, sign: -1)
      let holdsBelow = predicate.atoms[pivot].comparison.boundsAbove
      // What the event is where the pivot holds, and where it fails.
      for (truth, mass) in [(true, holdsBelow ? below : above), (false, holdsBelow ? above : below)] {
        var decided = known
        decided[pivot] = truth
        switch predicate.truth(decided) {
        case .some(true): inside = Directed.addDown(inside, mass)
        case .some(false): outside = Directed.addDown(outside, mass)
        case nil: break
        }
      }
    }
  }
}
