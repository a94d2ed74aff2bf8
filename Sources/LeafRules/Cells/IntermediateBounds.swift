import RigorousArithmetic
import TensorGraph
package import VerificationProblem

extension BackwardMatrix {
  /// Objectives that one pass takes on: enough for the kernel, few enough for the caches.
  static let refinedAtOnce = 64

  /// Tightens the recorded bounds of the operands of nonlinear operators, from the input on, each by linear bounds
  /// that rest on those before it.
  ///
  /// Theorem. The operands of the first operator keep the bounds that the propagation recorded. Given valid bounds of
  /// all operands before it, the pass encloses an operand's elements on the whole cell; so does the intersection with
  /// what was recorded. Elements on which the operator is linear anyway are left as they are.
  package mutating func refineOperands(on cell: Cell) {
    for instruction in compiled.instructions {
      let isOpen: (Double, Double) -> Bool
      switch instruction.kind {
      case .relu, .sign: isOpen = { $0 < 0 && $1 > 0 }
      case .clip(let clip):
        isOpen = { $0 < clip.lower && $1 > clip.lower || $0 < clip.upper && $1 > clip.upper }
      case .smooth, .softmax, .inverseRoot, .multiply: isOpen = { $0 < $1 }
      case .input, .constant, .linear, .sparse, .add, .scale, .divide, .concat: continue
      }
      refine(instruction.first, bounds: instruction.neuronOffset, on: cell, where: isOpen)
      switch instruction.kind {
      case .multiply:
        refine(
          instruction.second, bounds: instruction.neuronOffset + instruction.rows, on: cell, where: isOpen)
      case .softmax(let softmax): refineSoftmax(instruction, softmax, on: cell)
      case .inverseRoot(let normalization): refineInverseRoot(instruction, normalization, on: cell)
      default: break
      }
    }
  }

  /// Tightens the recorded bounds of one operand.
  private mutating func refine(
    _ operand: CompiledCase.Operand, bounds offset: Int, on cell: Cell,
    where isOpen: (Double, Double) -> Bool
  ) {
    guard !compiled.isAffine[operand.instruction] else { return }
    let lower = workspace.neuronLower + offset
    let upper = workspace.neuronUpper + offset
    let open = (0..<operand.rows).filter { isOpen(lower[$0], upper[$0]) }
    var next = 0
    while next < open.count {
      let rows = open[next..<Swift.min(next + BackwardMatrix.refinedAtOnce / 2, open.count)]
      next += rows.count
      begin(at: operand.instruction, elements: rows)
      run(cell: cell)
      for (position, row) in rows.enumerated() {
        let low = Swift.max(lower[row], lowerBound(2 * position))
        let high = Swift.min(upper[row], -lowerBound(2 * position + 1))
        guard low <= high else { continue }
        lower[row] = low
        upper[row] = high
      }
    }
  }
}

extension CompiledCase {
  /// The number of operators whose operands `refineOperands` tightens.
  package var nonlinearCount: Int {
    instructions.count { instruction in
      switch instruction.kind {
      case .relu, .sign, .clip, .smooth, .softmax, .inverseRoot, .multiply: true
      case .input, .constant, .linear, .sparse, .add, .scale, .divide, .concat: false
      }
    }
  }
}
