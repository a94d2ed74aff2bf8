import LeafRules
import RigorousArithmetic
import VerificationProblem

/// Bounds parts of a cell with known phases, many at once, and improves their multipliers and slopes.
///
/// The bound is a concave function of the multipliers and, while no coefficient changes its sign, of the products of
/// slopes with coefficients (Wang et al., Beta-CROWN, NeurIPS 2021). It climbs by subgradients with Polyak's step towards
/// the bound that is asked for. What is evaluated has the few bits that evidence holds, so that what is shown here is
/// shown to the checker.
struct PhaseColumns {
  struct Part: Sendable {
    var path: [(neuron: Int, isActive: Bool)]
    var multipliers: [Float]
    /// Slopes of the open neurons; empty for the usual ones.
    var slopes: [UInt8]
  }

  struct Result: Sendable {
    /// Bound minus threshold, positive where the atom is shown.
    var margin = -Double.infinity
    var isShown = false
    var multipliers: [Float] = []
    var slopes: [UInt8] = []
    /// The neurons whose lines cost the bound most, the costliest first.
    var candidates: [Int] = []
    /// The neuron to split; -1 where none is left.
    var neuron = -1
    /// The point at which the bound is least.
    var point: [Double] = []
  }

  /// What climbs, with all its bits.
  private struct Climber {
    var multipliers: [Double]
    var slopes: [Double]
    var best = -Double.infinity
    var scale = 1.0
  }

  let compiled: CompiledCase
  let base: PhaseBase
  let rectifiers: [NeuronPlace?]
  let atom: Int

  /// Steps of ascent before a part is split.
  static let steps = 12

  func bound(_ parts: [Part], workspace: Workspace) -> [Result] {
    base.load(into: workspace, of: compiled)
    let usual = base.usualSlopes
    var results = parts.map { _ in Result() }
    var climbers = parts.map { part in
      Climber(
        multipliers: part.multipliers.map(Double.init),
        slopes: part.slopes.isEmpty
          ? base.openNeurons.map { usual[$0] } : part.slopes.map { Double($0) / 255 })
    }
    var phases = ColumnPhases(neurons: compiled.neuronCount)
    var pass = BackwardMatrix(compiled, workspace: workspace)
    let stride = parts.count
    var slopes = [Double](repeating: 0, count: compiled.neuronCount * stride)
    for step in 0..<PhaseColumns.steps {
      phases.removeAll()
      for (column, part) in parts.enumerated() {
        for (index, phase) in part.path.enumerated() {
          phases.assume(
            neuron: phase.neuron, isActive: phase.isActive, column: column,
            multiplier: Double(PhaseColumns.rounded(climbers[column].multipliers[index])))
        }
        for (position, neuron) in base.openNeurons.enumerated() {
          slopes[neuron * stride + column] =
            Double(PhaseColumns.byte(climbers[column].slopes[position])) / 255
        }
      }
      pass.begin(atom: atom, columns: parts.count)
      let relaxed = slopes.withUnsafeBufferPointer { buffer in
        let chosen = buffer.baseAddress.map { ColumnSlopes($0, stride: stride) }
        pass.run(cell: base.cell, phases: phases, slopes: chosen)
        return RelaxedValues(pass, cell: base.cell, phases: phases, slopes: chosen)
      }
      var isDone = true
      for (column, part) in parts.enumerated() where !results[column].isShown {
        let margin = margin(pass.lowerBound(column))
        if margin > results[column].margin || step == 0 {
          results[column].margin = margin
          results[column].multipliers = climbers[column].multipliers.map(PhaseColumns.rounded)
          results[column].slopes = climbers[column].slopes.map(PhaseColumns.byte)
          results[column].isShown = pass.shows(atom: atom, column: column)
          if results[column].isShown { continue }
          findCandidates(&results[column], relaxed, part, column)
        } else {
          climbers[column].scale *= 0.7
        }
        isDone = false
        climb(&climbers[column], part, relaxed, column: column, margin: margin)
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

  /// One step of ascent.
  ///
  /// A slope enters by its product with the coefficient of the neuron's value, which has the scale of a multiplier.
  private func climb(
    _ climber: inout Climber, _ part: Part, _ relaxed: RelaxedValues, column: Int, margin: Double
  ) {
    guard margin.isFinite else { return }
    var gradients: [Double] = []
    var square = 0.0
    for (index, phase) in part.path.enumerated() {
      var gradient = 0.0
      if let place = rectifiers[phase.neuron] {
        let value = relaxed.operand(place, column)
        gradient = phase.isActive ? -value : value
      }
      if climber.multipliers[index] == 0 && gradient < 0 || !gradient.isFinite { gradient = 0 }
      gradients.append(gradient)
      square += gradient * gradient
    }
    let known = Set(part.path.map(\.neuron))
    var moves: [(position: Int, coefficient: Double, gradient: Double)] = []
    for (position, neuron) in base.openNeurons.enumerated() where !known.contains(neuron) {
      guard let place = rectifiers[neuron] else { continue }
      let coefficient = relaxed.coefficient(place, column)
      guard coefficient > 0 else { continue }
      let gradient = relaxed.operand(place, column)
      let slope = climber.slopes[position]
      guard gradient.isFinite, gradient > 0 ? slope < 1 : slope > 0 else { continue }
      moves.append((position, coefficient, gradient))
      square += gradient * gradient
    }
    guard square > 0 else { return }
    let step = climber.scale * (1e-6 - margin) / square
    for (index, gradient) in gradients.enumerated() {
      climber.multipliers[index] = Swift.min(1e30, Swift.max(0, climber.multipliers[index] + step * gradient))
    }
    for move in moves {
      let slope = climber.slopes[move.position] + step * move.gradient / move.coefficient
      climber.slopes[move.position] = Swift.min(1, Swift.max(0, slope))
    }
  }

  /// Neurons that are tried before one is split.
  static let candidates = 8

  private func findCandidates(_ result: inout Result, _ relaxed: RelaxedValues, _ part: Part, _ column: Int) {
    let known = Set(part.path.map(\.neuron))
    var costs: [(cost: Double, neuron: Int)] = []
    for neuron in base.openNeurons where !known.contains(neuron) {
      guard let place = rectifiers[neuron] else { continue }
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
    var best = [Double](repeating: -.infinity, count: parts.count)
    var phases = ColumnPhases(neurons: compiled.neuronCount)
    var pass = BackwardMatrix(compiled, workspace: workspace)
    var next = 0
    while next < trials.count {
      let chunk = trials[next..<Swift.min(next + 32, trials.count)]
      next += chunk.count
      let stride = 2 * chunk.count
      var slopes = [Double](repeating: 0, count: compiled.neuronCount * stride)
      phases.removeAll()
      for (position, trial) in chunk.enumerated() {
        let result = results[trial.part]
        for column in [2 * position, 2 * position + 1] {
          for (index, phase) in parts[trial.part].path.enumerated() {
            phases.assume(
              neuron: phase.neuron, isActive: phase.isActive, column: column,
              multiplier: Double(result.multipliers[index]))
          }
          phases.assume(neuron: trial.neuron, isActive: column % 2 == 0, column: column, multiplier: 0)
          for (place, neuron) in base.openNeurons.enumerated() {
            slopes[neuron * stride + column] = Double(result.slopes[place]) / 255
          }
        }
      }
      pass.begin(atom: atom, columns: stride)
      slopes.withUnsafeBufferPointer { buffer in
        pass.run(
          cell: base.cell, phases: phases,
          slopes: buffer.baseAddress.map { ColumnSlopes($0, stride: stride) })
      }
      for (position, trial) in chunk.enumerated() {
        let reached = results[trial.part].margin
        let gains = [0, 1].map { margin(pass.lowerBound(2 * position + $0)) - reached }
        let score = Swift.min(gains[0], gains[1]) + 0.1 * Swift.max(gains[0], gains[1])
        if score > best[trial.part] {
          best[trial.part] = score
          results[trial.part].neuron = trial.neuron
        }
      }
    }
  }

  /// The nearest multiplier whose single-precision bits end in sixteen zeros.
  private static func rounded(_ value: Double) -> Float {
    guard value > 0, value < 1e30 else { return 0 }
    return Float(bitPattern: (Float(value).bitPattern &+ 0x8000) & 0xffff_0000)
  }

  /// The byte of the nearest slope that evidence can hold.
  static func byte(_ slope: Double) -> UInt8 {
    UInt8(Swift.min(255, Swift.max(0, (slope * 255).rounded())))
  }
}
