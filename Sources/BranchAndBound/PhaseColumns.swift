import LeafRules
import RigorousArithmetic
import VerificationProblem

/// Bounds parts of a cell with known phases, many at once, improves their multipliers and slopes, and looks for the neuron
/// to split.
struct PhaseColumns {
  struct Part: Sendable {
    var path: [(neuron: Int, isActive: Bool)]
    var multipliers: [Float]
    /// Slopes of the open neurons; empty for the usual ones.
    var slopes: [UInt8]
    /// Bounds of the open operands where the claim fails; nil for those of the cell.
    var bounds: PartBounds?
  }

  struct Result: Sendable {
    /// Bound minus threshold, positive where the atom is shown.
    var margin = -Double.infinity
    var isShown = false
    /// Whether the time was up before it was looked at.
    var isSkipped = false
    var multipliers: [Float] = []
    var slopes: [UInt8] = []
    /// The neurons whose lines cost the bound most, the costliest first.
    var candidates: [Int] = []
    /// Positions of the open neurons whose line above the bound rests on.
    var chords: [Int] = []
    /// How far the bound's linear function reaches over the cell.
    var reach = 0.0
    /// The neuron to split; -1 where none is left.
    var neuron = -1
    /// What its split gains, the mean of both halves.
    var gain = 0.0
    /// The point at which the bound is least.
    var point: [Double] = []
  }

  let compiled: CompiledCase
  let base: PhaseBase
  let rectifiers: [NeuronPlace?]
  let atom: Int

  /// Steps of ascent before a part is split.
  static let steps = 12

  /// Positions of the open neurons that may be of either sign on a part.
  func free(_ part: Part) -> [Int] {
    let known = Set(part.path.map(\.neuron))
    return base.openNeurons.indices.filter { position in
      guard !known.contains(base.openNeurons[position]) else { return false }
      return part.bounds.map { $0.lower[position] < 0 && $0.upper[position] > 0 } ?? true
    }
  }

  func slopes(of part: Part) -> [Double] {
    part.slopes.isEmpty
      ? base.openNeurons.map { base.usualSlope($0) } : part.slopes.map(PhaseNumbers.slope)
  }

  func phaseReaches(_ part: Part) -> [Double] {
    part.path.map { base.upper[$0.neuron] - base.lower[$0.neuron] }
  }

  /// Whether the atom holds at some point of the cell.
  var isWorthwhile: Bool { base.known[atom] != false }

  /// What is said of an atom that is not looked at.
  func skipped(_ part: Part) -> Result {
    var result = Result()
    result.multipliers = part.multipliers
    result.slopes = slopes(of: part).map(PhaseNumbers.byte)
    return result
  }

  func bound(_ parts: [Part], workspace: Workspace) -> [Result] {
    base.load(into: workspace, of: compiled)
    var results = parts.map { _ in Result() }
    let free = parts.map { self.free($0) }
    var climbers: [PhaseAscent] = []
    var phases = ColumnPhases(neurons: compiled.neuronCount)
    var pass = BackwardMatrix(compiled, workspace: workspace)
    let lines = ColumnLines(base, columns: parts.count)
    for (column, part) in parts.enumerated() {
      lines.set(column, slopes: slopes(of: part), bounds: part.bounds)
    }
    for step in 0..<PhaseColumns.steps {
      phases.removeAll()
      for (column, part) in parts.enumerated() {
        for (index, phase) in part.path.enumerated() {
          let multiplier =
            step == 0 ? part.multipliers[index] : PhaseNumbers.rounded(climbers[column].multipliers[index])
          phases.assume(
            neuron: phase.neuron, isActive: phase.isActive, column: column, multiplier: Double(multiplier))
        }
        guard step > 0, !results[column].isShown else { continue }
        for position in free[column] {
          lines.choose(
            PhaseNumbers.slope(PhaseNumbers.byte(climbers[column].slopes[position])),
            neuron: base.openNeurons[position], column: column)
        }
      }
      pass.begin(atom: atom, columns: parts.count)
      pass.run(cell: base.cell, phases: phases, lines: lines)
      let relaxed = RelaxedValues(pass, cell: base.cell, phases: phases, lines: lines)
      if step == 0 {
        climbers = parts.enumerated().map { column, part in
          PhaseAscent(
            weight: 1, multipliers: part.multipliers.map(Double.init), slopes: slopes(of: part),
            reach: pass.span(column), claimReach: nil, phaseReaches: phaseReaches(part))
        }
      }
      var isDone = true
      for (column, part) in parts.enumerated() where !results[column].isShown {
        let margin = margin(pass.lowerBound(column))
        if margin > results[column].margin || step == 0 {
          let rounded = climbers[column].rounded
          results[column].margin = margin
          results[column].multipliers = rounded.multipliers
          results[column].slopes = rounded.slopes
          results[column].reach = pass.span(column)
          results[column].isShown = pass.shows(atom: atom, column: column)
          if results[column].isShown { continue }
          findCandidates(&results[column], relaxed, free[column], column)
        }
        isDone = false
        climbers[column].climb(relaxed, column: column, gap: 0, part: part, free: free[column], self)
      }
      if isDone { break }
    }
    chooseNeurons(&results, parts, workspace: workspace)
    return results
  }

  /// A bound minus the atom's threshold.
  private func margin(_ bound: Double) -> Double {
    let threshold = compiled.thresholds[atom]
    return compiled.atoms[atom].comparison.boundsAbove ? bound + threshold.lower : bound - threshold.upper
  }

  /// Neurons that are tried before one is split.
  static let candidates = 8

  private func findCandidates(_ result: inout Result, _ relaxed: RelaxedValues, _ free: [Int], _ column: Int)
  {
    var costs: [(cost: Double, neuron: Int)] = []
    result.chords.removeAll(keepingCapacity: true)
    for position in free {
      let neuron = base.openNeurons[position]
      guard let place = rectifiers[neuron] else { continue }
      if relaxed.coefficient(place, column) < 0 { result.chords.append(position) }
      let cost = relaxed.cost(place, column)
      if cost > 0 { costs.append((cost, neuron)) }
    }
    costs.sort { $0.cost == $1.cost ? $0.neuron < $1.neuron : $0.cost > $1.cost }
    result.candidates = costs.prefix(PhaseColumns.candidates).map(\.neuron)
    result.point = relaxed.point(column)
  }

  /// Of each part's candidates the one whose split leaves the better worst half, by one pass without ascent.
  private func chooseNeurons(_ results: inout [Result], _ parts: [Part], workspace: Workspace) {
    var trials: [(part: Int, neuron: Int)] = []
    for (index, result) in results.enumerated() where !result.isShown {
      trials += result.candidates.map { (index, $0) }
    }
    guard !trials.isEmpty else { return }
    var best = [Double](repeating: -.infinity, count: parts.count)
    var phases = ColumnPhases(neurons: compiled.neuronCount)
    var pass = BackwardMatrix(compiled, workspace: workspace)
    let lines = ColumnLines(base, columns: 2 * Swift.min(trials.count, PhaseColumns.trialsAtOnce))
    var next = 0
    while next < trials.count {
      let chunk = trials[next..<Swift.min(next + PhaseColumns.trialsAtOnce, trials.count)]
      next += chunk.count
      phases.removeAll()
      var lastPart = -1
      for (position, trial) in chunk.enumerated() {
        let (result, part) = (results[trial.part], parts[trial.part])
        for column in [2 * position, 2 * position + 1] {
          for (index, phase) in part.path.enumerated() {
            phases.assume(
              neuron: phase.neuron, isActive: phase.isActive, column: column,
              multiplier: Double(result.multipliers[index]))
          }
          phases.assume(neuron: trial.neuron, isActive: column % 2 == 0, column: column, multiplier: 0)
          if trial.part == lastPart {
            lines.copy(column - 1, to: column)
          } else {
            lines.set(column, slopes: result.slopes.map(PhaseNumbers.slope), bounds: part.bounds)
            lastPart = trial.part
          }
        }
      }
      pass.begin(atom: atom, columns: 2 * chunk.count)
      pass.run(cell: base.cell, phases: phases, lines: lines)
      for (position, trial) in chunk.enumerated() {
        let reached = results[trial.part].margin
        let gains = [0, 1].map { margin(pass.lowerBound(2 * position + $0)) - reached }
        let score = Swift.min(gains[0], gains[1]) + 0.1 * Swift.max(gains[0], gains[1])
        if score > best[trial.part] {
          best[trial.part] = score
          results[trial.part].neuron = trial.neuron
          results[trial.part].gain = (Swift.min(gains[0], -reached) + Swift.min(gains[1], -reached)) / 2
        }
      }
    }
  }

  private static let trialsAtOnce = 32
}
