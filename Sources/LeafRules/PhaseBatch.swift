import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Parts of a cell with known phases on which an atom is to be shown, many in one backward pass.
struct PhaseBatch {
  struct Phase {
    let neuron: Int
    let isActive: Bool
    var multiplier = 0.0
  }

  /// Parts in one pass.
  static let size = 64

  private let compiled: CompiledCase
  private let base: PhaseBase
  private let workspace: Workspace
  private let atom: Int
  private let lines: ColumnLines
  private var phases: ColumnPhases
  private var count = 0

  init(_ compiled: CompiledCase, _ base: PhaseBase, workspace: Workspace, atom: Int) {
    self.compiled = compiled
    self.base = base
    self.workspace = workspace
    self.atom = atom
    lines = ColumnLines(base, columns: PhaseBatch.size)
    phases = ColumnPhases(neurons: compiled.neuronCount)
  }

  /// Adds a part; false where those waiting were looked at and one is open.
  ///
  /// - Parameters:
  ///   - chosen: A slope for each open neuron; nil for the usual ones.
  ///   - bounds: Of the open operands; nil for those of the cell.
  mutating func append(_ path: [Phase], slopes chosen: [Double]?, bounds: PartBounds?) -> Bool {
    lines.set(count, slopes: chosen, bounds: bounds)
    for phase in path {
      phases.assume(
        neuron: phase.neuron, isActive: phase.isActive, column: count, multiplier: phase.multiplier)
    }
    count += 1
    return count < PhaseBatch.size || flush()
  }

  /// Whether the atom holds on all parts that wait.
  mutating func flush() -> Bool {
    guard count > 0 else { return true }
    defer {
      count = 0
      phases.removeAll()
    }
    var pass = BackwardMatrix(compiled, workspace: workspace)
    pass.begin(atom: atom, columns: count)
    pass.run(cell: base.cell, phases: phases, lines: lines)
    return (0..<count).allSatisfy { pass.shows(atom: atom, column: $0) }
  }
}

extension BackwardMatrix {
  /// One objective a column: the atom's quantity where it is bounded from below, its negative where from above.
  package mutating func begin(atom: Int, columns: Int) {
    begin(at: compiled.outputInstruction, objectives: columns)
    for column in 0..<columns { aim(atom: atom, column: column, weight: 1) }
  }

  /// Whether the bound of a column shows the atom of `begin(atom:columns:)`.
  package func shows(atom: Int, column: Int) -> Bool {
    let bound = lowerBound(column)
    let comparison = compiled.atoms[atom].comparison
    guard bound.isFinite else { return false }
    let range = comparison.boundsAbove ? Interval(-.infinity, -bound) : Interval(bound, .infinity)
    return comparison.decided(range, compiled.thresholds[atom]) == true
  }
}
