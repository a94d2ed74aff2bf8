import LeafRules
import RigorousArithmetic

/// Chooses the slopes of rectifiers' lower lines with which an atom's bound on a whole cell is best.
///
/// Gradient ascent (Xu et al., Fast and Complete, ICLR 2021, section 3.2): the bound is concave in the slopes as long as
/// no coefficient changes its sign. Any slopes are sound; several runs with steps of their own go side by side.
struct SlopeChoice {
  let compiled: CompiledCase
  let base: PhaseBase
  let rectifiers: [NeuronPlace?]

  private static let runs = 8
  private static let steps = 24

  /// Slopes by neuron, each a multiple of 1/255; empty where the usual ones are no worse.
  func best(atom: Int, workspace: Workspace) -> [Double] {
    let runs = SlopeChoice.runs
    let neurons = base.openNeurons
    guard !neurons.isEmpty else { return [] }
    base.load(into: workspace, of: compiled)
    var pass = BackwardMatrix(compiled, workspace: workspace)
    pass.begin(atom: atom, columns: 1)
    pass.run(cell: base.cell)
    let usual = pass.lowerBound(0)
    var slopes = [Double](repeating: 0, count: compiled.neuronCount * runs)
    for neuron in neurons {
      let (low, high) = (base.lower[neuron], base.upper[neuron])
      for run in 0..<runs {
        slopes[neuron * runs + run] =
          run % 2 == 0 ? (high > -low ? 1 : 0) : SlopeChoice.rounded(high / (high - low))
      }
    }
    var best: (bound: Double, slopes: [Double]) = (usual, [])
    var squares = [Double](repeating: 0, count: slopes.count)
    for step in 0..<SlopeChoice.steps {
      pass.begin(atom: atom, columns: runs)
      slopes.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        let chosen = ColumnSlopes(start, stride: runs)
        pass.run(cell: base.cell, slopes: chosen)
      }
      for run in 0..<runs where pass.lowerBound(run) > best.bound {
        best = (pass.lowerBound(run), (0..<compiled.neuronCount).map { slopes[$0 * runs + run] })
      }
      guard step + 1 < SlopeChoice.steps else { break }
      let relaxed = slopes.withUnsafeBufferPointer { buffer in
        RelaxedValues(
          pass, cell: base.cell, phases: nil,
          slopes: buffer.baseAddress.map { ColumnSlopes($0, stride: runs) })
      }
      ascend(&slopes, &squares, relaxed, step: step)
    }
    return best.slopes
  }

  private func ascend(
    _ slopes: inout [Double], _ squares: inout [Double], _ relaxed: RelaxedValues, step: Int
  ) {
    let runs = SlopeChoice.runs
    let decay = 1 / (1 + 0.1 * Double(step))
    for run in 0..<runs {
      let rate = decay * [0.5, 0.25, 0.12, 0.06][run / 2]
      for neuron in base.openNeurons {
        guard let place = rectifiers[neuron] else { continue }
        let coefficient = relaxed.coefficient(place, run)
        guard coefficient > 0 else { continue }
        let gradient = coefficient * relaxed.operand(place, run)
        guard gradient.isFinite, gradient != 0 else { continue }
        let index = neuron * runs + run
        squares[index] = 0.9 * squares[index] + 0.1 * gradient * gradient
        slopes[index] = SlopeChoice.rounded(slopes[index] + rate * gradient / squares[index].squareRoot())
      }
    }
  }

  /// The nearest slope that a byte can say.
  static func rounded(_ slope: Double) -> Double {
    Double(byte(slope)) / 255
  }

  static func byte(_ slope: Double) -> UInt8 {
    UInt8(Swift.min(255, Swift.max(0, (slope * 255).rounded())))
  }
}
