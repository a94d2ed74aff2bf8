import RigorousArithmetic
import VerificationProblem

/// A part of a cell with known phases on which a clause is shown as a whole, by numbers of full precision.
///
/// Theorem. Let `s_i = 1` where atom `i` of the clause bounds its quantity `q_i` by `t_i` from below, and `-1` where from
/// above. At a point at which no atom holds, `s_i q_i <= s_i t_i` for all `i`, hence `sum_i w_i s_i q_i <= sum_i w_i s_i
/// t_i` for all weights that are not negative. Where a lower bound of the left side on the part, by `BackwardMatrix` with
/// any multipliers that are not negative and any slopes in `[0, 1]`, exceeds an upper bound of the right side, there is no
/// such point. That holds for weights of zero as well, by which the part is shown to be empty.
///
/// Where every rectifier's phase is known and nothing else bends, the part is a polyhedron, the quantities are affine on
/// it, and by Farkas' lemma there are weights and multipliers that show a clause which holds with a margin.
package struct WeightedLeaf: Sendable {
  /// The phase of a split and its multiplier.
  package struct Phase: Sendable {
    /// The neuron.
    package let neuron: Int
    /// Whether its operand is not negative.
    package let isActive: Bool
    /// Not negative.
    package let multiplier: Double

    /// Makes a phase.
    package init(neuron: Int, isActive: Bool, multiplier: Double) {
      self.neuron = neuron
      self.isActive = isActive
      self.multiplier = multiplier
    }
  }

  /// A weight for each atom of the clause.
  package let weights: [Double]
  /// The splits from the root on.
  package let path: [Phase]
  /// A slope for each open neuron that is not split, in ascending order.
  package let slopes: [Double]

  /// Makes a leaf.
  package init(weights: [Double], path: [Phase], slopes: [Double]) {
    self.weights = weights
    self.path = path
    self.slopes = slopes
  }

  /// Whether the clause holds at every point of the part.
  ///
  /// - Parameter clause: Positions of its atoms in the case.
  package func closes(
    _ clause: [Int], _ compiled: CompiledCase, _ base: PhaseBase, workspace: Workspace
  ) -> Bool {
    guard weights.count == clause.count, slopes.count == base.openNeurons.count - path.count,
      (weights + path.map(\.multiplier)).allSatisfy({ $0 >= 0 && $0.isFinite }),
      slopes.allSatisfy({ (0...1).contains($0) }), let objective = objective(clause, compiled)
    else { return false }
    var phases = ColumnPhases(neurons: compiled.neuronCount)
    for phase in path {
      phases.assume(
        neuron: phase.neuron, isActive: phase.isActive, column: 0, multiplier: phase.multiplier)
    }
    let split = Set(path.map(\.neuron))
    var values: [Double] = []
    var next = 0
    for neuron in base.openNeurons {
      let isSplit = split.contains(neuron)
      guard isSplit || next < slopes.count else { return false }
      values.append(isSplit ? 0 : slopes[next])
      if !isSplit { next += 1 }
    }
    let lines = ColumnLines(base, columns: 1)
    lines.set(0, slopes: values, bounds: nil)
    base.load(into: workspace, of: compiled)
    var pass = BackwardMatrix(compiled, workspace: workspace)
    pass.begin(at: compiled.outputInstruction, objectives: 1)
    for (element, coefficient) in objective { pass.set(0, element: element, to: coefficient) }
    pass.run(cell: base.cell, phases: phases, lines: lines)
    var limit = Interval(0)
    for (weight, atom) in zip(weights, clause) {
      let threshold = compiled.thresholds[atom]
      limit = limit + weight * (compiled.atoms[atom].comparison.boundsAbove ? -threshold : threshold)
    }
    let bound = pass.lowerBound(0)
    return bound.isFinite && limit.upper.isFinite && bound > limit.upper
  }

  /// The coefficient of each element in the weighted sum; nil where one is no double.
  private func objective(_ clause: [Int], _ compiled: CompiledCase) -> [Int: Double]? {
    var result: [Int: Double] = [:]
    for (weight, atom) in zip(weights, clause) {
      guard case .element(let element) = compiled.atoms[atom].quantity else { return nil }
      let term = compiled.atoms[atom].comparison.boundsAbove ? -weight : weight
      let known = result[element] ?? 0
      let sum = known + term
      // Knuth's error of a sum: zero exactly where the sum is.
      let rest = sum - known
      guard sum.isFinite, (known - (sum - rest)) + (term - rest) == 0 else { return nil }
      result[element] = sum
    }
    return result
  }

  // MARK: Bytes

  /// What `PhaseReader` takes the leaf from, after its code.
  package var bytes: [UInt8] {
    [PhaseReader.weightedLeaf]
      + (weights + path.map(\.multiplier) + slopes).flatMap { value in
        let bits = value.bitPattern
        return (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
      }
  }
}
