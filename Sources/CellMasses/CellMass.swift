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
  /// on which its bounds decide it count by `HalfSpaceMass`. Both are disjoint, since an event cannot hold and fail at
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
      let halfSpaces = HalfSpaceMass(cell: cell, laws: laws, axisMass: axisMass)
      let below = halfSpaces.least(
        slopes: bounds.upper.slopes,
        room: Directed.subtractDown(thresholds[pivot].lower, bounds.upper.constant))
      let above = halfSpaces.least(
        slopes: bounds.lower.slopes.map { -$0 },
        room: Directed.subtractDown(bounds.lower.constant, thresholds[pivot].upper))
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
