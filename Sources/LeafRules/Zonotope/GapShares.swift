import Evidence
import RigorousArithmetic
import TensorGraph
package import VerificationProblem

/// What one nonlinear operator adds to the distance between a linear bound on a cell and the truth, as far as lines tell.
///
/// For explanations: nothing is concluded from these numbers.
package struct GapShare: Sendable {
  /// The operator's node in the graph.
  package let node: Int
  /// What each element adds: the magnitude of its coefficient times the distance of its lines in the middle of its
  /// operand's range.
  package var elements: [Double]
  /// The sum.
  package var total: Double { elements.reduce(0, +) }
}

extension CellEvaluator {
  /// The shares of all nonlinear operators in the gap of the atom that decides a claim on a cell; empty where its quantity
  /// is no element of the output or its bounds are not finite.
  package func gapShares(on cell: Cell) -> [GapShare] {
    guard let atom = claim(on: cell, rule: .linearBounds).critical else { return [] }
    let range = bounds(on: cell, rule: .linearBounds, decides: false)[atom].range
    guard case .element(let element) = compiled.atoms[atom].quantity, range.isFinite else { return [] }
    var pass = BackwardMatrix(compiled, workspace: workspace)
    pass.begin(at: compiled.outputInstruction, objectives: 1)
    pass.set(0, element: element, to: compiled.atoms[atom].comparison.boundsAbove ? -1 : 1)
    pass.run(cell: cell)
    var shares: [GapShare] = []
    for (index, instruction) in compiled.instructions.enumerated() where workspace.isSet[index] {
      let coefficients = pass.matrix(index)
      guard let first = lineGap(instruction, 0, pass) else { continue }
      let elements = (0..<instruction.rows).map { row in
        let gap = row == 0 ? first : lineGap(instruction, row, pass) ?? 0
        return coefficients[row * pass.stride].magnitude * Swift.max(0, gap)
      }
      shares.append(GapShare(node: compiled.nodePositions[index], elements: elements))
    }
    return shares
  }

  /// The distance of the lines of an element in the middle of its operand's range; nil for affine operators.
  private func lineGap(
    _ instruction: CompiledCase.Instruction, _ row: Int, _ pass: BackwardMatrix
  ) -> Double? {
    func range(_ offset: Int) -> (lower: Double, upper: Double) {
      let neuron = instruction.neuronOffset + offset + row
      return (workspace.neuronLower[neuron], workspace.neuronUpper[neuron])
    }
    func gap(_ lines: BackwardLines, _ range: (lower: Double, upper: Double)) -> Double {
      (lines.above.slope - lines.below.slope) * Cell.midpoint(range.lower, range.upper)
        + (lines.above.offset - lines.below.offset)
    }
    switch instruction.kind {
    case .input, .constant, .linear, .sparse, .add, .scale, .divide, .concat: return nil
    case .relu: return gap(BackwardLines(rectifier: range(0).lower, range(0).upper), range(0))
    case .sign: return gap(BackwardLines(sign: range(0).lower, range(0).upper), range(0))
    case .clip(let clip):
      let (lower, upper) = range(0)
      return gap(BackwardLines(clip: (clip.lower, clip.upper), lower: lower, upper: upper), range(0))
    case .smooth(let function):
      return gap(BackwardLines(function, lower: range(0).lower, upper: range(0).upper), range(0))
    case .softmax(let softmax):
      guard softmax.size > 1 else { return 0 }
      let own = row % softmax.size
      return pass.softmaxPlanes(instruction, softmax, row - own, own).gap
    case .inverseRoot(let normalization): return pass.deviationPlanes(instruction, normalization, row).gap
    case .multiply:
      let place = workspace.records + instruction.errorOffset + ProductLines.recordCount * row
      let lines = ProductLines.lines(
        recorded: ProductLines(reading: place), range(0), range(instruction.rows))
      return gap(lines.x, range(0)) + gap(lines.y, range(instruction.rows))
    }
  }
}
