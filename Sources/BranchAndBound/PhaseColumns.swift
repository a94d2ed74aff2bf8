import LeafRules
import RigorousArithmetic
import VerificationProblem

/// Bounds parts of a cell with known phases, many at once, and improves their multipliers.
///
/// Subgradient ascent on the multipliers (Wang et al., Beta-CROWN, NeurIPS 2021) with Polyak's step towards the bound
/// that is asked for. Multipliers always have the few bits that evidence holds, so that what is shown here is shown to
/// the checker.
struct PhaseColumns {
  struct Part: Sendable {
    var path: [(neuron: Int, isActive: Bool)]
    var multipliers: [Float]
  }

  struct Result: Sendable {
    /// Bound minus threshold, positive where the atom is shown.
    var margin = -Double.infinity
    var isShown = false
    var multipliers: [Float] = []
    /// The neuron whose line costs the bound most, and what it costs; -1 where none is left.
    var neuron = -1
    var cost = 0.0
    /// The point at which the bound is least.
    var point: [Double] = []
  }

  let compiled: CompiledCase
  let base: PhaseBase
  let rectifiers: [NeuronPlace?]
  let atom: Int
  let slopes: [Double]

  /// Steps of ascent before a part is split.
  static let steps = 8

  func bound(_ parts: [Part], workspace: Workspace) -> [Result] {
    base.load(into: workspace, of: compiled)
    var results = parts.map { Result(multipliers: $0.multipliers) }
    var current = parts.map(\.multipliers)
    var phases = ColumnPhases(neurons: compiled.neuronCount)
    var pass = BackwardMatrix(compiled, workspace: workspace)
    let threshold = compiled.thresholds[atom]
    let isAbove = compiled.atoms[atom].comparison.boundsAbove
    slopes.withUnsafeBufferPointer { buffer in
      let chosen = slopes.isEmpty ? nil : buffer.baseAddress.map { ColumnSlopes(shared: $0) }
      for step in 0..<PhaseColumns.steps {
        phases.removeAll()
        for (column, part) in parts.enumerated() {
          for (index, phase) in part.path.enumerated() {
            phases.assume(
              neuron: phase.neuron, isActive: phase.isActive, column: column,
              multiplier: Double(current[column][index]))
          }
        }
        pass.begin(atom: atom, columns: parts.count)
        pass.run(cell: base.cell, phases: phases, slopes: chosen)
        let relaxed = RelaxedValues(pass, cell: base.cell, phases: phases, slopes: chosen)
        var isDone = true
        for (column, part) in parts.enumerated() where !results[column].isShown {
          let bound = pass.lowerBound(column)
          let margin = isAbove ? bound + threshold.lower : bound - threshold.upper
          if margin > results[column].margin || step == 0 {
            results[column].margin = margin
            results[column].multipliers = current[column]
            results[column].isShown = pass.shows(atom: atom, column: column)
            if results[column].isShown { continue }
            chooseNeuron(&results[column], relaxed, part, column)
          }
          isDone = false
          climb(&current[column], part, relaxed, column: column, margin: margin)
        }
        if isDone { break }
      }
    }
    return results
  }

  /// One step of ascent.
  private func climb(
    _ multipliers: inout [Float], _ part: Part, _ relaxed: RelaxedValues, column: Int, margin: Double
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
      if multipliers[index] == 0 && gradient < 0 || !gradient.isFinite { gradient = 0 }
      gradients.append(gradient)
      square += gradient * gradient
    }
    guard square > 0 else { return }
    let step = (1e-6 - margin * 1.1) / square
    for (index, gradient) in gradients.enumerated() {
      multipliers[index] = PhaseColumns.rounded(Double(multipliers[index]) + step * gradient)
    }
  }

  private func chooseNeuron(_ result: inout Result, _ relaxed: RelaxedValues, _ part: Part, _ column: Int) {
    result.neuron = -1
    result.cost = 0
    let known = Set(part.path.map(\.neuron))
    for neuron in base.openNeurons where !known.contains(neuron) {
      guard let place = rectifiers[neuron] else { continue }
      let cost = relaxed.cost(place, column)
      if cost > result.cost {
        result.cost = cost
        result.neuron = neuron
      }
    }
    result.point = relaxed.point(column)
  }

  /// The nearest multiplier whose single-precision bits end in sixteen zeros.
  private static func rounded(_ value: Double) -> Float {
    guard value > 0, value < 1e30 else { return 0 }
    return Float(bitPattern: (Float(value).bitPattern &+ 0x8000) & 0xffff_0000)
  }
}
