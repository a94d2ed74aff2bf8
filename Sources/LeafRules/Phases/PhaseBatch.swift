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

  private struct Part {
    let path: [Phase]
    let slopes: [Double]?
    let bounds: PartBounds?
  }

  private let compiled: CompiledCase
  private let base: PhaseBase
  private let workspace: Workspace
  private let atom: Int
  private var parts: [Part] = []

  init(_ compiled: CompiledCase, _ base: PhaseBase, workspace: Workspace, atom: Int) {
    self.compiled = compiled
    self.base = base
    self.workspace = workspace
    self.atom = atom
  }

  /// Adds a part; false where those waiting were looked at and one is open.
  ///
  /// - Parameters:
  ///   - chosen: A slope for each open neuron; nil for the usual ones.
  ///   - bounds: Of the open operands; nil for those of the cell.
  mutating func append(_ path: [Phase], slopes chosen: [Double]?, bounds: PartBounds?) -> Bool {
    parts.append(Part(path: path, slopes: chosen, bounds: bounds))
    return parts.count < PhaseBatch.size || flush()
  }

  /// Whether the atom holds on all parts that wait.
  mutating func flush() -> Bool {
    guard !parts.isEmpty else { return true }
    defer { parts.removeAll(keepingCapacity: true) }
    let lines = ColumnLines(base, columns: parts.count)
    var phases = ColumnPhases(neurons: compiled.neuronCount)
    for (column, part) in parts.enumerated() {
      lines.set(column, slopes: part.slopes, bounds: part.bounds)
      for phase in part.path {
        phases.assume(
          neuron: phase.neuron, isActive: phase.isActive, column: column, multiplier: phase.multiplier)
      }
    }
    base.load(into: workspace, of: compiled)
    var pass = BackwardMatrix(compiled, workspace: workspace)
    pass.begin(atom: atom, columns: parts.count)
    pass.run(cell: base.cell, phases: phases, lines: lines)
    return parts.indices.allSatisfy { pass.shows(atom: atom, column: $0) }
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
