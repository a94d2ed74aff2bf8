package import CellMasses
import Evidence
import LeafRules
import RigorousArithmetic
package import VerificationProblem

/// What the leaves of one case come to when the checker's rules are applied to them again: for plots.
///
/// The verdict of a report is that of its certificate. A study only refuses what its own numbers contradict, and its sums
/// are plain doubles where no claim rests on them.
package struct CellStudy: Sendable {
  /// What became of a leaf.
  package enum Fate: Hashable, Sendable {
    /// The event holds on the whole cell.
    case holds
    /// The event fails on the whole cell.
    case fails
    /// Part of the cell's mass is decided; holds the share that is not, between 0 and 1.
    case partly(undecided: Double)
    /// Under forall, the bound that the rule gives for the compared quantity.
    case bounded(Double)
    /// Nothing is claimed of the cell.
    case open
  }

  /// A leaf with what became of it.
  package struct Entry: Sendable {
    /// The cell.
    package let cell: Cell
    /// Splits above it.
    package let depth: Int
    /// What became of it.
    package let fate: Fate
  }

  /// Mass decided by the leaves of one depth.
  package struct DepthMass: Hashable, Sendable {
    /// Mass on which the event holds.
    package var inside = 0.0
    /// Mass on which it fails.
    package var outside = 0.0
  }

  /// The leaves in pre-order where there are two coordinates to draw; else empty.
  package let entries: [Entry]
  /// Decided mass by depth; empty under forall.
  package let masses: [DepthMass]
  /// The case's sums as the checker forms them; nil under forall.
  package let sum: MeasureBounds.CaseMass?
  /// A leaf that its rule does not close, under forall.
  package let unclosed: Cell?

  /// Applies the rules to the leaves of a tree.
  init(_ tree: SplitTree, _ item: ObligationCase, _ obligation: Obligation) throws {
    let isDrawn = obligation.dimension == 2
    switch obligation.question {
    case .measure(let law, _):
      let evaluator = CellEvaluator(try CompiledCase(item), laws: law.map { AxisMass($0) })
      var entries: [Entry] = []
      var masses: [DepthMass] = []
      var sum = MeasureBounds.CaseMass()
      try tree.visitLeaves { leaf in
        let mass = evaluator.masses(on: leaf.cell, rule: leaf.rule)
        sum.add(mass)
        while masses.count <= leaf.depth { masses.append(DepthMass()) }
        masses[leaf.depth].inside += max(0, mass.inside)
        masses[leaf.depth].outside += max(0, mass.outside)
        if isDrawn {
          entries.append(Entry(cell: leaf.cell, depth: leaf.depth, fate: CellStudy.fate(of: mass, leaf.rule)))
        }
      }
      (self.entries, self.masses, self.sum, unclosed) = (entries, masses, sum, nil)
    case .forall(let region):
      let compiled = try CompiledCase(item, fixed: obligation.fixedAxes, balls: region.balls)
      let evaluator = CellEvaluator(compiled)
      var entries: [Entry] = []
      var unclosed: Cell?
      try tree.visitLeaves { leaf in
        let claim: ClaimOnCell
        switch leaf.rule {
        case .open: claim = evaluator.claim(on: leaf.cell, rule: .zonotope)
        case .phases: claim = evaluator.claim(on: leaf.cell, phases: leaf.annex)
        default: claim = evaluator.claim(on: leaf.cell, rule: leaf.rule)
        }
        let isOpen = leaf.rule == .open
        if !isOpen, claim.truth != true { unclosed = leaf.cell }
        guard isDrawn else { return }
        entries.append(
          Entry(
            cell: leaf.cell, depth: leaf.depth,
            fate: isOpen ? .open : claim.worst.isFinite ? .bounded(claim.worst) : .holds))
      }
      (self.entries, masses, sum, self.unclosed) = (entries, [], nil, unclosed)
    }
  }

  private static func fate(of mass: CellMass, _ rule: LeafRule) -> Fate {
    if rule == .open { return .open }
    guard mass.total > 0 else { return .partly(undecided: 0) }
    if mass.outside == 0, mass.inside >= mass.total * (1 - 1e-9) { return .holds }
    if mass.inside == 0, mass.outside >= mass.total * (1 - 1e-9) { return .fails }
    return .partly(undecided: min(1, mass.undecided / mass.total))
  }
}
