import RigorousArithmetic
package import VerificationProblem

/// A claim on a cell by splits on the phases of rectifiers, with multipliers, slopes and refinements from outside.
///
/// Theorem. At every point of a cell that lies in the region's balls a rectifier's operand is not negative or not
/// positive, so the two parts of a split cover what was split. At the points of a leaf's part at which the clause fails, the
/// operands lie within the bounds of the cell and within those of `PhaseRefinement`, so that the linear bounds of
/// `BackwardMatrix` enclose an atom's quantity there, whatever the multipliers and slopes, as long as the ones are not
/// negative and the others in `[0, 1]`. Where they show the atom, or by `WeightedLeaf` the clause, or where the bounds
/// contradict each other, there are no such points, and the clause holds on the part. The claim holds where all clauses do:
/// those that the bounds of the whole cell decide, and for each other one a tree whose leaves are all closed.
///
/// The bytes are, for each open clause in order, its tree in pre-order:
///
/// - a split: 1 and the position of the neuron among the open ones in two bytes, least significant first; the part where
///   the operand is not negative comes first;
/// - slopes for one atom, in force until its subtree ends: 3, and a byte for each open neuron, its slope in units of
///   1/255; the node itself follows. Without them the slope is 1 where the operand reaches further above zero than below,
///   and 0 elsewhere. Or what changes of those that were written last for the atom, wherever in the tree that was: 9, how
///   many there are in a byte, and for each the position of its neuron in two bytes and its slope in one;
/// - bounds, in force until its subtree ends: 4, how many there are in two bytes, and for each the position of its neuron
///   among the open ones in two bytes, 1 for an upper bound and 0 for a lower one, the factor of the atom's quantity and
///   a multiplier for each split above, each in two bytes as for a leaf, and a slope for each open neuron in a byte; the
///   node itself follows;
/// - a leaf whose bounds contradict each other: 5; 6 and 7 are leaves that a search kept open, and close nothing;
/// - a leaf: 2, or 0 and for each split above it, from the root on, the upper half of a multiplier's single-precision
///   bits in two bytes; or 10, and a mask that says of which splits multipliers follow, in whole bytes, the first split
///   in the lowest bit;
/// - a leaf that shows the clause as a whole, see `WeightedLeaf`: 8, and in eight bytes each, least significant first, a
///   weight for each atom, a multiplier for each split above, and a slope for each open neuron without one.
///
/// Where the clause has several atoms, the position of the one that slopes, bounds or a leaf speak of follows the 0, 2,
/// 3, 4, 9 or 10.
package struct PhaseRule {
  private let compiled: CompiledCase
  private let workspace: Workspace
  private let clauses: [[Int]]

  /// The rule for a case whose predicate has clauses.
  package init?(_ compiled: CompiledCase, workspace: Workspace) {
    guard let clauses = compiled.clauses else { return nil }
    self.compiled = compiled
    self.workspace = workspace
    self.clauses = clauses
  }

  /// Whether the trees close the cell.
  func closes(_ cell: Cell, _ bytes: ArraySlice<UInt8>) -> Bool {
    guard let base = PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace) else {
      return false
    }
    return closes(base, bytes)
  }

  /// Whether the trees close the cell of which this is known.
  package func closes(_ base: PhaseBase, _ bytes: ArraySlice<UInt8>) -> Bool {
    // Another cell may have been looked at since.
    base.load(into: workspace, of: compiled)
    var reader = PhaseReader(bytes)
    for index in base.openClauses {
      guard closes(clauses[index], base, &reader) else { return false }
    }
    return reader.isAtEnd
  }

  /// What is in force at a node.
  private struct State {
    /// For each atom.
    var slopes: [[Double]?]
    var bounds: PartBounds?
  }

  private func closes(_ clause: [Int], _ base: PhaseBase, _ reader: inout PhaseReader) -> Bool {
    guard !clause.isEmpty else { return false }
    var batches = clause.map { PhaseBatch(compiled, base, workspace: workspace, atom: $0) }
    var path: [PhaseBatch.Phase] = []
    var state = State(slopes: [[Double]?](repeating: nil, count: clause.count))
    // What was written last for each atom, wherever in the tree that was.
    var written = clause.map { _ in base.openNeurons.map { base.usualSlope($0) } }
    var refinements = [PhaseRefinement?](repeating: nil, count: clause.count)
    // Splits still to be entered on their second side, with the length of the path and what is in force above each.
    var pending: [(depth: Int, neuron: Int, state: State)] = []
    while true {
      let node = reader.node(depth: path.count, atoms: clause.count, open: base.openNeurons.count)
      switch node {
      case .slopes(let atom, let chosen):
        guard atom < clause.count else { return false }
        written[atom] = chosen
        state.slopes[atom] = chosen
        continue
      case .changes(let atom, let changes):
        guard atom < clause.count else { return false }
        for (position, slope) in changes { written[atom][position] = slope }
        state.slopes[atom] = written[atom]
        continue
      case .bounds(let atom, let entries):
        guard atom < clause.count else { return false }
        var refinement =
          refinements[atom]
          ?? PhaseRefinement(compiled, base, workspace: workspace, atom: clause[atom])
        state.bounds = refinement.refine(
          state.bounds ?? PartBounds(base), path: path.map { ($0.neuron, $0.isActive) }, by: entries)
        refinements[atom] = refinement
        continue
      case .split(let position):
        guard position < base.openNeurons.count else { return false }
        let neuron = base.openNeurons[position]
        guard !path.contains(where: { $0.neuron == neuron }) else { return false }
        pending.append((path.count, neuron, state))
        path.append(PhaseBatch.Phase(neuron: neuron, isActive: true))
        continue
      case .empty:
        guard state.bounds?.isEmpty == true else { return false }
      case .leaf(let atom, let multipliers):
        guard atom < clause.count else { return false }
        for index in path.indices { path[index].multiplier = multipliers.isEmpty ? 0 : multipliers[index] }
        guard batches[atom].append(path, slopes: state.slopes[atom], bounds: state.bounds) else {
          return false
        }
      case .weighted(let weights, let multipliers, let slopes):
        let leaf = WeightedLeaf(
          weights: weights,
          path: zip(path, multipliers).map {
            WeightedLeaf.Phase(neuron: $0.neuron, isActive: $0.isActive, multiplier: $1)
          }, slopes: slopes)
        guard leaf.closes(clause, compiled, base, workspace: workspace) else { return false }
      case .open, nil: return false
      }
      guard let next = pending.popLast() else {
        for index in batches.indices where !batches[index].flush() { return false }
        return true
      }
      path.removeLast(path.count - next.depth)
      path.append(PhaseBatch.Phase(neuron: next.neuron, isActive: false))
      state = next.state
    }
  }
}

extension CellEvaluator {
  /// The claim on a cell by trees of phases, see `PhaseRule`.
  package func claim(on cell: Cell, phases bytes: ArraySlice<UInt8>) -> ClaimOnCell {
    let holds = PhaseRule(compiled, workspace: workspace)?.closes(cell, bytes) ?? false
    return ClaimOnCell(
      truth: holds ? true : nil, margin: holds ? 0 : -.infinity, worst: holds ? compiled.worstShown : .nan)
  }
}
