import RigorousArithmetic
import VerificationProblem

/// Bounds of a cell's open operands that hold at the points of a part at which a clause fails.
package struct PartBounds: Hashable, Sendable {
  /// By position among the open neurons.
  package private(set) var lower: [Double]
  package private(set) var upper: [Double]
  /// Whether they contradict each other, so that the clause fails nowhere on the part.
  package private(set) var isEmpty = false

  /// The bounds of the whole cell.
  package init(_ base: PhaseBase) {
    lower = base.openNeurons.map { base.lower[$0] }
    upper = base.openNeurons.map { base.upper[$0] }
  }

  /// Narrows one bound; a number that is not finite narrows nothing.
  mutating func narrow(_ position: Int, isUpper: Bool, to bound: Double) {
    guard bound.isFinite else { return }
    if isUpper {
      upper[position] = Swift.min(upper[position], bound)
    } else {
      lower[position] = Swift.max(lower[position], bound)
    }
    if lower[position] > upper[position] { isEmpty = true }
  }
}

/// Narrower bounds of operands of rectifiers, from what it takes to break a claim.
///
/// Theorem. Let `C` be the points of a part of a cell at which a clause fails, and let known bounds of the operands hold
/// on `C`. There an atom of the clause fails: its quantity, or the negative of it where it is bounded from above, is a
/// number `q <= T`, where `T` is the threshold's upper end, or the negative of its lower one. For `w >= 0`, a rectifier's
/// operand `x` and a sign `s`, `BackwardMatrix` finds `L <= w q + s x` on `C`, with the lines of the known bounds and any
/// slopes and multipliers that it admits. So `s x >= L - w T` on `C`. Where bounds of an operand contradict each other,
/// `C` is empty, and the clause holds on the part. All bounds of one refinement follow from the same known ones.
package struct PhaseRefinement {
  /// One bound to be found.
  package struct Entry: Sendable {
    /// Position of the neuron among the open ones.
    package var position: Int
    package var isUpper: Bool
    /// The factor of the atom's quantity; not negative.
    package var weight: Double
    /// A multiplier for each phase of the part; none of them negative.
    package var multipliers: [Double]
    /// A slope for each open neuron, in `[0, 1]`.
    package var slopes: [Double]

    package init(position: Int, isUpper: Bool, weight: Double, multipliers: [Double], slopes: [Double]) {
      self.position = position
      self.isUpper = isUpper
      self.weight = weight
      self.multipliers = multipliers
      self.slopes = slopes
    }
  }

  /// Bounds that one pass finds.
  package static let columns = 32

  private let compiled: CompiledCase
  private let base: PhaseBase
  private let workspace: Workspace
  private let atom: Int
  private let lines: ColumnLines
  private var phases: ColumnPhases

  /// - Parameter workspace: Has the bounds of `base`.
  package init(_ compiled: CompiledCase, _ base: PhaseBase, workspace: Workspace, atom: Int) {
    self.compiled = compiled
    self.base = base
    self.workspace = workspace
    self.atom = atom
    lines = ColumnLines(base, columns: PhaseRefinement.columns)
    phases = ColumnPhases(neurons: compiled.neuronCount)
  }

  /// The bounds after all entries.
  package mutating func refine(
    _ known: PartBounds, path: [(neuron: Int, isActive: Bool)], by entries: [Entry]
  ) -> PartBounds {
    var result = known
    var pass = BackwardMatrix(compiled, workspace: workspace)
    var next = 0
    while next < entries.count {
      let chunk = entries[next..<Swift.min(next + PhaseRefinement.columns, entries.count)]
      next += chunk.count
      phases.removeAll()
      pass.begin(atom: atom, columns: chunk.count)
      for (column, entry) in chunk.enumerated() {
        lines.set(column, slopes: entry.slopes, bounds: known)
        pass.aim(atom: atom, column: column, weight: entry.weight)
        for (phase, multiplier) in zip(path, entry.multipliers) {
          phases.assume(
            neuron: phase.neuron, isActive: phase.isActive, column: column, multiplier: multiplier)
        }
        phases.add(entry.isUpper ? -1 : 1, operandOf: base.openNeurons[entry.position], column: column)
      }
      pass.run(cell: base.cell, phases: phases, lines: lines)
      for (column, entry) in chunk.enumerated() {
        let bound = pass.bound(column, atom: atom, weight: entry.weight)
        result.narrow(entry.position, isUpper: entry.isUpper, to: entry.isUpper ? -bound : bound)
      }
    }
    return result
  }
}

extension BackwardMatrix {
  /// Takes the atom's quantity into a column's objective this many times; once without this.
  package func aim(atom: Int, column: Int, weight: Double) {
    guard case .element(let index) = compiled.atoms[atom].quantity else { return }
    set(column, element: index, to: compiled.atoms[atom].comparison.boundsAbove ? -weight : weight)
  }

  /// The upper end `T` of what the atom's quantity, or its negative, may be where the atom fails.
  package func limit(atom: Int) -> Double {
    let threshold = compiled.thresholds[atom]
    return compiled.atoms[atom].comparison.boundsAbove ? -threshold.lower : threshold.upper
  }

  /// A lower bound of the rest of a column's objective where the atom fails; minus infinity where nothing is known.
  package func bound(_ column: Int, atom: Int, weight: Double) -> Double {
    let bound = Directed.subtractDown(
      lowerBound(column), Directed.multiplyUp(weight, limit(atom: atom)))
    return bound.isFinite ? bound : -.infinity
  }
}
