import LeafRules
import RigorousArithmetic
import VerificationProblem

/// Narrower bounds of a part's operands where the claim fails, found by ascent.
extension PhaseColumns {
  /// What a refinement found.
  struct Refined: Sendable {
    var bounds: PartBounds
    /// What they follow from; empty where nothing was found.
    var entries: [PhaseRefinement.Entry] = []
  }

  /// Steps of ascent for each bound.
  static let refinementSteps = 12
  /// A bound is kept where it takes at least this part of the operand's range away, or its sign.
  private static let leastPart = 0.01

  /// Passes that a refinement takes, in columns.
  func refinementCost(_ result: Result) -> Double {
    Double(2 * result.chords.count * (PhaseColumns.refinementSteps + 1))
  }

  /// Looks for narrower bounds of the operands whose chords a part's bound rests on.
  func refine(_ part: Part, from result: Result, workspace: Workspace) -> Refined {
    base.load(into: workspace, of: compiled)
    let known = part.bounds ?? PartBounds(base)
    var entries: [PhaseRefinement.Entry] = []
    let targets = result.chords.flatMap { [($0, false), ($0, true)] }
    let free = self.free(part)
    var next = 0
    while next < targets.count {
      let chunk = Array(targets[next..<Swift.min(next + PhaseRefinement.columns, targets.count)])
      next += chunk.count
      entries += climb(chunk, part, known, from: result, free: free, workspace)
    }
    guard !entries.isEmpty else { return Refined(bounds: known) }
    var refinement = PhaseRefinement(compiled, base, workspace: workspace, atom: atom)
    let bounds = refinement.refine(known, path: part.path, by: entries)
    return Refined(bounds: bounds, entries: entries)
  }

  /// The best numbers of each target that gains enough.
  private func climb(
    _ targets: [(position: Int, isUpper: Bool)], _ part: Part, _ known: PartBounds, from result: Result,
    free: [Int], _ workspace: Workspace
  ) -> [PhaseRefinement.Entry] {
    let slopes = result.slopes.map(PhaseNumbers.slope)
    let reaches = phaseReaches(part)
    var climbers = targets.map { target in
      let neuron = base.openNeurons[target.position]
      let reach = base.upper[neuron] - base.lower[neuron]
      // Half of what moves the objective as far as the operand reaches.
      let weight = result.reach > 0 ? Swift.min(1e30, 0.5 * reach / result.reach) : 0
      return PhaseAscent(
        weight: weight, multipliers: result.multipliers.map { weight * Double($0) }, slopes: slopes,
        reach: reach, claimReach: result.reach, phaseReaches: reaches)
    }
    var best: [(bound: Double, numbers: (weight: Float, multipliers: [Float], slopes: [UInt8]))?] =
      targets.map {
        _ in nil
      }
    let lines = ColumnLines(base, columns: targets.count)
    for column in targets.indices {
      if column == 0 {
        lines.set(0, slopes: slopes, bounds: known)
      } else {
        lines.copy(0, to: column)
      }
    }
    var phases = ColumnPhases(neurons: compiled.neuronCount)
    var pass = BackwardMatrix(compiled, workspace: workspace)
    for _ in 0..<PhaseColumns.refinementSteps {
      phases.removeAll()
      pass.begin(atom: atom, columns: targets.count)
      for (column, target) in targets.enumerated() {
        let weight = Double(PhaseNumbers.rounded(climbers[column].weight))
        pass.aim(atom: atom, column: column, weight: weight)
        phases.add(
          target.isUpper ? -1 : 1, operandOf: base.openNeurons[target.position], column: column)
        for (index, phase) in part.path.enumerated() {
          phases.assume(
            neuron: phase.neuron, isActive: phase.isActive, column: column,
            multiplier: Double(PhaseNumbers.rounded(climbers[column].multipliers[index])))
        }
        for position in free {
          lines.choose(
            PhaseNumbers.slope(PhaseNumbers.byte(climbers[column].slopes[position])),
            neuron: base.openNeurons[position], column: column)
        }
      }
      pass.run(cell: base.cell, phases: phases, lines: lines)
      let relaxed = RelaxedValues(pass, cell: base.cell, phases: phases, lines: lines)
      for column in targets.indices {
        let numbers = climbers[column].rounded
        let bound = pass.bound(column, atom: atom, weight: Double(numbers.weight))
        if bound > best[column]?.bound ?? -.infinity { best[column] = (bound, numbers) }
        climbers[column].climb(
          relaxed, column: column, gap: quantity(relaxed, column) - pass.limit(atom: atom), part: part,
          free: free, self)
      }
    }
    return targets.indices.compactMap { column in
      guard let found = best[column] else { return nil }
      let (bound, numbers) = (found.bound, found.numbers)
      let (position, isUpper) = targets[column]
      let (lower, upper) = (known.lower[position], known.upper[position])
      let gained = isUpper ? upper + bound : bound - lower
      let hasSign = isUpper ? -bound <= 0 : bound >= 0
      guard gained > PhaseColumns.leastPart * (upper - lower) || hasSign else { return nil }
      return PhaseRefinement.Entry(
        position: position, isUpper: isUpper, weight: Double(numbers.weight),
        multipliers: numbers.multipliers.map(Double.init), slopes: numbers.slopes.map(PhaseNumbers.slope))
    }
  }

  /// The atom's quantity, or its negative where it is bounded from above, as a column's lines have it.
  private func quantity(_ relaxed: RelaxedValues, _ column: Int) -> Double {
    guard case .element(let index) = compiled.atoms[atom].quantity else { return 0 }
    let value = relaxed.output(index, column)
    return compiled.atoms[atom].comparison.boundsAbove ? -value : value
  }

  /// What `PhaseRule` reads of a refinement by one of a clause's atoms.
  static func refinement(_ entries: [PhaseRefinement.Entry], atom: Int, atoms: Int) -> [UInt8] {
    [4] + (atoms > 1 ? [UInt8(truncatingIfNeeded: atom)] : []) + bytes(entries)
  }

  private static func bytes(_ entries: [PhaseRefinement.Entry]) -> [UInt8] {
    func pair(_ number: Int) -> [UInt8] {
      [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
    }
    var bytes = pair(entries.count)
    for entry in entries {
      bytes += pair(entry.position) + [entry.isUpper ? 1 : 0]
      for number in [entry.weight] + entry.multipliers { bytes += PhaseNumbers.bytes(Float(number)) }
      bytes += entry.slopes.map(PhaseNumbers.byte)
    }
    return bytes
  }
}
